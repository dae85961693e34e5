//! Every form that the documentation promises for routes, arguments and replies, each answered through an app.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a handler that panics is a test, and helpers of tests may"
)]

#[path = "forms/arguments.rs"]
mod arguments;
#[path = "forms/around.rs"]
mod around;
#[path = "forms/replies.rs"]
mod replies;
#[path = "forms/replies_table.rs"]
mod replies_table;
#[path = "forms/routes.rs"]
mod routes;
#[cfg(unix)]
#[path = "forms/run_loop.rs"]
mod run_loop;

/// Status, content type and body.
fn seen(reply: &carafe::testing::Reply) -> (u16, String, String) {
    let kind = reply.header("content-type").unwrap_or_default();
    (reply.status().as_u16(), kind.to_owned(), reply.text().to_owned())
}
