use carafe::{FromRequest, Request, Result, post};

#[derive(serde::Deserialize)]
struct User(String);

impl FromRequest<'_> for User {
    async fn from_request(_: &Request) -> Result<Self> {
        Ok(User("the one who signed in".to_owned()))
    }
}

#[post("/posts?<user>")]
fn create(user: User) -> String {
    user.0
}

fn main() {}
