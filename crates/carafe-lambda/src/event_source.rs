//! The front doors that send events and read their answers.

/// The front door an event came through. Answers go back in the same shape (`docs/alb.md` §5).
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
