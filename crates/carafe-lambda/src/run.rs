//! From `main` to the run loop, and out of it again.

mod aws;
mod client;
mod direct;
mod environment;

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
use client::Client;
use environment::Environment;

/// Whether this process was started by Lambda, or by something that speaks its Runtime API.
pub fn on_lambda() -> bool {
    environment::endpoint().is_some()
}

/// Answers invocations until Lambda ends the process.
///
/// `init` makes the service and says what it chose; if it fails, Lambda is told so and the error comes back, for `main` to exit non-zero.
/// Everything runs on this thread, unless Lambda asks for concurrency (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda Managed
/// Instances). SIGTERM ends the loop with `Ok`.
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
    let runtime = if environment.concurrency > 1 {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()
    } else {
        tokio::runtime::Builder::new_current_thread().enable_all().build()
    };
    let runtime = runtime.map_err(|error| Error::Runtime(error.to_string()))?;
    let serving = runtime.block_on(async {
        let (service, options) = match start(init).await {
            Ok((service, options)) => (Arc::new(service), options),
            Err(failure) => {
                log::failure(Level::Error, &failure, None);
                Client::new(&environment).init_error(&failure).await;
                return Err(Error::Init(failure.message));
            }
        };
        let mut serving = pin!(serve(service, &environment, options));
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

/// The service, or why there is none.
async fn start<S, E: Display>(init: impl Future<Output = Result<S, E>>) -> Result<S, Failure> {
    caught(init).await?.map_err(|error| Failure::new(Failure::INIT, error.to_string()))
}

/// The one place that knows which loop asks for invocations.
async fn serve<S: Service>(
    service: Arc<S>,
    environment: &Environment,
    options: Options,
) -> Result<(), Error> {
    if environment.needs_own_loop() {
        return direct::serve(service, environment, options).await;
    }
    let serving = aws::serve(service, options);
    // It panics when the Runtime API leaves a header out.
    caught(serving).await.unwrap_or_else(|failure| Err(Error::Runtime(failure.message)))
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
