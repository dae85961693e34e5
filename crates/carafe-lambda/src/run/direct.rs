//! A loop for Runtime API addresses that `lambda_runtime` cannot be told: `host:port/prefix`, as cargo-lambda hands
//! it out. One invocation at a time; concurrency and snapshots are Lambda's own, and its address never has a prefix.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::header::HeaderMap;

use super::client::Client;
use super::environment::Environment;
use crate::context::Context;
use crate::error::Error;
use crate::options::Options;
use crate::respond::{self, Service};

pub(super) async fn serve<S: Service>(
    service: Arc<S>,
    environment: &Environment,
    options: Options,
) -> Result<(), Error> {
    let client = Client::new(environment);
    loop {
        let (headers, event) = client.next().await.map_err(Error::Runtime)?;
        let context = context(&headers);
        let id = context.request_id.clone();
        let sent = match respond::respond(&*service, event, context, &options).await {
            Ok(answer) => client.answer(&id, &headers, answer).await,
            Err(failure) => client.error(&id, &headers, &failure).await,
        };
        sent.map_err(Error::Runtime)?;
    }
}

fn context(headers: &HeaderMap) -> Context {
    let text =
        |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let deadline = text("lambda-runtime-deadline-ms").and_then(|millis| millis.parse().ok());
    Context {
        request_id: text("lambda-runtime-aws-request-id").unwrap_or_default(),
        deadline: deadline.map(|millis| UNIX_EPOCH + Duration::from_millis(millis)),
        invoked_function_arn: text("lambda-runtime-invoked-function-arn").unwrap_or_default(),
        trace_id: text("lambda-runtime-trace-id"),
        tenant_id: text("lambda-runtime-aws-tenant-id"),
    }
}
