use carafe::{get, post, route, routes};

#[get]
fn nothing() {}

#[get()]
fn empty() {}

#[get(users)]
fn no_quotes() {}

#[post("/x", "/y")]
fn two_paths() {}

#[get(GET, "/x")]
fn method_in_get() {}

fn main() {
    let _ = routes![nothing, empty, no_quotes, two_paths, method_in_get, no_method];
}

#[route("/x")]
fn no_method() {}
