//! What Lambda says about one invocation.

use std::time::{Duration, SystemTime};

/// What Lambda says about one invocation, beside the event itself.
///
/// ```
/// use carafe_lambda::Context;
///
/// let context = Context::new("8476a536-e9f4-11e8-9739-2dfe598c3fcd");
/// assert_eq!(context.request_id, "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
/// assert_eq!(context.remaining(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// Lambda's id of this invocation.
    pub request_id: String,
    /// When Lambda kills the function, if there is such a limit.
    pub deadline: Option<SystemTime>,
    /// The ARN that was invoked, version or alias included; empty outside Lambda.
    pub invoked_function_arn: String,
    /// Lambda's own X-Ray trace header. It is not the load balancer's `x-amzn-trace-id`, which is in the
    /// request's headers (`docs/alb.md` §6).
    pub trace_id: Option<String>,
    /// The tenant, where the function isolates tenants.
    pub tenant_id: Option<String>,
}

impl Context {
    /// A context with nothing but a request id, as tests and other servers have it.
    pub fn new(request_id: impl Into<String>) -> Context {
        Context { request_id: request_id.into(), ..Context::default() }
    }

    /// Time left until the deadline, zero when it has passed, `None` without one.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.duration_since(SystemTime::now()).unwrap_or_default())
    }
}
