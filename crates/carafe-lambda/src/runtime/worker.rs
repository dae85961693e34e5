//! The workers, each of which answers one invocation after the other.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::runtime::Handle;

use super::api::Api;
use super::ending::Ending;
use crate::environment::Environment;
use crate::error::Error;
use crate::invocation::{self, Service};
use crate::options::Options;
use crate::outcome::Outcome;

/// Answers invocations in as many workers as Lambda asks for, until all have ended. If a worker fails, the others answer what
/// they are at, as at SIGTERM, and the process ends: Lambda replaces it, which beats running at reduced concurrency.
pub(super) async fn serve<S: Service>(
    service: Arc<S>,
    api: Api,
    environment: &Environment,
    options: Options,
) -> Result<(), Error> {
    let ending = Ending::default();
    if environment.concurrency == 1 {
        return work(&*service, api, &options, &ending, &ending).await;
    }
    // The trouble of one worker ends the others, but only SIGTERM cuts their work after the answer.
    let endings = Arc::new((ending, Ending::default()));
    // Each worker has a thread of its own, so that a handler that blocks does not delay the others. The first thread drives
    // the sockets, timers and spawned tasks of all workers, and does nothing else.
    let mut workers: Vec<_> = (0..environment.concurrency)
        .map(|_| {
            let (service, endings) = (Arc::clone(&service), Arc::clone(&endings));
            let (api, runtime) = (Api::new(environment), Handle::current());
            let work = move || runtime.block_on(work(&*service, api, &options, &endings.0, &endings.1));
            tokio::task::spawn_blocking(work)
        })
        .collect();
    endings.1.watch();
    let mut trouble = None;
    poll_fn(|task| {
        let mut others_end = true;
        workers.retain_mut(|worker| {
            let Poll::Ready(ended) = Pin::new(worker).poll(task) else { return true };
            let ended = ended.unwrap_or_else(|error| Err(Error::Runtime(error.to_string())));
            if let Err(error) = ended
                && trouble.is_none()
            {
                others_end = endings.0.call();
                trouble = Some(error);
            }
            false
        });
        if workers.is_empty() || !others_end { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    trouble.map_or(Ok(()), Err)
}

/// Answers invocations one after the other, until the Runtime API fails or the end comes. An invocation that has begun to
/// arrive is answered first.
async fn work<S: Service>(
    service: &S,
    mut api: Api,
    options: &Options,
    ending: &Ending,
    sigterm: &Ending,
) -> Result<(), Error> {
    // One future for all invocations: to watch anew for each costs more than a look.
    let mut end = pin!(ending.come());
    loop {
        let Some(arriving) = until(end.as_mut(), api.wait()).await else { return Ok(()) };
        let next = match arriving {
            Ok(arriving) => api.next(arriving).await,
            Err(problem) => Err(problem),
        };
        let (context, payload, id) = match next {
            Ok(invocation) => invocation.into_parts(),
            // At SIGTERM the Runtime API may be gone as well.
            Err(_) if has_come(end.as_mut()).await => return Ok(()),
            Err(problem) => return Err(Error::Runtime(problem)),
        };
        let request_id = context.request_id.clone();
        let Outcome { answer, after } = invocation::respond(service, payload, context, options).await;
        let answered = api.answer(&request_id, id.as_deref(), answer).await;
        if let Some(after) = after {
            match answered {
                Ok(true) => after.run_until(sigterm.come()).await,
                Ok(false) => after.abandon("Lambda did not accept the answer"),
                Err(_) => after.abandon("the answer could not be posted"),
            }
        }
        // A signal that came meanwhile was noticed while the answer was sent, or while the work after it ran.
        if has_come(end.as_mut()).await {
            return Ok(());
        }
        answered.map_err(Error::Runtime)?;
    }
}

/// Returns the output of the work, or `None` if the end comes first. The work is polled first: the request for the first
/// invocation is sent before the signal handler is set up, which takes longer.
async fn until<T>(mut end: Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|task| match work.as_mut().poll(task) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => end.as_mut().poll(task).map(|()| None),
    })
    .await
}

/// Tells whether the end has come. It is asked for once more only if it has not.
async fn has_come(mut end: Pin<&mut impl Future<Output = ()>>) -> bool {
    poll_fn(|task| Poll::Ready(end.as_mut().poll(task).is_ready())).await
}
