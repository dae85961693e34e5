//! A local Application Load Balancer in front of any Lambda function.
//!
//! A request over HTTP/1.1 or HTTP/2 becomes the event that a load balancer would send, in either header mode. The
//! function is a child process that speaks the Lambda Runtime API; its answer is checked as strictly as a load balancer
//! does and becomes the reply. What a real one would refuse is refused, and the terminal says why. What is known of a
//! load balancer, how surely, and from where, is in `docs/alb.md`.
//!
//! `carafe-alb -- COMMAND` is the program; [`serve`] the same as a function; [`Balancer`] for tests.
//!
//! # Where a request goes
//!
//! `server` (the listener) → `request` (refusals, event) → `function` (processes, Runtime API) → `reply` (checks,
//! headers) → `report` (terminal, access log, files). `balancer` is the way through.

mod balancer;
mod error;
mod function;
mod health;
mod modes;
mod options;
mod refusal;
mod reply;
mod report;
mod request;
mod serve;
mod server;

pub use error::Error;
pub use options::{ArgumentError, EmptyBody, HealthCheck, InvalidUtf8, Matcher, Options};
pub use serve::serve;
pub use server::Balancer;

/// Names that look like AWS's and belong to nobody.
const FUNCTION_NAME: &str = "local";
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:local";
const LOAD_BALANCER: &str = "app/local/0123456789abcdef";
const TARGET_GROUP: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/local/0123456789abcdef";
