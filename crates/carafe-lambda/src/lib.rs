//! carafe's Lambda runtime: event decoding, response encoding, Runtime API loop.
//!
//! [`respond`] turns the payload of one invocation into the document that answers it; [`run`] does so for every
//! invocation. `docs/alb.md` lists what a load balancer sends and accepts; the comments here cite its sections.

mod answer;
mod base64;
mod context;
mod document;
mod environment;
mod error;
mod error_page;
mod event;
mod event_source;
mod failure;
mod invocation;
pub mod json;
mod log;
mod malloc;
pub mod negotiate;
mod options;
mod panics;
pub mod percent;
mod reason;
mod runtime;
mod text_arena;

pub use answer::Answer;
pub use context::Context;
pub use environment::on_lambda;
pub use error::Error;
pub use error_page::{ErrorDocument, ErrorSettings, FieldError, error_page};
pub use event::{Event, EventBuilder, EventError};
pub use event_source::{EventSource, HeaderMode};
pub use failure::{Failure, FailureKind};
pub use invocation::{Service, fits, respond};
pub use options::Options;
pub use panics::{caught, caught_sync};
pub use runtime::run;
