//! The two conversions of a load balancer: request to event, and answer to reply.

use std::net::SocketAddr;

use bytes::Bytes;
use http::Response;

use crate::framing;
use crate::options::Options;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::request::{self, Request};
use crate::rules::{Rules, Scheme};

/// Converts requests and answers as a load balancer does, without a socket, a thread or a process.
///
/// The server of this crate goes through the same code, so a test client built on this sees the same events, refusals and
/// replies. Where AWS's behavior is not known for certain, the defaults of [`Options`] apply.
///
/// ```
/// use bytes::Bytes;
/// use carafe_alb::Exchange;
///
/// let exchange = Exchange::https();
/// let request = http::Request::post("/posts?draft=1")
///     .header("host", "example.com")
///     .header("content-type", "application/json")
///     .body(Bytes::from_static(b"{}"))?;
/// let event = exchange.event(&request, "203.0.113.7:4711".parse()?)?;
/// let event: serde_json::Value = serde_json::from_slice(&event)?;
/// assert_eq!(event["headers"]["x-forwarded-for"], "203.0.113.7");
/// assert_eq!(event["headers"]["x-forwarded-port"], "443");
///
/// let answer = br#"{"statusCode": 201, "headers": {"content-type": "text/plain"}, "body": "made"}"#;
/// let reply = exchange.reply(answer, &request)?;
/// assert_eq!((reply.status().as_u16(), &reply.body()[..]), (201, &b"made"[..]));
///
/// let refusal = exchange.reply(br#"{"statusCode": "201"}"#, &request).unwrap_err();
/// assert_eq!((refusal.status().as_u16(), refusal.reason()), (502, Some("LambdaInvalidResponse")));
/// assert_eq!(refusal.to_string(), "`statusCode` is a string; it has to be an integer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Exchange {
    rules: Rules,
}

impl Exchange {
    /// Creates the exchange of an HTTPS listener on port 443, with single-value headers.
    #[must_use]
    pub fn https() -> Exchange {
        Exchange::new(Scheme::Https, 443)
    }

    /// Creates the exchange of an HTTP listener on port 80, with single-value headers.
    #[must_use]
    pub fn http() -> Exchange {
        Exchange::new(Scheme::Http, 80)
    }

    fn new(scheme: Scheme, port: u16) -> Exchange {
        let command: [&str; 0] = [];
        Exchange { rules: Rules::new(&Options::new(command), scheme, port) }
    }

    /// Creates the exchange of the server: its listener speaks plain HTTP, whatever it says.
    pub(crate) fn of(options: &Options, port: u16) -> Exchange {
        if !options.as_https {
            return Exchange { rules: Rules::new(options, Scheme::Http, port) };
        }
        Exchange { rules: Rules { forwarded_port: 443, ..Rules::new(options, Scheme::Https, port) } }
    }

    /// Sets the port of the listener.
    #[must_use]
    pub fn port(mut self, port: u16) -> Exchange {
        self.rules.port = port;
        self.rules.forwarded_port = port;
        self
    }

    /// Sets the target group's attribute `lambda.multi_value_headers.enabled`.
    #[must_use]
    pub fn multi_value_headers(mut self, on: bool) -> Exchange {
        self.rules.multi_value_headers = on;
        self
    }

    /// Returns the event that the function gets for a request, as JSON.
    ///
    /// The headers are those that the client sends, `host` and `content-length` included. The load balancer adds
    /// `x-forwarded-for`, `-proto`, `-port` and `x-amzn-trace-id`. Each call makes a new trace id.
    ///
    /// # Errors
    ///
    /// The request is refused before a function sees it: a method, a request line, headers or a body that a load
    /// balancer does not take (`docs/alb.md` §12).
    pub fn event(&self, request: &http::Request<Bytes>, client: SocketAddr) -> Result<Vec<u8>, Refusal> {
        let request = Request::of(request, client);
        self.admit(&request)?;
        request::check_body(&request)?;
        self.write(&request)
    }

    /// Returns what the client gets for the answer document of a function.
    ///
    /// The reply has the headers that every reply carries (`server`, `date`, `content-length`), and no body after
    /// HEAD or with 204 and 304. The `connection` header belongs to a connection and is not added here.
    ///
    /// # Errors
    ///
    /// The answer is not one that a load balancer takes: the client gets a 502.
    pub fn reply(&self, document: &[u8], request: &http::Request<Bytes>) -> Result<Response<Bytes>, Refusal> {
        let reply = self.read(document, request.method())?;
        Ok(framing::complete(reply.into_response(request.version()), request.method()))
    }

    /// Checks everything but the body.
    pub(crate) fn admit(&self, request: &Request) -> Result<(), Refusal> {
        request::check_head(request)
    }

    /// Writes the event of a request that has been admitted.
    pub(crate) fn write(&self, request: &Request) -> Result<Vec<u8>, Refusal> {
        request::write_event(request, &self.rules)
    }

    /// Writes the event of a health check.
    pub(crate) fn health_check(&self, target: &str) -> Vec<u8> {
        request::write_health_check(target, &self.rules)
    }

    /// Reads an answer and makes the reply to a request with this method.
    pub(crate) fn read(&self, document: &[u8], method: &http::Method) -> Result<Reply, Refusal> {
        let answer = reply::read(document, self.rules.multi_value_headers)?;
        Ok(reply::make(answer, method, &self.rules))
    }

    /// Whether the header mode is the multi-value one.
    pub(crate) fn is_multi_value(&self) -> bool {
        self.rules.multi_value_headers
    }

    /// Creates the same exchange in the other header mode.
    pub(crate) fn other_mode(&self) -> Exchange {
        self.clone().multi_value_headers(!self.rules.multi_value_headers)
    }
}

impl Default for Exchange {
    fn default() -> Exchange {
        Exchange::https()
    }
}
