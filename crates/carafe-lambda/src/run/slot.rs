//! The loop: ask for an invocation, answer it, ask for the next. A slot does so for one invocation at a time.

use std::sync::Arc;

use env_lock::lock_env;
use tokio::runtime::Handle;

use super::api::Api;
use super::environment::Environment;
use crate::error::Error;
use crate::options::Options;
use crate::respond::{self, Service};

/// Answers invocations in as many slots as Lambda says. It ends when the last slot has, and with the reason.
pub(super) async fn serve<S: Service>(
    service: Arc<S>,
    api: Api,
    environment: &Environment,
    options: Options,
) -> Result<(), Error> {
    if environment.concurrency == 1 {
        return slot(&*service, api, &options, true).await;
    }
    // Each slot on a thread of its own: a handler that blocks holds up nobody else, and sockets, timers and spawned tasks
    // of all of them are looked after by the first thread, which does nothing else.
    let slots: Vec<_> = (0..environment.concurrency)
        .map(|_| {
            let (service, api, runtime) = (Arc::clone(&service), Api::new(environment), Handle::current());
            tokio::task::spawn_blocking(move || runtime.block_on(slot(&*service, api, &options, false)))
        })
        .collect();
    let mut outcome = Ok(());
    for slot in slots {
        outcome = slot.await.unwrap_or_else(|error| Err(Error::Runtime(error.to_string())));
    }
    outcome
}

/// Answers invocations one after the other, until Lambda cannot be asked any more.
async fn slot<S: Service>(service: &S, mut api: Api, options: &Options, alone: bool) -> Result<(), Error> {
    loop {
        let (context, event, id) = api.next().await.map_err(Error::Runtime)?.into_parts();
        let request_id = context.request_id.clone();
        // Where AWS's libraries look for it. The process's environment belongs to all slots, so it can only be there if there
        // is one (`docs/alb.md` §6).
        let trace = alone.then(|| lock_env([("_X_AMZN_TRACE_ID", context.trace_id.as_deref())]));
        let answer = respond::respond(service, event, context, options).await;
        drop(trace);
        api.answer(&request_id, id.as_deref(), answer).await.map_err(Error::Runtime)?;
    }
}
