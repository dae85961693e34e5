//! The loop: ask for an invocation, answer it, ask for the next. A worker does so for one invocation at a time.

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

/// Answers invocations in as many workers as Lambda says, until each has ended well or one has not: a process that is short of
/// a worker is worth less than the one that Lambda starts in its place.
pub(super) async fn serve<S: Service>(
    service: Arc<S>,
    api: Api,
    environment: &Environment,
    options: Options,
) -> Result<(), Error> {
    if environment.concurrency == 1 {
        return work(&*service, api, &options, true).await;
    }
    // Each worker on a thread of its own: a handler that blocks holds up nobody else, and sockets, timers and spawned tasks
    // of all of them are looked after by the first thread, which does nothing else.
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

/// Answers invocations one after the other, until Lambda cannot be asked any more, or SIGTERM says not to ask again. What is
/// being answered then is answered.
async fn work<S: Service>(service: &S, mut api: Api, options: &Options, alone: bool) -> Result<(), Error> {
    let mut terminated = pin!(terminated());
    loop {
        let Some(next) = until(&mut terminated, api.next()).await else { return Ok(()) };
        let (context, payload, id) = match next {
            Ok(invocation) => invocation.into_parts(),
            // Whoever ended this process may be gone as well.
            Err(_) if has_come(&mut terminated).await => return Ok(()),
            Err(problem) => return Err(Error::Runtime(problem)),
        };
        let request_id = context.request_id.clone();
        let trace = context.trace_id.as_deref().filter(|id| alone && is_sampled(id));
        let trace = trace.map(|id| lock_env([("_X_AMZN_TRACE_ID", Some(id))]));
        let answer = invocation::respond(service, payload, context, options).await;
        drop(trace);
        let answered = api.answer(&request_id, id.as_deref(), answer).await;
        // A signal that came meanwhile has been seen while the answer was on its way.
        if has_come(&mut terminated).await {
            return Ok(());
        }
        answered.map_err(Error::Runtime)?;
    }
}

/// What the work gives, unless the end comes first. The work is begun before the end is thought of: to wait for a signal takes
/// longer to set up than the first question takes to ask.
async fn until<T>(end: &mut Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|task| match work.as_mut().poll(task) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => end.as_mut().poll(task).map(|()| None),
    })
    .await
}

/// Whether the end is there.
async fn has_come(end: &mut Pin<&mut impl Future<Output = ()>>) -> bool {
    poll_fn(|task| Poll::Ready(end.as_mut().poll(task).is_ready())).await
}

/// Whether a trace is recorded. Only then is its id put into the environment, where AWS's libraries look for it: the C library
/// never gives back what a variable once held, and each id is another one (`docs/alb.md` §6). The environment belongs to the
/// whole process, so the id can only be there if there is one worker.
fn is_sampled(trace_id: &str) -> bool {
    trace_id.split(';').any(|field| field.trim() == "Sampled=1")
}

/// Lambda sends SIGTERM before it takes an environment away, if an extension is registered.
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
        // Without a handler the signal ends the process anyway.
        Err(_) => std::future::pending().await,
    }
}
