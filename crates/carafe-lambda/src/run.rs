//! From `main` to the run loop, and out of it again.

mod api;
mod connection;
mod environment;
mod slot;

use std::fmt::Display;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use crate::answer::Failure;
use crate::error::Error;
use crate::log::{self, Level};
use crate::options::Options;
use crate::panics;
use crate::respond::Service;
use api::Api;
use environment::Environment;

/// Whether this process was started by Lambda, or by something that speaks its Runtime API.
pub fn on_lambda() -> bool {
    environment::endpoint().is_some()
}

/// Answers invocations until Lambda ends the process.
///
/// `init` makes the service and says what it chose; if it fails, Lambda is told so and the error comes back, for `main` to exit non-zero.
/// Everything runs on this thread, unless Lambda asks for concurrency (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda Managed
/// Instances): then each invocation has a thread of its own, and what it waits for is done on this one. With SnapStart
/// the snapshot is taken when `init` is through. SIGTERM ends the loop with `Ok`.
///
/// # Errors
/// The environment is not Lambda's, `init` failed, or the Runtime API is not there.
pub fn run<S, F, E>(init: F) -> Result<(), Error>
where
    S: Service,
    F: Future<Output = Result<(S, Options), E>>,
    E: Display,
{
    panics::install_hook();
    let environment = Environment::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Threads for invocations, beside as many for blocking work as tokio has by itself.
        .max_blocking_threads(BLOCKING_THREADS.saturating_add(environment.concurrency))
        .build()
        .map_err(|error| Error::Runtime(error.to_string()))?;
    let serving = runtime.block_on(async {
        let mut api = Api::new(&environment);
        let (service, options) = match start(init).await {
            Ok((service, options)) => (Arc::new(service), options),
            Err(failure) => return Err(not_started(&mut api, failure).await),
        };
        if environment.snapshot
            && let Err(problem) = api.restored().await
        {
            return Err(not_started(&mut api, Failure::new(Failure::INIT, problem)).await);
        }
        let mut serving = pin!(slot::serve(service, api, &environment, options));
        let mut terminated = pin!(terminated());
        std::future::poll_fn(|task| {
            if terminated.as_mut().poll(task).is_ready() {
                return Poll::Ready(Ok(()));
            }
            serving.as_mut().poll(task)
        })
        .await
    });
    // Handlers of other threads that block are not waited for.
    runtime.shutdown_background();
    serving
}

/// tokio's own default.
const BLOCKING_THREADS: usize = 512;

async fn not_started(api: &mut Api, failure: Failure) -> Error {
    log::failure(Level::Error, &failure, None);
    api.init_error(&failure).await;
    Error::Init(failure.message)
}

/// The service, or why there is none.
async fn start<S, E: Display>(init: impl Future<Output = Result<S, E>>) -> Result<S, Failure> {
    caught(init).await?.map_err(|error| Failure::new(Failure::INIT, error.to_string()))
}

/// A future's output, or the panic that ended it.
async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let mut work = pin!(work);
    std::future::poll_fn(|task| match panics::catch(|| work.as_mut().poll(task)) {
        Ok(poll) => poll.map(Ok),
        Err(failure) => Poll::Ready(Err(failure)),
    })
    .await
}

/// Lambda sends SIGTERM before it takes an environment away, if an extension is registered.
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        // Without a handler the signal ends the process anyway.
        Err(_) => std::future::pending().await,
    }
}
