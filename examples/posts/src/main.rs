//! Posts over HTTPS: `cargo run -p posts` keeps them in memory, `--features dynamodb` in Amazon DynamoDB. The folder `static` is
//! deployed with the program.

fn main() -> carafe::Result {
    carafe::run(posts::app)
}
