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
use crate::invocation::Service;
use crate::options::Options;
use crate::panics;
use crate::snapshot_hooks::Restored;
use api::Api;

/// Answers invocations until Lambda ends the process.
///
/// `init` makes the service and its options; on failure, reports an init error to Lambda and returns it so `main` can exit
/// non-zero. Everything runs on this thread, unless Lambda asks for concurrency (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda
/// Managed Instances): then each worker has a thread of its own, and this one drives sockets, timers and spawned tasks.
/// With SnapStart the snapshot is taken after `init`, between the service's hooks. SIGTERM ends the loop with `Ok` once
/// current invocations are answered.
///
/// ```no_run
/// use bytes::Bytes;
/// use carafe_lambda::{Answer, Event, Options, Service};
///
/// struct Hello;
///
/// impl Service for Hello {
///     async fn call(&self, _: Event) -> Answer {
///         Answer::new(http::Response::new(Bytes::from("Hello World!")))
///     }
/// }
///
/// fn main() -> Result<(), carafe_lambda::Error> {
///     carafe_lambda::run(async { Ok::<_, std::io::Error>((Hello, Options::default())) })
/// }
/// ```
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
        let started = async {
            let (service, options) = parts::start(init).await?;
            if let Some(registration) = options.registration {
                registration.make(&environment).await;
            }
            if environment.snapshot {
                let restored: Restored<'_> = Box::pin(api.restored());
                match service.snapshot_hooks() {
                    Some(hooks) => hooks.around(restored),
                    None => restored,
                }
                .await?;
            }
            Ok((service, options))
        };
        let (service, options) = match started.await {
            Ok((service, options)) => (Arc::new(service), options),
            Err(failure) => return Err(parts::not_started(&mut api, failure).await),
        };
        worker::serve(service, api, &environment, options).await
    });
    // Does not wait for handlers that block other threads.
    runtime.shutdown_background();
    serving
}

/// tokio's own default.
const BLOCKING_THREADS: usize = 512;
