//! A request that cannot be read.

use super::error::EventError;
use super::parts::Parts;
use crate::context::Context;

/// The error, and what can be told of the request: for its answer and its log line.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(super) error: EventError,
    /// The method as it was written, which need not be one.
    pub(super) method: Option<String>,
    pub(super) has_path: bool,
    /// All that is readable: GET where there is no method, `/` without a path, and no body.
    pub(super) parts: Parts,
}

/// The facts about an unreadable event that the answer and the log line need.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) error: EventError,
    pub(crate) method: Option<String>,
    pub(crate) has_path: bool,
}

impl Unreadable {
    /// Makes an error of which nothing else is known.
    pub(super) fn new(error: EventError) -> Box<Unreadable> {
        let parts = Parts { source: error.event_source(), ..Parts::default() };
        Box::new(Unreadable { error, method: None, has_path: false, parts })
    }

    pub(super) fn with_context(mut self: Box<Self>, context: Context) -> Box<Unreadable> {
        self.parts.context = context;
        self
    }
}
