//! A whole API: `cargo run -p hello`, then `curl localhost:3000/hello/Ann`.

use carafe::{App, get, routes};

#[get("/")]
fn index() -> &'static str {
    "Hello World!"
}

#[get("/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello {name}!")
}

fn main() -> carafe::Result {
    carafe::run(App::new().routes(routes![index, hello]))
}
