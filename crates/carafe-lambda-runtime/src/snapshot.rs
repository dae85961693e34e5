//! The hooks of a service around the snapshot of SnapStart, as AWS's loop takes them.

use std::fmt;
use std::sync::Arc;

use carafe_lambda::run_loop::{after_restore, before_snapshot};
use carafe_lambda::{Error, Service};
use lambda_runtime::{BoxFuture, SnapStartResource};

/// The hooks of a service.
pub(crate) struct Hooks<S>(pub(crate) Arc<S>);

impl<S: Service> SnapStartResource for Hooks<S> {
    fn before_snapshot(&self) -> BoxFuture<'_, Result<(), lambda_runtime::Error>> {
        Box::pin(async {
            let done = before_snapshot(&*self.0).await;
            done.map_err(|failure| HookFailed(Error::Init(failure.message)).into())
        })
    }

    fn after_restore(&self) -> BoxFuture<'_, Result<(), lambda_runtime::Error>> {
        Box::pin(async {
            let done = after_restore(&*self.0).await;
            done.map_err(|failure| HookFailed(Error::Restore(failure.message)).into())
        })
    }
}

/// The failure of a hook, which the loop reports to Lambda, and then ends with. It has been logged.
#[derive(Debug)]
pub(crate) struct HookFailed(pub(crate) Error);

/// Writes what Lambda is told.
impl fmt::Display for HookFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Error::Init(message) | Error::Restore(message) => f.write_str(message),
            other => other.fmt(f),
        }
    }
}

impl std::error::Error for HookFailed {}
