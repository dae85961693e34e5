//! A mistake in a body is shown in the body, and nowhere else.
use carafe::{get, routes};

#[get("/x/<n>")]
fn a(n: u32) -> String {
    n + 1
}

#[get("/y/<n>")]
async fn b(n: u32) -> String {
    n.len().to_string()
}

fn main() {
    let _ = routes![a, b];
}
