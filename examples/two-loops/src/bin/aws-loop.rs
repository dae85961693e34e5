//! On AWS's run loop: `cargo run -p two-loops --bin aws-loop`.

fn main() -> carafe::Result {
    carafe::lambda_http::run(two_loops::app)
}
