//! The function: child processes that speak the Lambda Runtime API, one invocation at a time each.

mod environment;
mod extensions;
mod freezer;
mod group;
mod peer;
mod pool;
mod respond;
mod runtime_api;
mod stamp;
mod supervisor;

use std::time::Duration;

use bytes::Bytes;

pub(crate) use pool::Pool;

use crate::refusal::{Reason, Refusal};

/// The outcome of one invocation.
#[derive(Debug)]
pub(crate) struct Invoked {
    pub(crate) outcome: Result<Bytes, Failure>,
    /// The duration of the start, if a copy of the function had to be started.
    pub(crate) cold_start: Option<Duration>,
}

/// The reason why the function gave no answer.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// The command cannot be started.
    Start(String),
    /// It was started and never asked for an event.
    Init(String),
    /// It ended in the middle of an invocation.
    Exit(String),
    Timeout(Duration),
    /// It reported an error instead of an answer.
    Error {
        kind: String,
        message: String,
    },
    TooLarge(usize),
    /// It asked for the next event without having answered this one.
    NoAnswer,
    /// All copies were busy for too long.
    Busy(usize),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        let unhandled = |why: String| Refusal::bad_gateway(Reason::LambdaUnhandled, why);
        match failure {
            Failure::Start(why) => unhandled(format!("the function cannot be started: {why}")),
            Failure::Init(why) => unhandled(format!("the function did not get ready: {why}")),
            Failure::Exit(why) => unhandled(format!("the function {why} in the middle of the request")),
            Failure::Timeout(limit) => unhandled(format!(
                "the function took longer than its timeout of {} s and was ended",
                limit.as_secs_f32()
            )),
            Failure::Error { kind, message } => Refusal::function_error(&kind, &message),
            Failure::NoAnswer => {
                unhandled("the function asked for the next event without answering this one".to_owned())
            }
            Failure::TooLarge(length) => Refusal::bad_gateway(
                Reason::LambdaResponseTooLarge,
                format!("the answer has {length} bytes, more than Lambda itself takes (6 MB)"),
            ),
            Failure::Busy(most) => Refusal::bad_gateway(
                Reason::LambdaThrottling,
                format!("all {most} copies of the function stayed busy (see --max-concurrency)"),
            ),
        }
    }
}
