//! A number is no status: it could be any number.
use carafe::{Result, abort, get, routes};

#[get("/text")]
fn text() -> Result<String, (u16, &'static str)> {
    Err((404, "No such post"))
}

#[get("/owned")]
async fn owned() -> Result<Option<String>, (u16, String)> {
    Err((409, "taken".to_owned()))
}

#[derive(serde::Serialize)]
struct Problem {
    why: &'static str,
}

#[get("/data")]
fn data() -> Result<String, (i32, Problem)> {
    Err((409, Problem { why: "taken" }))
}

#[get("/meant")]
fn meant() -> Result<String> {
    Err(abort(404, "No such post"))
}

fn main() {
    let _ = routes![text, owned, data, meant];
}
