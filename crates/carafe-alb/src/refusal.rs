//! Replies of the balancer's own: to requests that it refuses, and where the function gave no usable answer.

use std::fmt;

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};

use crate::framing;

/// A reply of the load balancer's own: the request is refused, or the function gave no answer that can be passed on.
///
/// Its [`Display`](fmt::Display) is one sentence that says what is wrong; the client does not get to see that.
///
/// ```
/// use carafe_alb::Refusal;
/// use http::Method;
///
/// let refusal = Refusal::function_error("Handler.Panic", "index out of bounds");
/// assert_eq!((refusal.status().as_u16(), refusal.reason()), (502, Some("LambdaUnhandled")));
/// assert_eq!(refusal.to_string(), "the function failed: Handler.Panic: index out of bounds");
///
/// let response = refusal.to_response(&Method::GET);
/// assert!(!response.body().windows(5).any(|word| word == b"Panic"), "the client does not get to see that");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub(crate) status: u16,
    /// The access log's `error_reason`.
    pub(crate) reason: Reason,
    /// The sentence for the terminal.
    pub(crate) why: String,
}

impl Refusal {
    /// Creates the refusal of a request that is at fault itself; the function has not been called.
    pub(crate) fn new(status: u16, why: impl Into<String>) -> Refusal {
        Refusal { status, reason: Reason::None, why: why.into() }
    }

    /// Creates a 502: the function is at fault.
    pub(crate) fn bad_gateway(reason: Reason, why: impl Into<String>) -> Refusal {
        Refusal { status: 502, reason, why: why.into() }
    }

    /// Creates the 502 for an invocation that failed with an error of this type and message.
    #[must_use]
    pub fn function_error(kind: &str, message: &str) -> Refusal {
        Refusal::bad_gateway(Reason::LambdaUnhandled, format!("the function failed: {kind}: {message}"))
    }

    pub(crate) fn unknown_coding(coding: &str) -> Refusal {
        Refusal::new(
            501,
            format!("a load balancer does not take the transfer-encoding {coding:?}, only `chunked`"),
        )
    }

    pub(crate) fn with_reason(self, reason: Reason) -> Refusal {
        Refusal { reason, ..self }
    }

    /// Returns the status that the client gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY)
    }

    /// Returns the reason that the access log gives (`error_reason`), such as `LambdaInvalidResponse`.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        (self.reason != Reason::None).then(|| self.reason.as_str())
    }

    /// Returns what the client gets: the status and a small page.
    #[must_use]
    pub fn to_response(&self, method: &Method) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(page(self.status)));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::SERVER, SERVER);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        framing::complete(response, method)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Refusal {}

pub(crate) const SERVER: HeaderValue = HeaderValue::from_static("awselb/2.0");

/// Returns the small page that a load balancer sends with its own statuses.
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
