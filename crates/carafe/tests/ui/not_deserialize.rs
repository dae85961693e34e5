//! Extractors that read a type which serde cannot read.
use carafe::{Form, Json, Query, get, post, routes};

struct Post {
    title: String,
}

#[post("/json")]
fn json(post: Json<Post>) -> String {
    post.0.title
}

#[post("/form")]
fn form(post: Form<Post>) -> String {
    post.0.title
}

#[get("/query")]
fn query(post: Query<Post>) -> String {
    post.0.title
}

#[post("/taken-apart")]
fn taken_apart(Json(post): Json<Post>) -> String {
    post.title
}

fn main() {
    let _ = routes![json, form, query, taken_apart];
}
