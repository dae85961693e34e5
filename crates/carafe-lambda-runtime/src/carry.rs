//! The way of an event's bytes around the conversion of `lambda_runtime`, which would refuse what is not JSON in UTF-8 and
//! copy the rest: a layer takes the bytes off the invocation, and the handler inside gets them back.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use carafe_lambda::{Failure, Options, respond};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, LambdaInvocation};
use serde_json::value::RawValue;
use tower_service::Service;

tokio::task_local! {
    /// What the handler of this invocation takes from the layer around it.
    static CARRIED: Arc<Carried>;
}

/// The event's bytes on their way from the layer to the handler.
#[derive(Debug)]
struct Carried(Mutex<Option<Bytes>>);

type Answering = Pin<Box<dyn Future<Output = Result<Box<RawValue>, Diagnostic>> + Send>>;
type Posting = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// The handler: answers the bytes it is carried, not the event that was converted.
#[derive(Debug)]
pub(crate) struct Handler<S> {
    service: Arc<S>,
    options: Options,
}

impl<S> Handler<S> {
    pub(crate) fn new(service: S, options: Options) -> Handler<S> {
        Handler { service: Arc::new(service), options }
    }
}

impl<S> Clone for Handler<S> {
    fn clone(&self) -> Handler<S> {
        Handler { service: Arc::clone(&self.service), options: self.options }
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
        let Handler { service, options } = self.clone();
        Box::pin(async move {
            let carried = CARRIED.try_with(Arc::clone).map_err(|_| lost())?;
            let payload = carried.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(lost)?;
            let answer = respond(&*service, payload, context(event.context), &options).await;
            written(answer.map_err(diagnostic)?)
        })
    }
}

/// The layer's service: carries the bytes of an event past the conversion.
#[derive(Clone, Debug)]
pub(crate) struct Carrying<S>(pub(crate) S);

impl<S> Service<LambdaInvocation> for Carrying<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Posting;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> Posting {
        // What is converted in its place is as short as an event can be.
        let payload = std::mem::replace(&mut invocation.body, Bytes::from_static(b"null"));
        let carried = Arc::new(Carried(Mutex::new(Some(payload))));
        Box::pin(CARRIED.scope(carried, self.0.call(invocation)))
    }
}

/// Returns the metadata of an invocation as carafe has it.
fn context(aws: lambda_runtime::Context) -> carafe_lambda::Context {
    let mut context = carafe_lambda::Context::new(aws.request_id);
    context.deadline = UNIX_EPOCH.checked_add(Duration::from_millis(aws.deadline));
    context.invoked_function_arn = aws.invoked_function_arn;
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

/// The failure where the handler is called without the layer, which only a mistake in this crate could do.
fn lost() -> Diagnostic {
    Diagnostic {
        error_type: "Runtime.Error".to_owned(),
        error_message: "the event's bytes are lost".to_owned(),
    }
}
