//! `examples/hello` on AWS's run loop.

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
    carafe::lambda_http::run(App::new().routes(routes![index, hello]))
}
