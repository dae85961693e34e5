//! The load balancer in front of the client's app where the local one is not built in: its events (`docs/alb.md` §1)
//! without its rules.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::reply::Reply;

/// The load balancer's conversions.
#[derive(Debug)]
pub(super) struct Balancer {
    multi_value_headers: bool,
    https: bool,
}

impl Balancer {
    pub(super) fn new() -> Balancer {
        Balancer { multi_value_headers: false, https: true }
    }

    pub(super) fn multi_value_headers(self) -> Balancer {
        Balancer { multi_value_headers: true, ..self }
    }

    pub(super) fn plain_http(self) -> Balancer {
        Balancer { https: false, ..self }
    }

    /// Takes a request to the function and its answer back.
    #[expect(clippy::unnecessary_wraps, reason = "the local load balancer refuses some")]
    pub(super) fn exchange(
        &self,
        request: &http::Request<Bytes>,
        client: SocketAddr,
        function: impl FnOnce(Bytes) -> Bytes,
    ) -> Result<Reply, (StatusCode, String)> {
        let answer = function(self.event(request, client).to_string().into());
        Ok(reply(&serde_json::from_slice(&answer).unwrap_or_default(), request))
    }

    fn event(&self, request: &http::Request<Bytes>, client: SocketAddr) -> Value {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let mut headers: Vec<(String, String)> =
            request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let (scheme, port) = if self.https { ("https", "443") } else { ("http", "80") };
        headers.push(("x-forwarded-for".to_owned(), client.ip().to_string()));
        headers.push(("x-forwarded-proto".to_owned(), scheme.to_owned()));
        headers.push(("x-forwarded-port".to_owned(), port.to_owned()));
        let query = request.uri().query().unwrap_or_default().split('&').filter(|piece| !piece.is_empty());
        let query: Vec<(String, String)> = query
            .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let (body, encoded) = match std::str::from_utf8(request.body()) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (STANDARD.encode(request.body()), true),
        };
        let mut event = json!({
            "requestContext": {"elb": {}},
            "httpMethod": request.method().as_str(),
            "path": request.uri().path(),
            "body": body,
            "isBase64Encoded": encoded,
        });
        if let Some(fields) = event.as_object_mut() {
            let name =
                |single: &str, multi: &str| if self.multi_value_headers { multi } else { single }.to_owned();
            let query_name = name("queryStringParameters", "multiValueQueryStringParameters");
            fields.insert(query_name, self.family(&query));
            fields.insert(name("headers", "multiValueHeaders"), self.family(&headers));
        }
        event
    }

    /// Returns name and value pairs as one of the two families of fields has them.
    fn family(&self, pairs: &[(String, String)]) -> Value {
        let mut map = Map::new();
        for (name, value) in pairs {
            if !self.multi_value_headers {
                map.insert(name.clone(), json!(value));
            } else if let Value::Array(values) = map.entry(name.clone()).or_insert_with(|| json!([])) {
                values.push(json!(value));
            }
        }
        Value::Object(map)
    }
}

fn reply(answer: &Value, request: &http::Request<Bytes>) -> Reply {
    let status = answer.get("statusCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    let encoded = answer.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or_default();
    let body = if encoded { STANDARD.decode(body).unwrap_or_default() } else { body.as_bytes().to_vec() };
    let body = if request.method() == http::Method::HEAD { Vec::new() } else { body };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or_default();
    for family in ["headers", "multiValueHeaders"] {
        for (name, value) in answer.get(family).and_then(Value::as_object).into_iter().flatten() {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in values.iter().filter_map(Value::as_str) {
                if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                    response.headers_mut().append(name, value);
                }
            }
        }
    }
    Reply::new(response)
}
