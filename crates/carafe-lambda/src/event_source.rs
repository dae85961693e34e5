//! The front doors that send events and read their answers.

/// The front door an event came through. Answers go back in the same shape (`docs/alb.md` §5).
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Context, Event, EventSource, HeaderMode};
///
/// let payload = Bytes::from(
///     r#"{"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/", "queryStringParameters": {},
///         "headers": {}, "body": "", "isBase64Encoded": false}"#,
/// );
/// let event = Event::from_payload(payload, Context::new("8476a536"))?;
/// assert_eq!(event.source(), EventSource::Alb(HeaderMode::Single));
/// # Ok::<(), carafe_lambda::EventError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventSource {
    /// An Application Load Balancer.
    Alb(HeaderMode),
    /// API Gateway REST, or an HTTP API with payload format 1.0.
    ApiGatewayRest,
    /// API Gateway HTTP API, payload format 2.0.
    ApiGatewayHttp,
    /// A Lambda function URL.
    FunctionUrl,
    /// A VPC Lattice service, in either version of its events.
    Lattice,
    /// A test or another server, without a Lambda event.
    Direct,
}

/// The two families of header and query fields in a load balancer's events (`docs/alb.md` §1).
///
/// ```
/// use carafe_lambda::{Event, EventSource, HeaderMode};
///
/// let event = Event::builder().source(EventSource::Alb(HeaderMode::Multi)).build();
/// let answered_in = match event.source() {
///     EventSource::Alb(HeaderMode::Single) => "headers",
///     EventSource::Alb(HeaderMode::Multi) => "multiValueHeaders",
///     _ => "both",
/// };
/// assert_eq!(answered_in, "multiValueHeaders");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeaderMode {
    /// `headers` with one string each.
    Single,
    /// `multiValueHeaders` with arrays.
    Multi,
    /// Both, or neither: not from a load balancer, but consoles and emulators send it. It is answered in both.
    Both,
}
