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

#[get("/files/<path..>")]
fn dots(path: std::path::PathBuf) {
    let _ = path;
}

#[get("/<int:id>")]
fn filter_first(id: u32) {
    let _ = id;
}

fn main() {
    let _ = routes![braces, colon, star, dots, filter_first];
}
