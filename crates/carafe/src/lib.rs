//! Bottle for Rust on AWS Lambda, behind an Application Load Balancer.
//!
//! A handler is a function. Its attribute says where it answers, its arguments what it needs, its return type what it
//! answers:
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
//! # assert_eq!(app.test().get("/hello/Ann").send().text(), "Hello Ann!");
//! ```
//!
//! - **Routes**: [`get`], [`post`], [`put`], [`patch`], [`delete`], [`head`], [`options`], [`any`], [`route`], listed
//!   with [`routes!`].
//! - **Arguments**: a piece of the path by its name; an extractor by its type ([`Json`], [`Form`], [`Query`],
//!   [`State`], [`Cookies`], [`Basic`], [`Headers`], [`ClientIp`], [`Upload`], [`Bytes`], [`Context`], [`After`],
//!   [`&Request`](Request), or your own [`FromRequest`]); anything else is a query parameter, or a form field on POST, PUT
//!   and PATCH.
//! - **Replies**: text is HTML, anything `Serialize` is JSON, bytes are bytes, `()` is 204, `None` is 404; [`Result`],
//!   tuples of [`StatusCode`], [`Mime`] and [`Headers`], [`Html`], [`Plain`], [`Redirect`], [`File`], [`Response`],
//!   your own [`Responder`].
//! - **Errors**: [`abort`], [`Error`], any `std::error::Error`, and [`catch`] for their looks; [`Error::show`] and
//!   [`FilledForm`] for forms that are shown again.
//! - **Logins**: `Session`, `Flash`, `SignedCookies`, `LoggedIn` and `LoginRequired`, with the feature `sessions`; `Signer` for
//!   links that only this app can make.
//! - **Buckets**: `Bucket`, `DirectUpload`, `Uploaded`, `BucketLink`, with the feature `s3`.
//! - **Middleware**: [`Middleware`] around the app or a group of [`Routes`]; tower layers; [`Feature`] for parts that
//!   belong together.
//! - **Settings**: [`settings()`] fills a struct from the environment, a [`Secret`] in it is never printed.
//! - **The app**: [`App`] holds them together, [`run`] runs it, [`testing`] tests it. With the feature `lambda_http`,
//!   `lambda_http::run` runs it on AWS's run loop.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod __macro;
mod after;
mod app;
mod argument;
mod basic;
mod blocking;
mod body;
mod build;
mod catcher;
mod context;
mod cookies;
mod cors;
mod csrf;
mod error;
mod events;
mod files;
mod folder;
mod form;
#[cfg(feature = "gzip")]
mod gzip;
mod json;
#[cfg(feature = "lambda_http")]
pub mod lambda_http;
mod link;
pub mod middleware;
mod mount;
mod oversize;
mod panics;
mod pipeline;
mod query;
mod request;
mod request_id;
mod response;
mod returned;
mod route;
mod routes;
mod run;
#[cfg(feature = "s3")]
mod s3;
mod secret;
mod security_headers;
#[cfg(feature = "sessions")]
mod sessions;
mod settings;
mod snapshots;
#[cfg(feature = "templates")]
mod templates;
pub mod testing;
mod timeout;
mod tower;
mod uploads;
mod vary;
mod web_origin;

pub use bytes;
#[cfg(feature = "garde")]
pub use garde;
pub use http;
pub use mime;

pub use after::{After, WorkOutput};
#[cfg(feature = "sessions")]
pub use app::Variable;
pub use app::{App, Feature};
pub use argument::{ClientIp, FromRequest, OptionalFromRequest, Requirements, State};
pub use basic::{Basic, BasicGuard};
pub use body::Body;
pub use build::Problems;
pub use bytes::Bytes;
pub use carafe_lambda::{Context, Function};
pub use carafe_macros::{any, catch, delete, get, head, options, patch, post, put, route};
pub use catcher::{Catcher, Catchers};
pub use cookies::{Cookie, Cookies, SameSite};
pub use cors::Cors;
pub use csrf::Csrf;
pub use error::{Error, Fault, Result, abort};
pub use events::{EventFunction, EventOutput};
pub use files::File;
pub use folder::Folder;
pub use form::{FilledForm, Form};
#[cfg(feature = "gzip")]
pub use gzip::Gzip;
pub use http::HeaderMap as Headers;
pub use http::StatusCode;
pub use json::Json;
pub use link::Link;
pub use middleware::{Middleware, Next};
pub use mime::Mime;
pub use query::Query;
pub use request::Request;
pub use request_id::RequestId;
pub use response::{Html, IntoText, Plain, Redirect, Responder, Response, ResponseExt, Target};
pub use route::{CsrfOff, Endpoint, Origin, Route};
pub use routes::Routes;
pub use run::{IntoApp, run};
#[cfg(feature = "s3")]
pub use s3::{Bucket, BucketCredentials, BucketLink, DirectUpload, NewUpload, UploadForm, Uploaded};
pub use secret::Secret;
pub use security_headers::SecurityHeaders;
#[cfg(feature = "sessions")]
pub use sessions::{
    EncryptedCookies, Flash, FlashMessage, LoggedIn, LoginRequired, MemoryStore, Session, SessionStore,
    SignedCookies, Signer,
};
pub use settings::settings;
pub use snapshots::SnapshotHook;
#[cfg(feature = "templates")]
pub use templates::Template;
pub use timeout::{TimedOut, Timeout};
pub use tower::Service;
pub use uploads::{FileKind, KB, MB, Upload};

#[doc(hidden)]
pub mod __private {
    pub use crate::__macro::*;
}

/// Lists the routes of the named functions, in this order.
///
/// Two functions that answer the same requests are a compile error that names both.
///
/// ```
/// use carafe::{App, get, routes};
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Hello World!"
/// }
///
/// let app = App::new().routes(routes![index]);
/// ```
#[macro_export]
macro_rules! routes {
    ($($names:tt)*) => {
        $crate::__private::functions_with_an_attribute_such_as_get!($crate; $($names)*)
    };
}

/// Lists the catchers of the named functions.
///
/// Two functions that answer for the same status are a compile error that names both.
///
/// ```
/// use carafe::{App, catch, catchers};
///
/// #[catch(404)]
/// fn lost() -> &'static str {
///     "Nothing here"
/// }
///
/// let app = App::new().catch(catchers![lost]);
/// ```
#[macro_export]
macro_rules! catchers {
    ($($names:tt)*) => {
        $crate::__private::functions_with_an_attribute_such_as_catch!($crate; $($names)*)
    };
}

/// Builds a folder that lies beside `Cargo.toml` into the program, for [`App::files`], so that there is nothing else to deploy.
///
/// Files that begin with a dot stay out, but `.well-known` does not. What gets shorter by it is also there compressed with gzip. A
/// build with debug assertions reads the folder where it still is, so that a change shows at once.
///
/// ```
/// use carafe::{App, embed};
///
/// let client = App::new().files("/static", embed!("tests/static")).test();
/// assert_eq!(client.get("/static/app.css").send().text(), "p { color: red }\n");
/// ```
///
/// A file that no load balancer would take is a compile error: its answer is at most 1 MB, in which binary files have 750 KB.
/// One that only its compressed form fits into is sent to clients that take gzip, and 406 to all others. Function URLs and API
/// Gateway take 6 MB: `embed!("static", limit = "6 MB")`. `gzip = off` leaves the compressed forms out, as for templates.
///
/// The compiler notices when a file changes. That one is added it notices by a `build.rs` of one line:
///
/// ```no_run
/// // in `fn main`
/// println!("cargo::rerun-if-changed=static");
/// ```
#[cfg(feature = "embed")]
#[macro_export]
macro_rules! embed {
    ($($folder:tt)*) => {
        $crate::__private::embed!($crate; $($folder)*)
    };
}
