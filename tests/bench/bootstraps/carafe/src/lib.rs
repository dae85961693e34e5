//! The work on carafe: all the routes.

mod fillers;

use carafe::{App, Bytes, Form, Json, Plain, get, post, routes};
use work::{Found, Order, Post, Receipt};

#[get("/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello {name}!")
}

#[get("/search")]
fn search(q: String, page: Option<u32>, tag: Vec<String>) -> Found {
    Found { q, page: page.unwrap_or(1), tag }
}

#[post("/posts")]
fn posts(post: Form<Post>) -> Post {
    post.0.saved()
}

#[post("/orders")]
fn orders(order: Json<Order>) -> Receipt {
    order.0.into()
}

#[post("/sink")]
fn sink(body: Bytes) -> Plain<String> {
    Plain(body.len().to_string())
}

#[get("/big")]
fn big() -> Plain<&'static str> {
    Plain(work::big())
}

#[get("/bin")]
fn bin() -> Bytes {
    Bytes::from_static(work::bin())
}

/// The seven routes that are asked for and those that are not.
pub fn app() -> App {
    App::new().routes(fillers::all()).routes(routes![hello, search, posts, orders, sink, big, bin])
}
