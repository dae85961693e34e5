//! The facts about one request that its log line contains.

use std::time::Duration;

use crate::failure::Failure;

/// The content of the line of a request.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) method: Option<&'a str>,
    pub(crate) route: Option<&'a str>,
    pub(crate) path: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) bytes_in: usize,
    pub(crate) bytes_out: usize,
    pub(crate) request_id: &'a str,
    /// The load balancer's trace id.
    pub(crate) trace_id: Option<&'a str>,
    /// Lambda's own trace id.
    pub(crate) xray_trace_id: Option<&'a str>,
    pub(crate) cold_start: bool,
    pub(crate) health_check: bool,
    pub(crate) failure: Option<&'a Failure>,
}

/// The content of the line of an event that is no HTTP request.
#[derive(Debug)]
pub(crate) struct EventEntry<'a> {
    pub(crate) took: Duration,
    pub(crate) bytes_in: usize,
    pub(crate) bytes_out: usize,
    pub(crate) request_id: &'a str,
    /// Lambda's own trace id.
    pub(crate) xray_trace_id: Option<&'a str>,
    pub(crate) cold_start: bool,
    pub(crate) failure: Option<&'a Failure>,
}
