//! The same program on AWS's run loop, the crate `lambda_runtime`, of which `lambda_http` is the other half.
//!
//! carafe reads the events and writes the answers here too, not `lambda_http`. `docs/runtime.md` says what differs between the
//! two loops, `docs/performance.md` what each costs.

use std::fmt;
use std::sync::Arc;

pub use carafe_lambda_runtime::{Invocations, Layers, lambda_runtime};
use lambda_runtime::SnapStartResource;
use lambda_runtime::layers::TracingLayer;
use tower_layer::{Identity, Stack};

use crate::error::{Error, Result};
use crate::run::{IntoApp, assembled, elsewhere};

/// Runs an app as [`carafe::run`](crate::run()) does, but with AWS's run loop on Lambda. Each invocation is in a span of
/// `tracing`, as with `lambda_http::run`.
///
/// ```no_run
/// use carafe::{App, get, routes};
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Hello World!"
/// }
///
/// fn main() -> carafe::Result {
///     carafe::lambda_http::run(App::new().routes(routes![index]))
/// }
/// ```
///
/// # Errors
///
/// As for [`carafe::run`](crate::run()).
pub fn run<M>(app: impl IntoApp<M>) -> Result {
    Builder::new(app).layer(TracingLayer::new()).run()
}

/// An app on AWS's run loop with what `lambda_runtime` offers: layers around each invocation, and hooks for SnapStart.
///
/// ```no_run
/// use std::sync::Arc;
/// use carafe::App;
/// use carafe::lambda_http::Builder;
/// use carafe::lambda_http::lambda_runtime::{BoxFuture, Error, SnapStartResource, layers::TracingLayer};
///
/// struct Pool;
///
/// impl SnapStartResource for Pool {
///     fn after_restore(&self) -> BoxFuture<'_, Result<(), Error>> {
///         Box::pin(async { Ok(()) }) // connect again
///     }
/// }
///
/// fn main() -> carafe::Result {
///     Builder::new(App::new())
///         .layer(TracingLayer::new())
///         .register_snapstart_resource(Arc::new(Pool))
///         .run()
/// }
/// ```
#[must_use = "nothing runs until `run` is called"]
pub struct Builder<A, L = Identity> {
    app: A,
    run_loop: carafe_lambda_runtime::Builder<L>,
}

impl<A> Builder<A> {
    /// Makes the loop for an app, or for an async function that makes one. It has no layers.
    pub fn new(app: A) -> Builder<A> {
        Builder { app, run_loop: carafe_lambda_runtime::Builder::new() }
    }
}

impl<A, L> Builder<A, L> {
    /// Puts a layer of `lambda_runtime` around the answering and posting of each invocation, and the work after it. The last
    /// one is outermost. With concurrency each slot has a service of its own, for which the layer is put on once more.
    pub fn layer<N>(self, layer: N) -> Builder<A, Stack<L, N>> {
        Builder { app: self.app, run_loop: self.run_loop.layer(layer) }
    }

    /// Adds hooks around the snapshot of SnapStart: `before_snapshot` of the last one runs first, `after_restore` of the
    /// first one.
    pub fn register_snapstart_resource(self, resource: Arc<dyn SnapStartResource>) -> Builder<A, L> {
        Builder { app: self.app, run_loop: self.run_loop.register_snapstart_resource(resource) }
    }

    /// Runs the app. Outside Lambda, layers and hooks do nothing.
    ///
    /// # Errors
    ///
    /// As for [`carafe::run`](crate::run()).
    pub fn run<M>(self) -> Result
    where
        A: IntoApp<M>,
        L: Layers,
    {
        if !carafe_lambda::on_lambda() {
            return elsewhere(self.app);
        }
        let app = Box::pin(self.app.into_app());
        self.run_loop.run(assembled(app)).map_err(|error| Error::in_words(error.to_string()))
    }
}

impl<A, L> fmt::Debug for Builder<A, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("run_loop", &self.run_loop).finish_non_exhaustive()
    }
}
