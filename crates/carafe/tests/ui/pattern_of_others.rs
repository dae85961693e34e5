use carafe::{get, routes};

#[get("/users/{id}")]
fn braces(id: u32) {
    let _ = id;
}

#[get("/users/:id")]
fn colon(id: u32) {
    let _ = id;
}

#[get("/files/*")]
fn star() {}

fn main() {
    let _ = routes![braces, colon, star];
}
