//! The start and the end of AWS's run loop.

use std::fmt::{self, Display};
use std::future::Future;
use std::sync::Arc;

use carafe_lambda::run_loop::{Start, ended};
use carafe_lambda::{Error, Options, Service, caught};
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::{Runtime, SnapStartResource};
use tower_layer::{Identity, Stack, layer_fn};

use crate::carry::{Carrying, Handler};
use crate::environment;
use crate::invocations::{Invocations, Layered, Layers};
use crate::sigterm::{Watch, Watched};
use crate::snapshot::{HookFailed, Hooks};
use crate::threads::Threads;

/// Answers invocations on AWS's run loop until Lambda ends the process, as [`carafe_lambda::run`] does on carafe's own. As
/// with `lambda_runtime::run`, each is in a span of `tracing`.
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
///     carafe_lambda_runtime::run(async { Ok::<_, std::io::Error>((Hello, Options::default())) })
/// }
/// ```
///
/// # Errors
/// The environment is not Lambda's, `init` failed, or the loop did. The log has the error too.
pub fn run<S, F, E>(init: F) -> Result<(), Error>
where
    S: Service,
    F: Future<Output = Result<(S, Options), E>>,
    E: Display,
{
    Builder::new().layer(TracingLayer::new()).run(init)
}

/// AWS's run loop with layers and SnapStart resources.
///
/// ```
/// use carafe_lambda_runtime::Builder;
/// use carafe_lambda_runtime::lambda_runtime::layers::TracingLayer;
///
/// let run_loop = Builder::new().layer(TracingLayer::new());
/// # let _ = run_loop;
/// ```
#[must_use = "nothing runs until `run` is called"]
pub struct Builder<L = Identity> {
    layers: L,
    resources: Vec<Arc<dyn SnapStartResource>>,
}

impl Builder {
    /// Makes the loop as it is, without layers.
    pub fn new() -> Builder {
        Builder { layers: Identity::new(), resources: Vec::new() }
    }
}

impl Default for Builder {
    fn default() -> Builder {
        Builder::new()
    }
}

impl<L> Builder<L> {
    /// Puts a layer around the answering and posting of each invocation. The last one is outermost.
    pub fn layer<N>(self, layer: N) -> Builder<Stack<L, N>> {
        Builder { layers: Stack::new(self.layers, layer), resources: self.resources }
    }

    /// Adds hooks around the snapshot of SnapStart: `before_snapshot` of the last one runs first, `after_restore` of the
    /// first one.
    pub fn register_snapstart_resource(mut self, resource: Arc<dyn SnapStartResource>) -> Builder<L> {
        self.resources.push(resource);
        self
    }

    /// Answers invocations until Lambda ends the process.
    ///
    /// # Errors
    /// As for [`run`].
    pub fn run<S, F, E>(self, init: F) -> Result<(), Error>
    where
        S: Service,
        F: Future<Output = Result<(S, Options), E>>,
        E: Display,
        L: Layers,
    {
        ended(self.start_and_serve(init))
    }

    fn start_and_serve<S, F, E>(self, init: F) -> Result<(), Error>
    where
        S: Service,
        F: Future<Output = Result<(S, Options), E>>,
        E: Display,
        L: Layers,
    {
        let start = Start::read()?;
        let threads = environment::check()?;
        let runtime = this_thread(threads).map_err(|error| Error::Runtime(error.to_string()))?;
        let serving = runtime.block_on(async {
            let (service, options) = start.service(init).await?;
            let service = Arc::new(service);
            let watch = Arc::new(Watch::default());
            let layers = Arc::new(self.layers);
            let layered = layer_fn(|posting| {
                let carrying = Carrying::new(posting, threads, Arc::clone(&watch));
                let service = Layered::new(Arc::clone(&layers), Invocations::new(carrying));
                Watched::new(service, Arc::clone(&watch))
            });
            let hooks = Arc::new(Hooks(Arc::clone(&service)));
            let run_loop = Runtime::new(Handler::new(service, options, threads)).layer(layered);
            let run_loop = run_loop.register_snapstart_resource(hooks);
            let run_loop = self.resources.into_iter().fold(run_loop, Runtime::register_snapstart_resource);
            match watch.until(caught(run_loop.run_concurrent())).await {
                Err(None) | Ok(Ok(Ok(()))) => Ok(()),
                Err(Some(error)) | Ok(Ok(Err(error))) => Err(reason(error)),
                Ok(Err(panic)) => Err(Error::Runtime(format!("AWS's run loop panicked: {}", panic.message))),
            }
        });
        // Does not wait for handlers that block other threads.
        runtime.shutdown_background();
        serving
    }
}

impl<L> fmt::Debug for Builder<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("resources", &self.resources.len()).finish_non_exhaustive()
    }
}

/// Returns the reason why AWS's loop ended: a hook that failed, or what it says with its causes and the address, which it
/// does not name.
fn reason(error: lambda_runtime::Error) -> Error {
    let error = match error.downcast::<HookFailed>() {
        Ok(failed) => return failed.0,
        Err(error) => error,
    };
    let first: &(dyn std::error::Error + 'static) = &*error;
    let causes = std::iter::successors(Some(first), |error| error.source()).map(ToString::to_string);
    let causes: Vec<String> = causes.collect();
    Error::Runtime(format!("{}, at {}", causes.join(": "), environment::address()))
}

/// tokio's own default.
const BLOCKING_THREADS: usize = 512;

/// Makes the runtime, which is this thread. With concurrency it drives the sockets, timers and spawned tasks of all
/// invocations, and does nothing else: see [`Threads`].
fn this_thread(threads: Threads) -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS.saturating_add(threads.number()))
        .build()
}
