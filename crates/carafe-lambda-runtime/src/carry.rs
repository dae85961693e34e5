//! The way of an event's bytes around the conversion of `lambda_runtime`, which would refuse what is not JSON in UTF-8 and
//! copy the rest: a layer takes the bytes off the invocation, and the handler inside gets them back. What the handler leaves
//! for after the answer comes back the same way, and the layer runs it when the answer has been posted.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use carafe_lambda::{After, Failure, Options, respond};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, LambdaInvocation};
use serde_json::value::RawValue;
use tower_service::Service;

use crate::sigterm::Watch;
use crate::threads::Threads;

tokio::task_local! {
    /// What the layer and the handler of the current invocation exchange.
    static CARRIED: Arc<Carried>;
}

/// What layer and handler hand each other.
#[derive(Debug)]
struct Carried {
    /// The event's bytes, for the handler.
    payload: Mutex<Option<Bytes>>,
    /// The work after the answer, for the layer.
    after: OnceLock<After>,
}

type Answering = Pin<Box<dyn Future<Output = Result<Box<RawValue>, Diagnostic>> + Send>>;
type Posting = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// The handler: answers the bytes it is carried, not the event that was converted.
#[derive(Debug)]
pub(crate) struct Handler<S> {
    service: Arc<S>,
    options: Options,
    threads: Threads,
}

impl<S> Handler<S> {
    pub(crate) fn new(service: Arc<S>, options: Options, threads: Threads) -> Handler<S> {
        Handler { service, options, threads }
    }
}

impl<S> Clone for Handler<S> {
    fn clone(&self) -> Handler<S> {
        Handler { service: Arc::clone(&self.service), options: self.options, threads: self.threads }
    }
}

impl<S: carafe_lambda::Service> Service<LambdaEvent<()>> for Handler<S> {
    type Response = Box<RawValue>;
    type Error = Diagnostic;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Diagnostic>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<()>) -> Answering {
        let Handler { service, options, threads } = self.clone();
        Box::pin(async move {
            let carried = CARRIED.try_with(Arc::clone).map_err(|_| lost())?;
            let payload = carried.payload.lock().unwrap_or_else(PoisonError::into_inner).take();
            let payload = payload.ok_or_else(lost)?;
            let context = context(event.context);
            let answering = async move { respond(&*service, payload, context, &options).await };
            let outcome = threads.run(answering).await.ok_or_else(lost)?;
            if let Some(after) = outcome.after {
                // It is empty: there is one answer.
                let _ = carried.after.set(after);
            }
            written(outcome.answer.map_err(diagnostic)?)
        })
    }
}

/// The layer's service: carries the bytes of an event past the conversion, and runs the work after its answer.
#[derive(Clone, Debug)]
pub(crate) struct Carrying<S> {
    posting: S,
    threads: Threads,
    watch: Arc<Watch>,
}

impl<S> Carrying<S> {
    /// `posting` has an event answered and the answer posted.
    pub(crate) fn new(posting: S, threads: Threads, watch: Arc<Watch>) -> Carrying<S> {
        Carrying { posting, threads, watch }
    }
}

impl<S> Service<LambdaInvocation> for Carrying<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Posting;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.posting.poll_ready(task)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> Posting {
        // AWS's loop converts this instead: the shortest JSON there is.
        let payload = std::mem::replace(&mut invocation.body, Bytes::from_static(b"null"));
        let carried = Arc::new(Carried { payload: Mutex::new(Some(payload)), after: OnceLock::new() });
        let posting = CARRIED.scope(Arc::clone(&carried), self.posting.call(invocation));
        let (threads, watch) = (self.threads, Arc::clone(&self.watch));
        Box::pin(async move {
            let posted = posting.await;
            match (carried.after.get().cloned(), &posted) {
                (None, _) => {}
                (Some(after), Ok(())) => {
                    // If the thread ends early, dropping the work logs that.
                    let _ = threads.run(async move { after.run_until(watch.ending.come()).await }).await;
                }
                (Some(after), Err(_)) => after.abandon("the answer could not be posted"),
            }
            posted
        })
    }
}

/// Returns the metadata of an invocation as carafe has it.
fn context(aws: lambda_runtime::Context) -> carafe_lambda::Context {
    let mut context = carafe_lambda::Context::new(aws.request_id);
    context.deadline = UNIX_EPOCH.checked_add(Duration::from_millis(aws.deadline));
    // Where there is none, AWS's loop has a text.
    if aws.invoked_function_arn.starts_with("arn:") {
        context.invoked_function_arn = aws.invoked_function_arn;
    }
    context.trace_id = aws.xray_trace_id;
    context.tenant_id = aws.tenant_id;
    context
}

/// Returns an answer as `lambda_runtime` takes one: it writes such a value as it is.
fn written(answer: Bytes) -> Result<Box<RawValue>, Diagnostic> {
    let unusable = |error: &dyn std::fmt::Display| Diagnostic {
        error_type: "Runtime.Error".to_owned(),
        error_message: format!("the answer is not JSON: {error}"),
    };
    let text = String::from_utf8(answer.into()).map_err(|error| unusable(&error))?;
    RawValue::from_string(text).map_err(|error| unusable(&error))
}

fn diagnostic(failure: Failure) -> Diagnostic {
    Diagnostic { error_type: failure.kind.as_str().to_owned(), error_message: failure.message }
}

const LOST: &str =
    "internal error in carafe-lambda-runtime: handler called without its layer, or its thread panicked";

/// The failure that only a mistake in this crate could cause: the handler is called without the layer, or its thread panicked.
fn lost() -> Diagnostic {
    Diagnostic { error_type: "Runtime.Error".to_owned(), error_message: LOST.to_owned() }
}
