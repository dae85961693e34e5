//! On carafe's own run loop: `cargo run -p two-loops`.

fn main() -> carafe::Result {
    carafe::run(two_loops::app)
}
