use carafe::{StatusCode, get, routes};

struct Opaque;

#[get("/a")]
fn plain() -> Opaque {
    Opaque
}

#[get("/b")]
fn nested() -> Result<Option<Opaque>, std::fmt::Error> {
    Ok(None)
}

#[get("/c")]
async fn failing() -> Result<String, Opaque> {
    Err(Opaque)
}

#[get("/d")]
fn list() -> Vec<Opaque> {
    vec![]
}

#[get("/e")]
fn with_status() -> (StatusCode, Opaque) {
    (StatusCode::OK, Opaque)
}

fn main() {
    let _ = routes![plain, nested, failing, list, with_status];
}
