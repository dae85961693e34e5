//! The start and the end of the run loop.

mod api;
mod ending;
pub(crate) mod parts;
mod worker;

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use crate::environment::Environment;
use crate::error::Error;
use crate::failure::{Failure, FailureKind};
use crate::invocation::Service;
use crate::log::{self, Level};
use crate::options::Options;
use crate::panics;
use api::Api;

/// Answers invocations until Lambda ends the process.
///
/// `init` makes the service and its options; on failure, reports an init error to Lambda and returns it so `main` can exit
/// non-zero. Everything runs on this thread, unless Lambda asks for concurrency (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda
/// Managed Instances): then each worker has a thread of its own, and this one drives sockets, timers and spawned tasks.
/// With SnapStart the snapshot is taken after `init` and [`Service::before_snapshot`]. SIGTERM ends the loop with `Ok` once current invocations are answered.
///
/// # Errors
/// The environment is not Lambda's, `init` failed, or the Runtime API failed. The log has the error too.
pub fn run<S, F, E>(init: F) -> Result<(), Error>
where
    S: Service,
    F: Future<Output = Result<(S, Options), E>>,
    E: Display,
{
    panics::install_hook();
    parts::ended(start_and_serve(init))
}

fn start_and_serve<S, F, E>(init: F) -> Result<(), Error>
where
    S: Service,
    F: Future<Output = Result<(S, Options), E>>,
    E: Display,
{
    let environment = Environment::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Threads for the workers, in addition to tokio's usual number for blocking work.
        .max_blocking_threads(BLOCKING_THREADS.saturating_add(environment.concurrency))
        .build()
        .map_err(|error| Error::Runtime(error.to_string()))?;
    let serving = runtime.block_on(async {
        let mut api = Api::new(&environment);
        let (service, options) = match start(init).await {
            Ok((service, options)) => (Arc::new(service), options),
            Err(failure) => return Err(not_started(&mut api, failure).await),
        };
        if let Some(registration) = options.registration {
            registration.make(&environment).await;
        }
        if environment.snapshot {
            snapshot(&*service, &mut api).await?;
        }
        worker::serve(service, api, &environment, options).await
    });
    // Does not wait for handlers that block other threads.
    runtime.shutdown_background();
    serving
}

/// Lets Lambda take a snapshot, and returns in a process that is restored from it.
async fn snapshot<S: Service>(service: &S, api: &mut Api) -> Result<(), Error> {
    if let Err(failure) = parts::before_snapshot(service).await {
        api.init_error(&failure).await;
        return Err(Error::Init(failure.message));
    }
    if let Err(problem) = api.restored().await {
        return Err(not_started(api, Failure::new(FailureKind::Init, problem)).await);
    }
    if let Err(failure) = parts::after_restore(service).await {
        api.restore_error(&failure).await;
        return Err(Error::Restore(failure.message));
    }
    Ok(())
}

/// tokio's own default.
const BLOCKING_THREADS: usize = 512;

async fn not_started(api: &mut Api, failure: Failure) -> Error {
    log::failure(Level::Error, &failure, None);
    api.init_error(&failure).await;
    Error::Init(failure.message)
}

/// Makes the service, or the failure of its initialization.
async fn start<S, E: Display>(init: impl Future<Output = Result<S, E>>) -> Result<S, Failure> {
    panics::caught(init).await?.map_err(|error| Failure::new(FailureKind::Init, error.to_string()))
}
