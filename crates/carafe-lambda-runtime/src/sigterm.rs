//! The end of AWS's loop, which knows none: at SIGTERM, or when a slot is lost, what is being answered is answered, and nothing
//! more is asked for.

use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use carafe_lambda::run_loop::Ending;
use lambda_runtime::{Error, LambdaInvocation};
use tokio::sync::Notify;
use tower_service::Service;

/// The invocations that are being answered, and the end that waits for them.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) ending: Ending,
    busy: AtomicUsize,
    idle: Notify,
    /// Why a slot was lost. AWS's loop would go on with the others, down to one.
    lost: Mutex<Option<Error>>,
    is_lost: Notify,
}

impl Watch {
    /// Notes why a slot was lost, unless another was before.
    fn lose(&self, reason: impl FnOnce() -> Error) {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(reason);
        self.is_lost.notify_waiters();
    }

    /// Returns why a slot was lost, once.
    fn lost(&self) -> Option<Error> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits for SIGTERM or the loss of a slot.
    async fn come(&self) {
        let (mut lost, mut sigterm) = (pin!(self.is_lost.notified()), pin!(self.ending.come()));
        poll_fn(|task| {
            let is_lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner).is_some();
            if is_lost || lost.as_mut().poll(task).is_ready() {
                return Poll::Ready(());
            }
            sigterm.as_mut().poll(task)
        })
        .await;
    }

    /// Waits for the end, and then for the answers that are on their way.
    async fn over(&self) {
        self.come().await;
        loop {
            let idle = self.idle.notified();
            if self.busy.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }

    /// Tells whether the end has come.
    async fn has_come(&self) -> bool {
        let mut come = pin!(self.come());
        poll_fn(|task| Poll::Ready(come.as_mut().poll(task).is_ready())).await
    }

    /// Returns the output of the loop; or, if SIGTERM or the loss of a slot ends it, why the slot was lost. The loop is polled
    /// first: its first request is sent before the signal handler is set up.
    pub(crate) async fn until<T>(&self, work: impl Future<Output = T>) -> Result<T, Option<Error>> {
        let (mut work, mut over) = (pin!(work), pin!(self.over()));
        poll_fn(|task| match work.as_mut().poll(task) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            // Before the loop is dropped, and its slots with it.
            Poll::Pending => over.as_mut().poll(task).map(|()| Err(self.lost())),
        })
        .await
    }
}

/// One invocation that is being answered.
struct Busy(Arc<Watch>);

impl Busy {
    fn new(watch: &Arc<Watch>) -> Busy {
        watch.busy.fetch_add(1, Ordering::AcqRel);
        Busy(Arc::clone(watch))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
        self.0.idle.notify_waiters();
    }
}

/// The outermost service of an invocation. Each slot has one.
#[derive(Clone, Debug)]
pub(crate) struct Watched<S> {
    inner: S,
    watch: Arc<Watch>,
}

impl<S> Watched<S> {
    pub(crate) fn new(inner: S, watch: Arc<Watch>) -> Watched<S> {
        Watched { inner, watch }
    }
}

/// A slot drops its service when it ends. An error of the service does not end it, so it has panicked, or could not read an
/// event; the loop tells only `tracing` which.
impl<S> Drop for Watched<S> {
    fn drop(&mut self) {
        self.watch.lose(|| {
            "a slot of AWS's run loop has ended: a layer panicked, or an event came with headers that it cannot read".into()
        });
    }
}

impl<S> Service<LambdaInvocation> for Watched<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let busy = Busy::new(&self.watch);
        let answering = self.inner.call(invocation);
        Box::pin(async move {
            let outcome = answering.await;
            if let Err(error) = outcome {
                busy.0.lose(|| error);
                drop(busy);
                return pending().await;
            }
            if busy.0.has_come().await {
                // The loop would ask for the next event before it could be told to end.
                drop(busy);
                return pending().await;
            }
            outcome
        })
    }
}
