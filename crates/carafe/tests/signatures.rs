//! Every signature that the documentation promises for routes, arguments and replies, each answered through an app.
#![expect(clippy::panic, reason = "a handler that panics is a test")]

#[path = "signatures/arguments.rs"]
mod arguments;
#[path = "signatures/around.rs"]
mod around;
#[path = "signatures/replies.rs"]
mod replies;
#[path = "signatures/replies_table.rs"]
mod replies_table;
#[path = "signatures/routes.rs"]
mod routes;
// Compares with a load balancer, which the test client has with `local` only.
#[cfg(all(unix, feature = "local"))]
#[path = "signatures/run_loop.rs"]
mod run_loop;

/// Status, content type and body.
fn seen(reply: &carafe::testing::Reply) -> (u16, String, String) {
    let kind = reply.header("content-type").unwrap_or_default();
    (reply.status().as_u16(), kind.to_owned(), reply.text().to_owned())
}
