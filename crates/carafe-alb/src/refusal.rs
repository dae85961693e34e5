//! What the balancer answers by itself, without an answer of the function that it could pass on.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

/// An answer of the balancer's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// What the access log says.
    pub(crate) reason: Reason,
    /// What the terminal says: one sentence.
    pub(crate) why: String,
}

impl Refusal {
    /// The client's fault; the function has not been called.
    pub(crate) fn new(status: u16, why: impl Into<String>) -> Refusal {
        Refusal { status, reason: Reason::None, why: why.into() }
    }

    /// A 502: the function's fault.
    pub(crate) fn bad_gateway(reason: Reason, why: impl Into<String>) -> Refusal {
        Refusal { status: 502, reason, why: why.into() }
    }

    pub(crate) fn unknown_coding(coding: &str) -> Refusal {
        Refusal::new(501, format!("a load balancer knows no transfer-encoding {coding:?}, only `chunked`"))
    }

    pub(crate) fn with_reason(self, reason: Reason) -> Refusal {
        Refusal { reason, ..self }
    }

    pub(crate) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from(page(self.status))));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let headers = response.headers_mut();
        headers.insert(header::SERVER, SERVER);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        response
    }
}

pub(crate) const SERVER: HeaderValue = HeaderValue::from_static("awselb/2.0");

/// The small page that a load balancer sends with its own statuses.
pub(crate) fn page(status: u16) -> String {
    let known = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let title = match known {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    };
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         </body>\r\n</html>\r\n"
    )
}

/// The access log's `error_reason`, as far as a function on this machine can cause one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    None,
    LambdaBadRequest,
    LambdaInvalidResponse,
    LambdaRequestTooLarge,
    LambdaResponseTooLarge,
    LambdaThrottling,
    LambdaUnhandled,
    LambdaWebsocketNotSupported,
}

impl Reason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Reason::None => "-",
            Reason::LambdaBadRequest => "LambdaBadRequest",
            Reason::LambdaInvalidResponse => "LambdaInvalidResponse",
            Reason::LambdaRequestTooLarge => "LambdaRequestTooLarge",
            Reason::LambdaResponseTooLarge => "LambdaResponseTooLarge",
            Reason::LambdaThrottling => "LambdaThrottling",
            Reason::LambdaUnhandled => "LambdaUnhandled",
            Reason::LambdaWebsocketNotSupported => "LambdaWebsocketNotSupported",
        }
    }
}
