//! What several topics need.

use std::panic::{AssertUnwindSafe, catch_unwind};

use web::testing::Reply;
use web::{App, Middleware, Next, Request, Response, ResponseExt as _, Result};

/// Leaves its name in the header `x-met` of what it lets through.
pub(crate) struct Met(pub(crate) &'static str);

impl Middleware for Met {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        let mut response = next.run(request).await;
        add_met(&mut response, self.0);
        Ok(response)
    }
}

/// Adds a name to those that were met. One header: a target group without multi-value headers passes the last of several.
pub(crate) fn add_met(response: &mut Response, name: &str) {
    let before = response.headers().get("x-met").map(|names| format!("{} ", names.to_str().unwrap()));
    let names = before.unwrap_or_default() + name;
    response.headers_mut().insert("x-met", names.try_into().unwrap());
}

/// Returns who was met, innermost first.
pub(crate) fn met(reply: &Reply) -> String {
    reply.header("x-met").unwrap_or_default().to_owned()
}

/// Returns status and text.
pub(crate) fn told(reply: &Reply) -> (u16, &str) {
    (reply.status().as_u16(), reply.text())
}

/// Returns the faults of a 400: name, place, expected and got.
pub(crate) fn faults(reply: &Reply) -> Vec<[String; 4]> {
    let document: serde_json::Value = reply.json();
    let faults = document["errors"].as_array().unwrap_or_else(|| panic!("{document}"));
    let word = |fault: &serde_json::Value, name: &str| fault[name].as_str().unwrap_or("-").to_owned();
    let words = |fault| ["name", "place", "expected", "got"].map(|name| word(fault, name));
    faults.iter().map(words).collect()
}

/// Returns the names of the faults of a 400.
pub(crate) fn faulty(reply: &Reply) -> Vec<String> {
    faults(reply).into_iter().map(|[name, ..]| name).collect()
}

/// Returns what the log says about a request that fails: an invocation that fails says the same.
pub(crate) fn logged(app: App, target: &str) -> String {
    let client = app.fail_invocation(true).test();
    let panic = match catch_unwind(AssertUnwindSafe(|| client.get(target).send())) {
        Ok(reply) => panic!("nothing is logged: {reply:?}"),
        Err(panic) => panic,
    };
    panic.downcast::<String>().unwrap().strip_prefix("no answer: ").unwrap().to_owned()
}

/// Writes the error that a response answers into the header `x-error`.
pub(crate) async fn note_error(request: &Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    let told =
        response.error().map_or("none".to_owned(), |error| format!("{} {error}", error.status().as_u16()));
    response.headers_mut().insert("x-error", told.try_into().unwrap());
    response
}

/// Sends a request to an app as another server does.
pub(crate) async fn served(app: App, request: web::http::Request<web::Body>) -> Response {
    let mut service = app.into_service().unwrap();
    tower_service::Service::call(&mut service, request).await.unwrap()
}

/// Makes a request without headers and without a body.
pub(crate) fn asked(method: &str, target: &str) -> web::http::Request<web::Body> {
    web::http::Request::builder().method(method).uri(target).body(web::Body::empty()).unwrap()
}
