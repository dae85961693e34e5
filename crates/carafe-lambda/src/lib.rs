//! The wire of carafe: Lambda events to requests, answers back, and the run loop.
//!
//! [`respond`] turns the bytes of one event into the bytes of its answer; [`run`] does so for every invocation. What a
//! load balancer sends and accepts stands in `docs/alb.md`, to which the comments here point.

mod answer;
mod base64;
mod context;
mod encode;
mod error;
mod event;
mod json;
mod log;
mod memory;
mod options;
mod panics;
mod request;
mod respond;
mod run;
mod source;
mod store;

pub use answer::{Answer, Failure, error_document};
pub use context::Context;
pub use error::Error;
pub use event::EventError;
pub use options::Options;
pub use request::{Request, RequestBuilder};
pub use respond::{Service, respond};
pub use run::{on_lambda, run};
pub use source::{HeaderMode, Source};
