//! The API of the `posts` example. It lives in a library so that its tests can call it without a server.

pub mod store;

use carafe::{App, Folder, Result, State, StatusCode, abort, delete, get, post, routes};
use serde::Serialize;

use store::{Post, Store};

#[get("/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello {name}!")
}

/// The answer of a health check.
#[derive(Debug, Serialize)]
pub struct Health {
    /// Which check was asked for.
    pub check: String,
    /// Whether all is well; a check that fails answers an error instead.
    pub ok: bool,
}

/// The target group's health check: set its path to `/internal/health`.
#[get("/internal/<check>")]
fn internal(check: String) -> Health {
    Health { check, ok: true }
}

/// For a link or an address bar: title in the path, text in the query. Everything else should use the form.
#[get("/create_post/<title>")]
async fn create_by_link(title: String, body: String, store: State<Store>) -> Result<(StatusCode, Post)> {
    create(title, body, &store).await
}

#[post("/create_post")]
async fn create_by_form(title: String, body: String, store: State<Store>) -> Result<(StatusCode, Post)> {
    create(title, body, &store).await
}

#[get("/posts")]
async fn list(store: State<Store>) -> Result<Vec<Post>> {
    store.list().await
}

#[get("/posts/<id>")]
async fn read(id: u64, store: State<Store>) -> Result<Post> {
    store.get(id).await?.ok_or_else(|| abort(404, format!("No post {id}")))
}

#[delete("/posts/<id>")]
async fn remove(id: u64, store: State<Store>) -> Result<()> {
    if store.delete(id).await? { Ok(()) } else { Err(abort(404, format!("No post {id}"))) }
}

async fn create(title: String, body: String, store: &Store) -> Result<(StatusCode, Post)> {
    if title.trim().is_empty() {
        return Err(abort(400, "A post needs a title"));
    }
    Ok((StatusCode::CREATED, store.add(title, body).await?))
}

/// Opens the store and puts the API together.
///
/// # Errors
///
/// The store cannot be opened: the variable `POSTS_TABLE` is missing with the feature `dynamodb`, or set without it.
pub async fn app() -> Result<App> {
    let store = Store::open().await?;
    Ok(App::new().state(store).files("/static", Folder::new("static")).routes(routes![
        hello,
        internal,
        create_by_link,
        create_by_form,
        list,
        read,
        remove
    ]))
}
