//! In a tuple the value comes last.
use carafe::{Headers, StatusCode, get, routes};

#[get("/status")]
fn status() -> (String, StatusCode) {
    ("made".to_owned(), StatusCode::CREATED)
}

#[get("/all")]
fn all() -> (StatusCode, String, Headers) {
    (StatusCode::CREATED, "made".to_owned(), Headers::new())
}

#[get("/err")]
fn failing() -> Result<String, (String, StatusCode)> {
    Err(("taken".to_owned(), StatusCode::CONFLICT))
}

fn main() {
    let _ = routes![status, all, failing];
}
