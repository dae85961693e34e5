//! The metadata of one invocation.

use std::time::{Duration, SystemTime};

use crate::function::Function;

/// The metadata that Lambda sends with an invocation.
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
    /// The time at which Lambda kills the function, if there is such a limit.
    pub deadline: Option<SystemTime>,
    /// The ARN that was invoked, version or alias included; empty outside Lambda.
    pub invoked_function_arn: String,
    /// Lambda's own X-Ray trace header. It is not the load balancer's `x-amzn-trace-id`, which is in the
    /// request's headers (`docs/runtime.md`).
    pub trace_id: Option<String>,
    /// The tenant, where the function isolates tenants.
    pub tenant_id: Option<String>,
}

/// Returns the time until so long before a deadline.
pub(crate) fn time_before(deadline: SystemTime, margin: Duration) -> Duration {
    deadline.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(margin)
}

impl Context {
    /// Makes a context with a request id only, for tests and other servers.
    pub fn new(request_id: impl Into<String>) -> Context {
        Context { request_id: request_id.into(), ..Context::default() }
    }

    /// Returns what Lambda tells about the function: name, version, memory, log group and stream.
    pub fn function(&self) -> &'static Function {
        Function::get()
    }

    /// Returns the time left until the deadline, zero when it has passed, `None` without one.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.duration_since(SystemTime::now()).unwrap_or_default())
    }
}
