//! The work on `lambda_http` alone, routed by hand.

use lambda_http::{Body, Error, Request, RequestExt, Response, service_fn};
use work::{Found, Order, Post, Receipt};

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

fn reply(kind: &str, body: impl Into<Body>) -> Result<Response<Body>, Error> {
    Ok(Response::builder().header("content-type", kind).body(body.into())?)
}

fn filler(segment: &str) -> Option<usize> {
    segment.strip_prefix("resource")?.parse().ok().filter(|number| *number < work::FILLERS)
}

async fn handle(request: Request) -> Result<Response<Body>, Error> {
    let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    match (request.method().as_str(), segments.as_slice()) {
        ("GET", ["hello", name]) => reply(TEXT, format!("Hello {name}!")),
        ("GET", ["search"]) => {
            let pairs = request.query_string_parameters();
            reply(JSON, serde_json::to_string(&Found::from_pairs(pairs.iter()))?)
        }
        ("POST", ["posts"]) => {
            let post: Post = serde_urlencoded::from_bytes(request.body())?;
            reply(JSON, serde_json::to_string(&post.saved())?)
        }
        ("POST", ["orders"]) => {
            let order: Order = serde_json::from_slice(request.body())?;
            reply(JSON, serde_json::to_string(&Receipt::from(order))?)
        }
        ("POST", ["sink"]) => reply(TEXT, request.body().len().to_string()),
        ("GET", ["big"]) => reply(TEXT, work::big()),
        ("GET", ["bin"]) => reply("application/octet-stream", work::bin()),
        ("GET", ["api", "v1", resource, id]) => match filler(resource) {
            Some(number) => reply(TEXT, format!("r{number} {id}")),
            None => not_found(),
        },
        _ => not_found(),
    }
}

fn not_found() -> Result<Response<Body>, Error> {
    Ok(Response::builder().status(404).body(Body::Empty)?)
}

fn main() -> Result<(), Error> {
    let mut runtime = if work::on_one_thread() {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    runtime.enable_all().build()?.block_on(lambda_http::run(service_fn(handle)))
}
