//! `examples/hello` as one would write it on axum.

use axum::Router;
use axum::extract::Path;
use axum::response::Html;
use axum::routing::get;

async fn index() -> Html<&'static str> {
    Html("Hello World!")
}

async fn hello(Path(name): Path<String>) -> String {
    format!("Hello {name}!")
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::run(Router::new().route("/", get(index)).route("/hello/{name}", get(hello))).await
}
