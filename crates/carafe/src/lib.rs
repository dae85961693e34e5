//! Bottle for Rust on AWS Lambda, behind an Application Load Balancer.
//!
//! A handler is a function. Where it answers stands in its attribute, what it needs in its arguments, what it answers
//! in its return type:
//!
//! ```
//! use carafe::{App, get, routes};
//!
//! #[get("/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello {name}!")
//! }
//!
//! # let app =
//! App::new().routes(routes![hello])
//! # ;
//! # assert_eq!(app.get("/hello/Ann").send().text(), "Hello Ann!");
//! ```
//!
//! - **Routes**: [`get`], [`post`], [`put`], [`patch`], [`delete`], [`head`], [`options`], [`any`], [`route`], listed
//!   with [`routes!`].
//! - **Arguments**: a piece of the path by its name; an extractor by its type ([`Json`], [`Form`], [`Query`],
//!   [`State`], [`Cookies`], [`Headers`], [`ClientIp`], [`Upload`], [`Bytes`], [`Context`], [`&Request`](Request),
//!   or your own [`FromRequest`]); anything else is a query parameter, or a form field on POST, PUT and PATCH.
//! - **Replies**: text is HTML, anything `Serialize` is JSON, bytes are bytes, `()` is 204, `None` is 404; [`Result`],
//!   tuples of [`Status`], [`Mime`] and [`Headers`], [`Html`], [`Plain`], [`Redirect`], [`File`], [`Response`].
//! - **Errors**: [`abort`], [`Error`], any `std::error::Error`, and [`catch`] for their looks.
//! - **The app**: [`App`] holds them together, [`run`] runs it, [`testing`] tests it.

mod app;
mod assembly;
mod error;
mod executor;
mod extract;
mod hooks;
mod layers;
mod lifecycle;
mod page;
mod private;
mod reply;
mod request;
mod response;
mod route;
mod run;
mod run_time;
mod shared;
pub mod testing;
mod value;

pub use app::App;
pub use bytes::Bytes;
pub use carafe_lambda::Context;
pub use carafe_macros::{any, catch, catchers, delete, get, head, options, patch, post, put, route, routes};
pub use error::{Error, Result, abort};
pub use extract::{ClientIp, Cookies, Form, FromRequest, Json, Query, State, Upload};
pub use hooks::BeforeReply;
pub use http::HeaderMap as Headers;
pub use http::StatusCode;
pub use http::StatusCode as Status;
pub use layers::Inner;
pub use mime::Mime;
pub use request::{Cookie, Jar, Request, SameSite};
#[cfg(feature = "templates")]
pub use response::Template;
pub use response::{File, Html, IntoResponse, Plain, Redirect, Response};
pub use route::{Catcher, Catchers, Origin, Route, Routes};
pub use run::{IntoApp, run};
pub use run_time::RunTimeReply;

#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}

/// The programs of the README and the guide are tests like all the others.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
#[doc = include_str!("../../../docs/guide/app.md")]
#[doc = include_str!("../../../docs/guide/arguments.md")]
#[doc = include_str!("../../../docs/guide/errors.md")]
#[doc = include_str!("../../../docs/guide/replies.md")]
#[doc = include_str!("../../../docs/guide/routes.md")]
#[doc = include_str!("../../../docs/guide/testing.md")]
mod documents {}
