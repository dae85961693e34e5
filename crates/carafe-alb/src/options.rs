//! Options: the target group's attributes, the function's configuration, and choices where AWS's behavior is uncertain.

mod arguments;

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use arguments::ArgumentError;

use crate::builds::Builds;

/// Configures the balancer and the function behind it.
///
/// ```
/// use carafe_alb::Options;
///
/// let mut options = Options::new(["python3", "-m", "awslambdaric", "app.handler"]);
/// options.multi_value_headers = true;
/// assert_eq!(options.listen.to_string(), "127.0.0.1:3000");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The address to listen on; `127.0.0.1:3000`. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Names that requests may be for, besides IP addresses, `localhost` and names below that: a name, `*.NAME`, or `*` for
    /// any; none.
    pub allow_hosts: Vec<String>,
    /// The function: a program and its arguments. It has to speak the Lambda Runtime API.
    pub command: Vec<OsString>,
    /// The builds of the function, where somebody builds it while the balancer runs; none.
    pub builds: Option<Arc<Builds>>,
    /// Added to the environment of the function, over what Lambda sets.
    pub environment: Vec<(OsString, OsString)>,
    /// Says in `x-forwarded-proto` and `x-forwarded-port` that the listener speaks HTTPS on port 443, as that of a deployed
    /// function does, although clients come over plain HTTP; `host` keeps the real port. Off.
    pub as_https: bool,
    /// The target group's attribute `lambda.multi_value_headers.enabled`; off.
    pub multi_value_headers: bool,
    /// Sends each request in the other header mode too and reports where the answers differ; off.
    pub both_modes: bool,
    /// The function's timeout; 30 s.
    pub timeout: Duration,
    /// The function's memory in MB, which it is only told; 128.
    pub memory: u32,
    /// The number of copies of the function that may run at once; 10. Further requests wait, as long as `timeout`.
    pub max_concurrency: usize,
    /// Stops each copy of the function between invocations, as Lambda does; on. A debugger may want it off.
    pub freeze: bool,
    /// Starts each copy of the function as SnapStart does: with its variables, and with `/restore/next` before the first event;
    /// off.
    pub snap_start: bool,
    /// Files with recorded events, of any kind, to be sent to the function in place of requests.
    pub events: Vec<PathBuf>,
    /// The target group's health check; off, as it is for Lambda targets.
    pub health_check: Option<HealthCheck>,
    /// The time that a client may take for the head of a request, send nothing in the middle of a body, or read nothing of
    /// its answers; 60 s.
    pub idle_timeout: Duration,
    /// A folder to write each event and each answer into.
    pub record: Option<PathBuf>,
    /// A file to write an access log into, in the load balancer's own format.
    pub access_log: Option<PathBuf>,
    /// Sends the values of a repeated header in reverse, as a load balancer may in multi-value mode, so that code that
    /// needs their order fails here; on.
    pub reverse_headers: bool,
    /// The encoding of an empty request body of unknown type.
    pub empty_body: EmptyBody,
    /// The treatment of a request that is not UTF-8 where an event has text.
    pub invalid_utf8: InvalidUtf8,
    /// Shows nothing in the terminal, for tests; off.
    pub quiet: bool,
    /// Lets hop-by-hop headers of the function through, as a load balancer was seen to: HTTP/2 clients then lose the
    /// stream to a protocol error; off.
    pub hop_by_hop: bool,
}

impl Options {
    /// Creates the default options for one function.
    pub fn new<T: Into<OsString>>(command: impl IntoIterator<Item = T>) -> Options {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            allow_hosts: Vec::new(),
            command: command.into_iter().map(Into::into).collect(),
            builds: None,
            environment: Vec::new(),
            as_https: false,
            multi_value_headers: false,
            both_modes: false,
            timeout: Duration::from_secs(30),
            memory: 128,
            max_concurrency: 10,
            freeze: true,
            snap_start: false,
            events: Vec::new(),
            health_check: None,
            idle_timeout: Duration::from_secs(60),
            record: None,
            access_log: None,
            reverse_headers: true,
            empty_body: EmptyBody::ByProtocol,
            invalid_utf8: InvalidUtf8::Refuse,
            quiet: false,
            hop_by_hop: false,
        }
    }
}

/// A target group's health check.
///
/// ```
/// use carafe_alb::{HealthCheck, Options};
///
/// let mut check = HealthCheck::new("/health");
/// check.matcher = "200-299".parse()?;
/// let mut options = Options::new(["./bootstrap"]);
/// options.health_check = Some(check);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone)]
pub struct HealthCheck {
    /// The path that is asked for, with a query if there is to be one.
    pub path: String,
    /// The time from one check to the next; 35 s.
    pub interval: Duration,
    /// The time an answer may take; 30 s, and less than the interval.
    pub timeout: Duration,
    /// The statuses that count as healthy: `200`, `200-299`, `200,301`.
    pub matcher: Matcher,
}

impl HealthCheck {
    /// Creates the default check of a Lambda target group, on a path.
    pub fn new(path: impl Into<String>) -> HealthCheck {
        HealthCheck {
            path: path.into(),
            interval: Duration::from_secs(35),
            timeout: Duration::from_secs(30),
            matcher: Matcher(vec![(200, 200)]),
        }
    }
}

/// The statuses that count as healthy, between 200 and 499.
///
/// ```
/// use carafe_alb::Matcher;
///
/// let matcher: Matcher = "200-204,301".parse()?;
/// assert!(matcher.matches(202) && matcher.matches(301) && !matcher.matches(205));
/// assert!("20x".parse::<Matcher>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher(Vec<(u16, u16)>);

impl Matcher {
    /// Whether a status counts as healthy.
    pub fn matches(&self, status: u16) -> bool {
        self.0.iter().any(|&(first, last)| (first..=last).contains(&status))
    }
}

impl std::str::FromStr for Matcher {
    type Err = String;

    fn from_str(text: &str) -> Result<Matcher, String> {
        let range = |piece: &str| {
            let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
            let range = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (200 <= range.0 && range.0 <= range.1 && range.1 <= 499).then_some(range)
        };
        let ranges: Option<Vec<_>> = text.split(',').map(range).collect();
        let error =
            || format!("`{text}` is not a matcher, such as `200`, `200-299` or `200,301`, from 200 to 499");
        ranges.map(Matcher).ok_or_else(error)
    }
}

/// The encoding of an empty body of unknown type: it is not known for certain when a load balancer uses which.
///
/// ```
/// use carafe_alb::{EmptyBody, Options};
///
/// let mut options = Options::new(["./bootstrap"]);
/// options.empty_body = EmptyBody::Base64;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyBody {
    /// Base64 over HTTP/2 and text over HTTP/1.1, as in all captured events.
    ByProtocol,
    /// Always `"isBase64Encoded": false`.
    Text,
    /// Always `"isBase64Encoded": true`.
    Base64,
}

/// The treatment of a request that is not UTF-8 where an event has text.
///
/// ```
/// use carafe_alb::{InvalidUtf8, Options};
///
/// let mut options = Options::new(["./bootstrap"]);
/// options.invalid_utf8 = InvalidUtf8::PassOn;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidUtf8 {
    /// 502 with the reason `LambdaBadRequest`; the function is not called.
    Refuse,
    /// The event carries the bytes as they are, so that it is not valid JSON, as one report has it.
    PassOn,
}
