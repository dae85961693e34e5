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
        let (service, options) = match start(init).await {
            Ok(started) => started,
            Err(failure) => return Err(not_started(&mut Api::new(&self.0), failure).await),
        };
        if let Some(registration) = options.registration {
            registration.make(&self.0).await;
        }
        Ok((service, options))
    }
}

/// Runs the hook of a service before a snapshot, if it has one.
///
/// ```
/// use carafe_lambda::{Answer, Event, Service, SnapshotHooks, run_loop};
///
/// struct Hooked(SnapshotHooks);
///
/// impl Service for Hooked {
///     async fn call(&self, _: Event) -> Answer {
///         Answer::default()
///     }
///
///     fn snapshot_hooks(&self) -> Option<&SnapshotHooks> {
///         Some(&self.0)
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let hooks = SnapshotHooks::new(|| Box::pin(async { Ok(()) }), || Box::pin(async { Ok(()) }));
/// assert!(run_loop::before_snapshot(&Hooked(hooks)).await.is_ok());
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// It failed or panicked. That has been logged.
pub async fn before_snapshot<S: Service>(service: &S) -> Result<(), Failure> {
    match service.snapshot_hooks() {
        Some(hooks) => logged(hooks.before_snapshot().await),
        None => Ok(()),
    }
}

/// Runs the hook of a service after the process was restored from a snapshot, if it has one.
///
/// ```
/// use carafe_lambda::{Answer, Event, Failure, FailureKind, Service, SnapshotHooks, run_loop};
///
/// struct Hooked(SnapshotHooks);
///
/// impl Service for Hooked {
///     async fn call(&self, _: Event) -> Answer {
///         Answer::default()
///     }
///
///     fn snapshot_hooks(&self) -> Option<&SnapshotHooks> {
///         Some(&self.0)
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let hooks = SnapshotHooks::new(
///     || Box::pin(async { Ok(()) }),
///     || Box::pin(async { Err(Failure::new(FailureKind::Error, "the database is away")) }),
/// );
/// let failure = run_loop::after_restore(&Hooked(hooks)).await.unwrap_err();
/// assert_eq!(failure.message, "the database is away");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// It failed or panicked. That has been logged.
pub async fn after_restore<S: Service>(service: &S) -> Result<(), Failure> {
    match service.snapshot_hooks() {
        Some(hooks) => logged(hooks.after_restore().await),
        None => Ok(()),
    }
}

fn logged(done: Result<(), Failure>) -> Result<(), Failure> {
    if let Err(failure) = &done {
        log::failure(Level::Error, failure, None);
    }
    done
}

/// Logs and reports that the function cannot start, or not go on after its snapshot was restored.
pub(super) async fn not_started(api: &mut Api, failure: Failure) -> Error {
    log::failure(Level::Error, &failure, None);
    api.not_started(&failure).await;
    match failure.kind {
        FailureKind::Restore => Error::Restore(failure.message),
        _ => Error::Init(failure.message),
    }
}

/// Makes the service, or the failure of its initialization.
pub(super) async fn start<S, E: Display>(init: impl Future<Output = Result<S, E>>) -> Result<S, Failure> {
    panics::caught(init).await?.map_err(|error| Failure::new(FailureKind::Init, error.to_string()))
}

/// Logs the reason why a run loop could not start or had to stop, unless that has been done, and returns it.
///
/// ```
/// use carafe_lambda::Error;
/// use carafe_lambda::run_loop::ended;
///
/// let lost = Error::Runtime("the connection was closed".to_owned());
/// assert!(ended(Err(lost)).is_err());
/// ```
pub fn ended(outcome: Result<(), Error>) -> Result<(), Error> {
    if let Err(error @ (Error::Environment { .. } | Error::Runtime(_))) = &outcome {
        log::failure(Level::Error, &Failure::new(FailureKind::Runtime, error.to_string()), None);
    }
    outcome
}
