//! The service that a user's layers wrap, and the layers around it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lambda_runtime::tower::util::BoxCloneService;
use lambda_runtime::{Error, LambdaInvocation};
use tower_layer::Layer;
use tower_service::Service;

/// Answers an invocation and posts the answer: the service that a layer of `lambda_runtime` wraps.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::task::{Context, Poll};
///
/// use carafe_lambda_runtime::lambda_runtime::{Error, LambdaInvocation};
/// use carafe_lambda_runtime::{Builder, Invocations};
/// use tower_layer::layer_fn;
/// use tower_service::Service;
///
/// static STARTED: AtomicU64 = AtomicU64::new(0);
///
/// struct Counted(Invocations);
///
/// impl Service<LambdaInvocation> for Counted {
///     type Response = ();
///     type Error = Error;
///     type Future = <Invocations as Service<LambdaInvocation>>::Future;
///
///     fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
///         self.0.poll_ready(task)
///     }
///
///     fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
///         STARTED.fetch_add(1, Ordering::Relaxed);
///         self.0.call(invocation)
///     }
/// }
///
/// let run_loop = Builder::new().layer(layer_fn(Counted));
/// # let _ = run_loop;
/// ```
#[derive(Clone)]
pub struct Invocations(BoxCloneService<LambdaInvocation, (), Error>);

impl Invocations {
    pub(crate) fn new<S>(service: S) -> Invocations
    where
        S: Service<LambdaInvocation, Response = (), Error = Error> + Clone + Send + 'static,
        S::Future: Send + 'static,
    {
        Invocations(BoxCloneService::new(service))
    }
}

impl fmt::Debug for Invocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocations").finish_non_exhaustive()
    }
}

impl Service<LambdaInvocation> for Invocations {
    type Response = ();
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        self.0.call(invocation)
    }
}

/// What fits around [`Invocations`]: any layer that fits a `lambda_runtime::Runtime`, and several of them.
///
/// ```
/// use carafe_lambda_runtime::lambda_runtime::layers::TracingLayer;
/// use carafe_lambda_runtime::{Builder, Layers};
///
/// /// What all functions of a project have around them.
/// fn around() -> impl Layers {
///     TracingLayer::new()
/// }
///
/// let run_loop = Builder::new().layer(around());
/// # let _ = run_loop;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit around the invocations of `lambda_runtime`",
    label = "expected layers whose services take a `LambdaInvocation`",
    note = "a layer for HTTP requests belongs into `App::layer`"
)]
pub trait Layers:
    Layer<
        Invocations,
        Service: Service<LambdaInvocation, Response = (), Error = Error, Future: Send + 'static>
                     + Send
                     + 'static,
    > + Send
    + Sync
    + 'static
{
}

impl<L> Layers for L
where
    L: Layer<Invocations> + Send + Sync + 'static,
    L::Service:
        Service<LambdaInvocation, Response = (), Error = Error, Future: Send + 'static> + Send + 'static,
{
}

/// A layer's service that each worker can have: where the service itself cannot be cloned, as that of AWS's
/// `OpenTelemetryLayer`, the layer is put on once more.
pub(crate) struct Layered<L: Layer<Invocations>> {
    layer: Arc<L>,
    inner: Invocations,
    service: L::Service,
}

impl<L: Layer<Invocations>> Layered<L> {
    pub(crate) fn new(layer: Arc<L>, inner: Invocations) -> Layered<L> {
        let service = layer.layer(inner.clone());
        Layered { layer, inner, service }
    }
}

impl<L: Layer<Invocations>> Clone for Layered<L> {
    fn clone(&self) -> Layered<L> {
        Layered::new(Arc::clone(&self.layer), self.inner.clone())
    }
}

impl<L> Service<LambdaInvocation> for Layered<L>
where
    L: Layer<Invocations>,
    L::Service: Service<LambdaInvocation>,
{
    type Response = <L::Service as Service<LambdaInvocation>>::Response;
    type Error = <L::Service as Service<LambdaInvocation>>::Error;
    type Future = <L::Service as Service<LambdaInvocation>>::Future;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(task)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        self.service.call(invocation)
    }
}
