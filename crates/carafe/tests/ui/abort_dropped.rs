//! An error that nobody returns.
#![deny(unused_must_use)]
use carafe::{Error, StatusCode, abort, get, routes};

#[get("/")]
fn index() -> &'static str {
    abort(401, "Sign in first");
    Error::new(StatusCode::UNAUTHORIZED, "Sign in first");
    "hi"
}

fn main() {
    let _ = routes![index];
}
