//! Data can be an error only with a status.
use carafe::{StatusCode, get, routes};

#[derive(serde::Serialize)]
struct Problem {
    why: &'static str,
}

#[get("/bare")]
fn bare() -> Result<String, Problem> {
    Err(Problem { why: "taken" })
}

#[get("/meant")]
fn meant() -> Result<String, (StatusCode, Problem)> {
    Err((StatusCode::CONFLICT, Problem { why: "taken" }))
}

fn main() {
    let _ = routes![bare, meant];
}
