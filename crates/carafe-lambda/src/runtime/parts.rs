//! The parts of the run loop that a loop of another crate needs as well.

use std::fmt::Display;
use std::future::Future;

use super::api::Api;
use crate::environment::Environment;
use crate::error::Error;
use crate::failure::{Failure, FailureKind};
use crate::invocation::Service;
use crate::log::{self, Level};
use crate::options::Options;
use crate::panics;

pub use super::ending::Ending;

/// The start of a function, up to the first event.
///
/// ```
/// use carafe_lambda::run_loop::Start;
///
/// // Outside Lambda there is nothing to read.
/// assert!(Start::read().is_err());
/// ```
#[derive(Debug)]
pub struct Start(Environment);

impl Start {
    /// Reads Lambda's environment variables, and has panics logged as one line from now on.
    ///
    /// # Errors
    /// A variable is missing or cannot be read.
    pub fn read() -> Result<Start, Error> {
        panics::install_hook();
        Environment::read().map(Start)
    }

    /// Makes the service, and registers the function as an extension where its options say so. A failure is logged and
    /// reported to Lambda as an init error.
    ///
    /// # Errors
    /// `init` failed or panicked.
    pub async fn service<S, E>(
        &self,
        init: impl Future<Output = Result<(S, Options), E>>,
    ) -> Result<(S, Options), Error>
    where
        S: Service,
        E: Display,
    {
        let (service, options) = match super::start(init).await {
            Ok(started) => started,
            Err(failure) => return Err(super::not_started(&mut Api::new(&self.0), failure).await),
        };
        if let Some(registration) = options.registration {
            registration.make(&self.0).await;
        }
        Ok((service, options))
    }
}

/// Runs the hook of a service before a snapshot.
///
/// # Errors
/// It failed or panicked. That has been logged.
pub async fn before_snapshot<S: Service>(service: &S) -> Result<(), Failure> {
    hook(FailureKind::Init, service.before_snapshot()).await
}

/// Runs the hook of a service after the process was restored from a snapshot.
///
/// # Errors
/// It failed or panicked. That has been logged.
pub async fn after_restore<S: Service>(service: &S) -> Result<(), Failure> {
    hook(FailureKind::Restore, service.after_restore()).await
}

async fn hook(kind: FailureKind, work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    panics::caught(work).await.and_then(|done| done).map_err(|failure| {
        let failure = Failure { kind, ..failure };
        log::failure(Level::Error, &failure, None);
        failure
    })
}

/// Logs the reason why a run loop could not start or had to stop, unless that has been done, and returns it.
pub fn ended(outcome: Result<(), Error>) -> Result<(), Error> {
    if let Err(error @ (Error::Environment { .. } | Error::Runtime(_))) = &outcome {
        log::failure(Level::Error, &Failure::new(FailureKind::Runtime, error.to_string()), None);
    }
    outcome
}
