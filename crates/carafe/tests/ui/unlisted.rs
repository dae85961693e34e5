//! A handler and a catcher that no list names: one message each, about the function.
#![deny(dead_code)]
use carafe::{catch, get, routes};

#[get("/")]
fn index() -> &'static str {
    "hi"
}

#[get("/forgotten/<id>")]
fn forgotten(id: u32) -> String {
    id.to_string()
}

#[catch(404)]
fn lost() -> &'static str {
    "lost"
}

fn main() {
    let _ = routes![index];
}
