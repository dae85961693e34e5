//! The work on axum and `lambda_http`: what people write for a load balancer today.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Form, Path, Query};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use work::{Found, Order, Post, Receipt};

async fn hello(Path(name): Path<String>) -> String {
    format!("Hello {name}!")
}

async fn search(Query(pairs): Query<Vec<(String, String)>>) -> Json<Found> {
    Json(Found::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

async fn posts(Form(post): Form<Post>) -> Json<Post> {
    Json(post.saved())
}

async fn orders(Json(order): Json<Order>) -> Json<Receipt> {
    Json(order.into())
}

async fn sink(body: Bytes) -> String {
    body.len().to_string()
}

async fn big() -> &'static str {
    work::big()
}

async fn bin() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/octet-stream")], work::bin())
}

fn app() -> Router {
    let mut app = Router::new();
    for number in 0..work::FILLERS {
        let filler = move |Path(id): Path<String>| async move { format!("r{number} {id}") };
        app = app.route(&format!("/api/v1/resource{number}/{{id}}"), get(filler));
    }
    app.route("/hello/{name}", get(hello))
        .route("/search", get(search))
        .route("/posts", post(posts))
        .route("/orders", post(orders))
        .route("/sink", post(sink))
        .route("/big", get(big))
        .route("/bin", get(bin))
        // The default would refuse the large body.
        .layer(DefaultBodyLimit::max(6_000_000))
}

fn main() -> Result<(), lambda_http::Error> {
    let mut runtime = if work::on_one_thread() {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    runtime.enable_all().build()?.block_on(lambda_http::run(app()))
}
