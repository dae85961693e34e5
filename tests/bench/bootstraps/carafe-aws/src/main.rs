//! The work on carafe, on AWS's run loop.

fn main() -> carafe::Result {
    carafe::lambda_http::run(on_carafe::app())
}
