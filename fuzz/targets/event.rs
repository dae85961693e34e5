//! Any bytes as an event: a request, an answer or an error, and nothing else.
#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use carafe_lambda::{Answer, Context, Event, Options, Service, respond};
use http::Response;
use libfuzzer_sys::fuzz_target;

/// Gives the body back, under headers made of the request's own.
struct Mirror;

impl Service for Mirror {
    async fn call(&self, request: Event) -> Answer {
        let http = request.clone().into_http();
        assert!(http.as_ref().map_or(true, |http| http.method() == request.method()));
        let _ = (
            request.client_ip(0),
            request.client_ip(1),
            request.scheme(),
            request.host(),
            request.is_health_check(),
        );
        let mut response = Response::new(request.body().clone());
        *response.headers_mut() = http.map(|http| http.headers().clone()).unwrap_or_default();
        Answer::new(response)
    }
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().expect("a runtime"));

fuzz_target!(|event: &[u8]| {
    let options = Options::default().log_requests(false);
    let outcome =
        RUNTIME.block_on(respond(&Mirror, Bytes::copy_from_slice(event), Context::default(), &options));
    if let Ok(document) = outcome.answer {
        let answer: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
        assert!(
            answer["statusCode"].is_u64()
                && answer["body"].is_string()
                && answer["isBase64Encoded"].is_boolean()
        );
        assert!(answer["headers"].is_object() || answer["multiValueHeaders"].is_object());
    }
});
