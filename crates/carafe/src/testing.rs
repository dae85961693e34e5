//! Requests to an app in its own tests: no socket, no server, but all of the wire.
//!
//! [`App::test`](crate::App::test) makes a [`Client`]. Each of its requests becomes the event that a load balancer would
//! send, and each answer is read back from the JSON that it would get. With the feature `local`, which is on by default,
//! in a debug build, both go through the code of the local load balancer: what a load balancer refuses is refused here
//! with the same status, and [`Reply::refusal`] says why. A build without it checks only the answers.
//!
//! ```
//! use carafe::{App, get, post, routes};
//!
//! #[get("/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello {name}!")
//! }
//!
//! #[post("/posts")]
//! fn create(title: String) -> (carafe::StatusCode, String) {
//!     (carafe::StatusCode::CREATED, title)
//! }
//!
//! let client = App::new().routes(routes![hello, create]).test();
//! assert_eq!(client.get("/hello/Ann").send().text(), "Hello Ann!");
//! let reply = client.post("/posts").form(&[("title", "Hi")]).send();
//! assert_eq!((reply.status().as_u16(), reply.text()), (201, "Hi"));
//! ```

#[cfg(all(feature = "local", any(debug_assertions, feature = "local-release")))]
mod balancer;
#[cfg(not(all(feature = "local", any(debug_assertions, feature = "local-release"))))]
#[path = "testing/no_balancer.rs"]
mod balancer;
mod call;
mod client;
mod jar;
mod multipart;
mod reply;
mod sent;

pub use call::Call;
pub use client::Client;
pub use reply::Reply;
