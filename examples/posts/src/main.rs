//! Posts over HTTPS: `cargo run` in this folder keeps them in memory, `--features dynamodb` in Amazon DynamoDB. The folder
//! `static` is deployed with the program.

fn main() -> carafe::Result {
    carafe::run(posts::app)
}
