//! carafe's codec on AWS's run loop, the crate [`lambda_runtime`].
//!
//! [`run`] is to that loop what [`carafe_lambda::run`] is to carafe's own: the events come in as the bytes that Lambda sent,
//! and the answers go out as the bytes that the codec wrote. `docs/runtime.md` says what differs.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod carry;
mod environment;
mod invocations;
mod run_loop;
mod sigterm;
mod snapshot;
mod threads;

pub use invocations::{Invocations, Layers};
pub use lambda_runtime;
pub use run_loop::{Builder, run};
