//! carafe's Lambda runtime: event decoding, response encoding, Runtime API loop.
//!
//! [`respond`] turns the payload of one invocation into the document that answers it; [`run`] does so for every
//! invocation. `docs/alb.md` lists what a load balancer sends and accepts; the comments here cite its sections.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod after;
mod answer;
mod apart;
mod arrival;
mod base64;
mod context;
mod deadline;
mod document;
mod environment;
mod error;
mod error_page;
mod event;
mod event_source;
mod extension;
mod failure;
mod function;
mod http1;
mod invocation;
pub mod json;
mod log;
mod malloc;
pub mod negotiate;
mod options;
mod other_events;
mod outcome;
mod oversize;
mod panics;
pub mod percent;
mod reason;
mod runtime;
mod sigterm;
mod snapshot_hooks;
mod text_arena;

pub use after::After;
pub use answer::Answer;
pub use context::Context;
pub use environment::on_lambda;
pub use error::Error;
pub use error_page::{ErrorDocument, ErrorSettings, FieldError, error_page};
pub use event::{Event, EventBuilder, EventError};
pub use event_source::{EventSource, HeaderMode};
pub use failure::{Failure, FailureKind};
pub use function::Function;
pub use invocation::{Service, fits, respond};
pub use options::Options;
pub use other_events::OtherEvents;
pub use outcome::Outcome;
pub use oversize::Oversize;
pub use panics::{caught, caught_sync};
pub use runtime::run;
pub use snapshot_hooks::SnapshotHooks;

/// The parts of a run loop, for one that is not this crate's: AWS's, in `carafe-lambda-runtime`.
pub mod run_loop {
    pub use crate::runtime::parts::{Ending, Start, after_restore, before_snapshot, ended};
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
