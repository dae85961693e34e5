//! The JSON API: everybody may read, and who may log in may write, by name and password.

use carafe::{Basic, Cors, Json, Result, Routes, State, get, post, routes};
use garde::Validate;
use serde::Deserialize;

use crate::listing::Listing;
use crate::store::{Draft, Picture, Post, Store};
use crate::users::Users;
use crate::validation;

#[derive(Deserialize, Validate)]
struct NewPost {
    #[garde(custom(validation::text(80)))]
    title: String,
    #[garde(custom(validation::text(5_000)))]
    body: String,
}

#[get("/posts")]
async fn list(q: Option<String>, page: Option<usize>, store: State<Store>) -> Result<Listing> {
    Listing::of(&store, q, page).await
}

#[get("/posts/<id>")]
async fn read(id: u64, store: State<Store>) -> Result<Option<Post>> {
    store.get(id).await
}

#[post("/posts")]
async fn create(Json(new): Json<NewPost>, login: Basic, store: State<Store>) -> Result<Post> {
    store.add(Draft { title: new.title, body: new.body, picture: Picture::AsItIs }, login.user()).await
}

/// Scripts of the origins may call it. CORS is outside of the guard: a browser asks first, without a password.
pub(crate) fn routes(users: Users, origins: &[String]) -> Routes {
    let guard = Basic::guard(move |login| users.know(login.user(), login.password()));
    routes![list, read]
        .routes(routes![create].around(guard))
        .around(Cors::origins(origins.iter().map(String::as_str)))
}
