//! Lambda's environment variables.

use tokio::runtime::Handle;

use crate::error::Error;

/// The settings of the run loop.
#[derive(Debug)]
pub(crate) struct Environment {
    /// The `host:port` of the Runtime API.
    pub(crate) address: String,
    /// The prefix of its paths: empty on Lambda, `/.rt/function` or the like where an emulator serves several functions.
    pub(crate) prefix: String,
    /// The number of invocations that Lambda may hand over at a time.
    pub(crate) concurrency: usize,
    /// True if Lambda takes a snapshot of the process after its start (SnapStart).
    pub(crate) snapshot: bool,
}

/// Tells whether this process was started by Lambda, or by an emulator of its Runtime API.
///
/// ```
/// // In a test.
/// assert!(!carafe_lambda::on_lambda());
/// ```
pub fn on_lambda() -> bool {
    endpoint().is_some()
}

/// Returns the address of the Runtime API as it is written in the environment.
fn endpoint() -> Option<String> {
    std::env::var("AWS_LAMBDA_RUNTIME_API").ok().filter(|endpoint| !endpoint.is_empty())
}

impl Environment {
    /// Reads the variables, on a thread where a run loop can start.
    pub(crate) fn read() -> Result<Environment, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::Runtime(INSIDE.to_owned()));
        }
        const API: &str = "AWS_LAMBDA_RUNTIME_API";
        let problem = |name, problem: &str| Error::Environment { name, problem: problem.to_owned() };
        let written = endpoint().ok_or_else(|| problem(API, "missing: this is not a Lambda environment"))?;
        let (address, prefix) = parts(&written).ok_or_else(|| {
            problem(API, &format!("{written:?} is not host:port, with or without http:// and a path"))
        })?;
        let concurrency = std::env::var("AWS_LAMBDA_MAX_CONCURRENCY").ok();
        let snapshot = std::env::var("AWS_LAMBDA_INITIALIZATION_TYPE").is_ok_and(|kind| kind == "snap-start");
        let concurrency = concurrency.map_or(1, |written| workers(&written));
        Ok(Environment { address, prefix, concurrency, snapshot })
    }
}

/// Starting a runtime inside another would panic.
const INSIDE: &str = "the run loop was called inside a tokio runtime, but starts its own: take `#[tokio::main]` off `main`; \
     what has to be awaited belongs into the async function that `run` takes";

/// The most workers. Each has a thread of its own, and Lambda allows a function 1,024.
const MOST_WORKERS: usize = 1024;

/// Returns the number of workers for a concurrency as it is written in the environment; one where that is no number.
fn workers(written: &str) -> usize {
    let digits = written.trim();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return 1;
    }
    // A number that is too large for its type is too large here as well.
    digits.parse().unwrap_or(MOST_WORKERS).clamp(1, MOST_WORKERS)
}

/// Splits `host:port` or `http://host:port`, with or without a path, into address and path. The port is 80 where none is
/// written.
fn parts(written: &str) -> Option<(String, String)> {
    let (scheme, rest) = written.split_once("://").unwrap_or(("http", written));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // The port stands behind the last colon, unless that one is inside the brackets of an IPv6 address.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "80"),
    };
    let is_text = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    let is_host =
        is_text(host) && !host.contains(['@', '?', '#']) && is_bracketed == host.contains([':', '[', ']']);
    let is_port = port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if !scheme.eq_ignore_ascii_case("http") || !is_host || !is_port || !(path.is_empty() || is_text(path)) {
        return None;
    }
    Some((format!("{host}:{port}"), path.trim_end_matches('/').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{MOST_WORKERS, parts, workers};

    #[test]
    fn workers_have_a_limit() {
        for (written, expected) in [
            ("1", 1),
            ("8", 8),
            (" 64 ", 64),
            ("0", 1),
            ("", 1),
            ("-1", 1),
            ("many", 1),
            ("1023", 1023),
            ("1024", MOST_WORKERS),
            ("1025", MOST_WORKERS),
            ("18446744073709551615", MOST_WORKERS),
            ("18446744073709551616", MOST_WORKERS),
        ] {
            assert_eq!(workers(written), expected, "{written:?}");
        }
    }

    #[test]
    fn endpoints() {
        for (written, expected) in [
            ("127.0.0.1:9001", Some(("127.0.0.1:9001", ""))),
            ("http://127.0.0.1:9001", Some(("127.0.0.1:9001", ""))),
            ("http://127.0.0.1:9001/", Some(("127.0.0.1:9001", ""))),
            ("127.0.0.1:9001/.rt/fn", Some(("127.0.0.1:9001", "/.rt/fn"))),
            ("http://127.0.0.1:9001/.rt/fn/", Some(("127.0.0.1:9001", "/.rt/fn"))),
            ("localhost:9001", Some(("localhost:9001", ""))),
            ("[::1]:9001", Some(("[::1]:9001", ""))),
            ("169.254.100.1", Some(("169.254.100.1:80", ""))),
            ("https://127.0.0.1:9001", None),
            ("HTTP://127.0.0.1:9001", Some(("127.0.0.1:9001", ""))),
            ("[::1]", Some(("[::1]:80", ""))),
            ("[::1]/.rt/fn", Some(("[::1]:80", "/.rt/fn"))),
            ("::1:9001", None),
            ("[::1:9001", None),
            ("127.0.0.1:", None),
            ("127.0.0.1:+1", None),
            ("127.0.0.1:65536", None),
            ("127.0.0.1:9001:9002", None),
            ("user@127.0.0.1:9001", None),
            (":9001", None),
            ("http://", None),
            ("http:///fn", None),
            ("127.0.0.1:9001/a b", None),
            ("127.0.0.1:9001/\r\nx: y", None),
            ("127.0.0.1?a:9001", None),
            ("a b", None),
            ("", None),
        ] {
            let parts = parts(written);
            let parts = parts.as_ref().map(|(address, prefix)| (address.as_str(), prefix.as_str()));
            assert_eq!(parts, expected, "{written}");
        }
    }
}
