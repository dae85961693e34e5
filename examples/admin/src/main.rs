//! Posts with pictures, and pages to keep them: `cargo run -p admin -- serve --max-concurrency 1`, or with `--features dynamodb`.

fn main() -> carafe::Result {
    carafe::run(admin::start)
}
