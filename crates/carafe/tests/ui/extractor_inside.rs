//! An extractor that is not the argument itself: it is never read from a parameter.
use std::sync::Arc;

use carafe::{FromRequest, Request, Result, get, routes};

#[derive(serde::Deserialize)]
struct User {
    name: String,
}

impl FromRequest<'_> for User {
    async fn from_request(_: &Request) -> Result<Self> {
        Ok(User { name: "Ann".to_owned() })
    }
}

#[get("/option")]
fn option(user: Option<User>) -> String {
    user.map_or(String::new(), |user| user.name)
}

#[get("/list")]
fn list(users: Vec<User>) -> String {
    users.into_iter().map(|user| user.name).collect()
}

#[get("/box")]
fn boxed(user: Box<User>) -> String {
    user.name
}

#[get("/deep")]
fn deep(users: Option<Arc<User>>) -> String {
    users.map_or(String::new(), |user| user.name.clone())
}

fn main() {
    let _ = routes![option, list, boxed, deep];
}
