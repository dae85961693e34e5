//! The workers, each of which answers one invocation after the other.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use env_lock::lock_env;
use signal_hook::consts::SIGTERM;
use signal_hook::low_level::pipe;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixStream;
use tokio::runtime::Handle;

use super::api::Api;
use crate::environment::Environment;
use crate::error::Error;
use crate::invocation::{self, Service};
use crate::options::Options;

/// Answers invocations in as many workers as Lambda asks for, until all have ended. If a worker fails, exit: Lambda replaces
/// the process, which beats running at reduced concurrency.
pub(super) async fn serve<S: Service>(
    service: Arc<S>,
    api: Api,
    environment: &Environment,
    options: Options,
) -> Result<(), Error> {
    if environment.concurrency == 1 {
        return work(&*service, api, &options, true).await;
    }
    // Each worker has a thread of its own, so that a handler that blocks does not delay the others. The first thread drives
    // the sockets, timers and spawned tasks of all workers, and does nothing else.
    let mut workers: Vec<_> = (0..environment.concurrency)
        .map(|_| {
            let (service, api, runtime) = (Arc::clone(&service), Api::new(environment), Handle::current());
            tokio::task::spawn_blocking(move || runtime.block_on(work(&*service, api, &options, false)))
        })
        .collect();
    poll_fn(|task| {
        let mut index = 0;
        while let Some(worker) = workers.get_mut(index) {
            match Pin::new(worker).poll(task) {
                Poll::Pending => index += 1,
                Poll::Ready(Ok(Ok(()))) => drop(workers.swap_remove(index)),
                Poll::Ready(Ok(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(Error::Runtime(error.to_string()))),
            }
        }
        if workers.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

/// Answers invocations one after the other, until the Runtime API fails or SIGTERM comes. The current invocation is answered
/// first.
async fn work<S: Service>(service: &S, mut api: Api, options: &Options, alone: bool) -> Result<(), Error> {
    let mut terminated = pin!(terminated());
    loop {
        let Some(next) = until(&mut terminated, api.next()).await else { return Ok(()) };
        let (context, payload, id) = match next {
            Ok(invocation) => invocation.into_parts(),
            // At SIGTERM the Runtime API may be gone as well.
            Err(_) if has_come(&mut terminated).await => return Ok(()),
            Err(problem) => return Err(Error::Runtime(problem)),
        };
        let request_id = context.request_id.clone();
        let trace = context.trace_id.as_deref().filter(|id| alone && is_sampled(id));
        let trace = trace.map(|id| lock_env([("_X_AMZN_TRACE_ID", Some(id))]));
        let answer = invocation::respond(service, payload, context, options).await;
        drop(trace);
        let answered = api.answer(&request_id, id.as_deref(), answer).await;
        // A signal that came meanwhile was noticed while the answer was sent.
        if has_come(&mut terminated).await {
            return Ok(());
        }
        answered.map_err(Error::Runtime)?;
    }
}

/// Returns the output of the work, or `None` if the end comes first. The work is polled first: the request for the first
/// invocation is sent before the signal handler is set up, which takes longer.
async fn until<T>(end: &mut Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|task| match work.as_mut().poll(task) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => end.as_mut().poll(task).map(|()| None),
    })
    .await
}

/// Tells whether the end has come.
async fn has_come(end: &mut Pin<&mut impl Future<Output = ()>>) -> bool {
    poll_fn(|task| Poll::Ready(end.as_mut().poll(task).is_ready())).await
}

/// Tells whether a trace is recorded. Only then is its id put into the environment, where AWS's libraries look for it: the C
/// library never frees the former value of a variable, and every id is new (`docs/alb.md` §6). The environment belongs to
/// the whole process, so this works only with a single worker.
fn is_sampled(trace_id: &str) -> bool {
    trace_id.split(';').any(|field| field.trim() == "Sampled=1")
}

/// Waits for SIGTERM, which Lambda sends before it removes an environment if an extension is registered.
async fn terminated() {
    let watch = || -> std::io::Result<UnixStream> {
        let (near, far) = std::os::unix::net::UnixStream::pair()?;
        near.set_nonblocking(true)?;
        pipe::register(SIGTERM, far)?;
        UnixStream::from_std(near)
    };
    match watch() {
        // Each signal is a byte.
        Ok(mut signals) => drop(signals.read_u8().await),
        // Without a handler the signal ends the process.
        Err(_) => std::future::pending().await,
    }
}
