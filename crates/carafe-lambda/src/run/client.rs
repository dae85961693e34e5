//! The two things that are asked of the Runtime API outside `lambda_runtime`'s loop: to take an initialisation error,
//! and to serve the loop of [`super::direct`].

use bytes::{Bytes, BytesMut};
use http::header::HeaderMap;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use lambda_runtime_api_client::PooledClient;
use lambda_runtime_api_client::body::Body;
use serde::Serialize;

use super::environment::Environment;
use crate::answer::Failure;

/// AWS's own client, told the address instead of finding it out.
pub(super) struct Client {
    client: PooledClient,
}

impl Client {
    pub(super) fn new(environment: &Environment) -> Client {
        let client =
            PooledClient::builder().with_endpoint(environment.endpoint.clone()).with_pool_size(1).build();
        Client { client }
    }

    /// Tells Lambda that the function cannot start. There is nobody to tell if that fails too.
    pub(super) async fn init_error(&self, failure: &Failure) {
        let _ = self.post("init/error", &HeaderMap::new(), failure.kind, document(failure)).await;
    }

    /// The next event and the headers it came with.
    pub(super) async fn next(&self) -> Result<(HeaderMap, Bytes), String> {
        let request = self.request(Method::GET, "invocation/next", Body::empty())?;
        let (status, headers, body) = self.send(request).await?;
        if status != StatusCode::OK {
            return Err(format!("invocation/next answered {status}"));
        }
        Ok((headers, body))
    }

    pub(super) async fn answer(&self, id: &str, echo: &HeaderMap, answer: Bytes) -> Result<(), String> {
        self.post(&format!("invocation/{id}/response"), echo, "", answer).await
    }

    pub(super) async fn error(&self, id: &str, echo: &HeaderMap, failure: &Failure) -> Result<(), String> {
        self.post(&format!("invocation/{id}/error"), echo, failure.kind, document(failure)).await
    }

    async fn post(
        &self,
        path: &str,
        echo: &HeaderMap,
        error: &'static str,
        body: Bytes,
    ) -> Result<(), String> {
        let mut request = self.request(Method::POST, path, Body::from(body))?;
        let headers = request.headers_mut();
        if let Some(id) = echo.get(INVOCATION_ID) {
            headers.insert(INVOCATION_ID, id.clone());
        }
        if !error.is_empty() {
            headers.insert("lambda-runtime-function-error-type", http::HeaderValue::from_static(error));
        }
        let (status, ..) = self.send(request).await?;
        if status.is_server_error() { Err(format!("{path} answered {status}")) } else { Ok(()) }
    }

    fn request(&self, method: Method, path: &str, body: Body) -> Result<Request<Body>, String> {
        let request = lambda_runtime_api_client::build_request();
        let request = request.method(method).uri(format!("/2018-06-01/runtime/{path}"));
        request.body(body).map_err(|error| error.to_string())
    }

    async fn send(&self, request: Request<Body>) -> Result<(StatusCode, HeaderMap, Bytes), String> {
        let response = self.client.call(request).await.map_err(|error| error.to_string())?;
        let (parts, mut body) = response.into_parts();
        let mut bytes = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| error.to_string())?;
            bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
        }
        Ok((parts.status, parts.headers, bytes.freeze()))
    }
}

/// Newer Lambda wants it back, to tell a late answer from the right one.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

/// A failure as the Runtime API wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    error_message: &'a str,
    error_type: &'a str,
    stack_trace: [&'a str; 0],
}

fn document(failure: &Failure) -> Bytes {
    let document = Document { error_message: &failure.message, error_type: failure.kind, stack_trace: [] };
    // Texts always are JSON.
    serde_json::to_vec(&document).unwrap_or_default().into()
}
