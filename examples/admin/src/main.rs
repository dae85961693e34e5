//! Posts with pictures, and pages to keep them: `cargo run -p admin -- serve --max-concurrency 1` has them in memory,
//! `--features dynamodb` in Amazon DynamoDB.

fn main() -> carafe::Result {
    carafe::run(admin::start)
}
