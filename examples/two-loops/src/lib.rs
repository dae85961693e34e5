//! A program that runs on both run loops, and inside `lambda_http`: the `main`s differ in one line.

use std::sync::Mutex;

use carafe::{After, App, Json, State, StatusCode, get, post, routes};
use serde::{Deserialize, Serialize};

/// A line in the guest book.
#[derive(Clone, Deserialize, Serialize)]
struct Entry {
    name: String,
    text: String,
}

/// The guest book, and how often somebody was told of a new line.
#[derive(Default)]
struct Book {
    entries: Mutex<Vec<Entry>>,
    told: Mutex<u32>,
}

#[get("/")]
fn index() -> &'static str {
    "<h1>Guest book</h1><form method=post action=/entries><input name=name><input name=text><button>Sign</button></form>"
}

#[get("/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello {name}!")
}

#[get("/entries")]
fn entries(book: State<Book>) -> Vec<Entry> {
    book.entries.lock().map(|entries| entries.clone()).unwrap_or_default()
}

#[post("/entries")]
fn sign(name: String, text: String, book: State<Book>, after: After) -> (StatusCode, Json<Entry>) {
    let entry = Entry { name, text };
    if let Ok(mut entries) = book.entries.lock() {
        entries.push(entry.clone());
    }
    // A mail, really: the client does not wait for it.
    after.spawn(async move {
        if let Ok(mut told) = book.told.lock() {
            *told += 1;
        }
    });
    (StatusCode::CREATED, Json(entry))
}

#[get("/told")]
fn told(book: State<Book>) -> u32 {
    book.told.lock().map(|told| *told).unwrap_or_default()
}

/// Makes the app.
pub async fn app() -> carafe::Result<App> {
    Ok(App::new().state(Book::default()).routes(routes![index, hello, entries, sign, told]))
}
