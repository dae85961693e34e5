//! A type that is validated with a context, which an argument does not have.

use carafe::garde::{self, Validate};
use carafe::{Form, Json, Result, post};
use serde::Deserialize;

struct Limits {
    longest: usize,
}

#[derive(Deserialize, Validate)]
#[garde(context(Limits))]
struct Post {
    #[garde(custom(short))]
    title: String,
}

fn short(title: &str, limits: &Limits) -> garde::Result {
    if title.len() > limits.longest { Err(garde::Error::new("too long")) } else { Ok(()) }
}

#[post("/json")]
fn json(post: Json<Post>) -> String {
    post.0.title
}

#[post("/pattern")]
fn pattern(Json(post): Json<Post>) -> String {
    post.title
}

#[post("/form")]
fn form(post: Result<Option<Form<Post>>>) -> Result<Option<String>> {
    Ok(post?.map(|post| post.0.title))
}

#[post("/argument")]
fn argument(post: Post) -> String {
    post.title
}

fn main() {}
