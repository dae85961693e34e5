//! The work on the loop of `lambda_runtime`, with as little around it as its public interface allows: the event is read
//! borrowed, the answer is written by hand, nothing becomes an `http` type.

mod codec;

use std::borrow::Cow;

use codec::{Body, Event};
use lambda_runtime::{Error, LambdaEvent, Runtime, service_fn};
use serde_json::value::RawValue;
use work::{Found, Order, Post, Receipt};

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

fn filler(segment: &str) -> Option<usize> {
    segment.strip_prefix("resource")?.parse().ok().filter(|number| *number < work::FILLERS)
}

fn handle(event: &Event<'_>) -> Result<String, Error> {
    let segments: Vec<&str> = event.path.split('/').skip(1).collect();
    match (&*event.method, segments.as_slice()) {
        ("GET", ["hello", name]) => codec::answer(TEXT, Body::Text(&format!("Hello {name}!"))),
        ("GET", ["search"]) => {
            // Query parameters come as the client wrote them.
            let decoded: Vec<(Cow<'_, str>, Cow<'_, str>)> = event
                .query
                .pairs()
                .map(|(name, value)| (codec::decoded(name), codec::decoded(value)))
                .collect();
            let found = Found::from_pairs(decoded.iter().map(|(name, value)| (&**name, &**value)));
            codec::answer(JSON, Body::Text(&serde_json::to_string(&found)?))
        }
        ("POST", ["posts"]) => {
            let post: Post = serde_urlencoded::from_bytes(&event.bytes()?)?;
            codec::answer(JSON, Body::Text(&serde_json::to_string(&post.saved())?))
        }
        ("POST", ["orders"]) => {
            let order: Order = serde_json::from_slice(&event.bytes()?)?;
            codec::answer(JSON, Body::Text(&serde_json::to_string(&Receipt::from(order))?))
        }
        ("POST", ["sink"]) => codec::answer(TEXT, Body::Text(&event.bytes()?.len().to_string())),
        ("GET", ["big"]) => codec::answer(TEXT, Body::Text(work::big())),
        ("GET", ["bin"]) => codec::answer("application/octet-stream", Body::Bytes(work::bin())),
        ("GET", ["api", "v1", resource, id]) if filler(resource).is_some() => {
            codec::answer(TEXT, Body::Text(&format!("r{} {id}", filler(resource).unwrap_or_default())))
        }
        _ => Ok(r#"{"statusCode":404,"headers":{},"body":"","isBase64Encoded":false}"#.to_owned()),
    }
}

async fn invoke(invocation: LambdaEvent<Box<RawValue>>) -> Result<Box<RawValue>, Error> {
    let event = serde_json::from_str(invocation.payload.get())?;
    Ok(RawValue::from_string(handle(&event)?)?)
}

fn main() -> Result<(), Error> {
    let mut runtime = if work::on_one_thread() {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    runtime.enable_all().build()?.block_on(Runtime::new(service_fn(invoke)).run())
}
