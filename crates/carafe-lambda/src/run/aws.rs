//! The seam to `lambda_runtime`'s loop: all that is known here about it is in this file.
//!
//! Its own way from event to payload refuses what is not UTF-8 and costs a pass over the event; so a layer takes
//! the bytes away before it looks, and leaves `null` to be read in their place. Layer, reading and handler run one
//! inside the other within one call on one thread, which is why a thread-local variable can carry the bytes across.

use std::cell::Cell;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use bytes::Bytes;
use lambda_http::lambda_runtime::{self, Diagnostic, LambdaEvent, LambdaInvocation, Runtime};
use lambda_http::tower::{Layer, Service as TowerService, service_fn};

use crate::context::Context;
use crate::error::Error;
use crate::options::Options;
use crate::respond::{self, Service};

thread_local! {
    static EVENT: Cell<Bytes> = const { Cell::new(Bytes::new()) };
}

/// Answers invocations, one at a time or as many as `AWS_LAMBDA_MAX_CONCURRENCY` says.
pub(super) async fn serve<S: Service>(service: Arc<S>, options: Options) -> Result<(), Error> {
    let handler = service_fn(move |event: LambdaEvent<()>| {
        let bytes = EVENT.take();
        let service = Arc::clone(&service);
        async move {
            let context = context(event.context);
            respond::answer(&*service, bytes, context, &options).await.map_err(|failure| Diagnostic {
                error_type: failure.kind.to_owned(),
                error_message: failure.message,
            })
        }
    });
    // One at a time as well where the variable does not ask for more; `run` would be a second copy of the loop.
    let serving = Runtime::new(handler).layer(TakeBytes).run_concurrent();
    serving.await.map_err(|error| Error::Runtime(error.to_string()))
}

fn context(context: lambda_runtime::Context) -> Context {
    Context {
        deadline: Some(context.deadline()),
        request_id: context.request_id,
        invoked_function_arn: context.invoked_function_arn,
        trace_id: context.xray_trace_id,
        tenant_id: context.tenant_id,
    }
}

/// Puts [`HandOver`] around the rest.
struct TakeBytes;

impl<S> Layer<S> for TakeBytes {
    type Service = HandOver<S>;

    fn layer(&self, inner: S) -> HandOver<S> {
        HandOver { inner }
    }
}

/// Moves the event's bytes past the deserialiser.
#[derive(Clone)]
struct HandOver<S> {
    inner: S,
}

impl<S: TowerService<LambdaInvocation>> TowerService<LambdaInvocation> for HandOver<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, task: &mut Task<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> S::Future {
        EVENT.set(std::mem::replace(&mut invocation.body, Bytes::from_static(b"null")));
        self.inner.call(invocation)
    }
}
