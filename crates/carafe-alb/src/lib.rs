//! A local Application Load Balancer in front of any Lambda function.
//!
//! A request over HTTP/1.1 or HTTP/2 becomes the event that a load balancer would send, in either header mode. The
//! function is a child process that speaks the Lambda Runtime API; its answer is checked as strictly as a load balancer
//! does and becomes the reply. What a real one would refuse is refused, and the terminal says why. What is known of a
//! load balancer, how surely, and from where, is in `docs/alb.md`.
//!
//! `carafe-alb -- COMMAND` is the program; [`serve`] the same as a function; [`Balancer`] for tests with sockets;
//! [`Exchange`] for tests without.
//!
//! ```console
//! $ carafe-alb --listen 3000 -- python3 -m awslambdaric app.handler
//! Listening on http://127.0.0.1:3000
//! 200  GET /hello/Ann  3.1 ms, 10 B, cold start 121.4 ms
//! 502  GET /broken  2.0 ms, 122 B
//!      LambdaInvalidResponse: `headers["x-count"]` is a number; it has to be a string
//! ```
//!
//! # Where other stand-ins differ
//!
//! The numbered rules of this one are `docs/alb.md` §12. Stand-ins for AWS that have an Application Load Balancer in
//! them were seen to do otherwise; what they do is not what is known of the real one:
//!
//! | | here, and as far as known a load balancer | ministack | serverless-aws-lambda | cdk-local |
//! |---|---|---|---|---|
//! | path | as sent | decoded | as sent | as sent |
//! | repeated header without multi-value headers | the last | joined | joined | the last |
//! | with multi-value headers | one family of fields, each value by itself | both families; values joined, query decoded | one family; `+` becomes `%20` | one family; values mostly joined |
//! | body as base64 | by content type and encoding | only if it is no UTF-8 | by type | by type |
//! | `x-amzn-trace-id` | added | added | missing | missing |
//! | headers of the other family in an answer | ignored | merged | ignored | merged |
//! | `statusDescription` | the reason phrase | ignored | used | used |
//! | `statusCode` a string or missing | 502 | taken as 200 | 502 | 502 |
//! | body that is bad base64 | 502 | 200, empty | 502 | decoded leniently |
//! | no content type | `application/octet-stream` | none | `application/octet-stream` | none |
//! | error, exit, timeout | 502 and a page | 502 and JSON with the error in it | 502 and a page | 502 and a page |
//! | hop-by-hop headers of an answer | dropped | passed on | passed on beside `content-length` | length anew |
//! | over 1 MB | 413, 502 | no limit | no limit | no limit |
//!
//! The emulators that run a function without a load balancer (cargo-lambda, AWS's Runtime Interface Emulator) have no
//! event of one at all. The earlier small ones decode the query, take the first value, cap bodies elsewhere, or answer
//! malformed responses with a 500.
//!
//! # Where a request goes
//!
//! `server` (the listener) → `hosts`, `request` (refusals, event) → `function` (processes, Runtime API) → `reply` (checks,
//! headers) → `report` (terminal, access log, files). `exchange` is `request` and `reply` alone, and `balancer` the way
//! through all of them.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod balancer;
mod builds;
mod error;
mod events;
mod exchange;
mod framing;
mod function;
mod health;
mod hosts;
mod modes;
mod options;
mod refusal;
mod reply;
mod report;
mod request;
mod rules;
mod serve;
mod server;

pub use builds::Builds;
pub use error::Error;
pub use exchange::Exchange;
pub use options::{ArgumentError, EmptyBody, HealthCheck, InvalidUtf8, Matcher, Options};
pub use refusal::Refusal;
pub use serve::serve;
pub use server::Balancer;

/// Names in the form of AWS's, of resources that do not exist.
const FUNCTION_NAME: &str = "local";
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:local";
const LOAD_BALANCER: &str = "app/local/0123456789abcdef";
const TARGET_GROUP: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/local/0123456789abcdef";
