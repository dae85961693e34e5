//! The end of AWS's loop, which knows none: at SIGTERM what is being answered is answered, and nothing more is asked for.

use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
}

impl Watch {
    /// Waits for SIGTERM, and then for the answers that are on their way.
    async fn over(&self) {
        self.ending.come().await;
        loop {
            let idle = self.idle.notified();
            if self.busy.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }

    /// Tells whether SIGTERM has come.
    async fn has_come(&self) -> bool {
        let mut come = pin!(self.ending.come());
        poll_fn(|task| Poll::Ready(come.as_mut().poll(task).is_ready())).await
    }

    /// Returns the output of the loop, or `None` if SIGTERM ends it. The loop is polled first: its first request is sent
    /// before the signal handler is set up.
    pub(crate) async fn until<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let (mut work, mut over) = (pin!(work), pin!(self.over()));
        poll_fn(|task| match work.as_mut().poll(task) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => over.as_mut().poll(task).map(|()| None),
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

/// The outermost service of an invocation.
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
            if busy.0.has_come().await {
                // The loop would ask for the next event before it could be told to end.
                drop(busy);
                return pending().await;
            }
            outcome
        })
    }
}
