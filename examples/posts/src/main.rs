//! Posts over HTTPS: `cargo run -p posts` keeps them in memory, `--features dynamodb` in Amazon DynamoDB.

fn main() -> carafe::Result {
    carafe::run(posts::app)
}
