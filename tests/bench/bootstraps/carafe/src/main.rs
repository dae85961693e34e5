//! The work on carafe.

fn main() -> carafe::Result {
    carafe::run(on_carafe::app())
}
