//! What Lambda says in environment variables.

use http::Uri;

use crate::error::Error;

/// What the run loop needs to know before it starts.
#[derive(Debug)]
pub(super) struct Environment {
    /// The Runtime API, with scheme.
    pub(super) endpoint: Uri,
    /// As it was written.
    written: String,
    /// How many invocations Lambda may hand over at a time.
    pub(super) concurrency: usize,
}

/// The Runtime API's address, as Lambda or a stand-in for it wrote it.
pub(super) fn endpoint() -> Option<String> {
    std::env::var("AWS_LAMBDA_RUNTIME_API").ok().filter(|endpoint| !endpoint.is_empty())
}

impl Environment {
    pub(super) fn read() -> Result<Environment, Error> {
        const API: &str = "AWS_LAMBDA_RUNTIME_API";
        let problem = |name, problem: &str| Error::Environment { name, problem: problem.to_owned() };
        let written = endpoint().ok_or_else(|| problem(API, "missing: this is not a Lambda environment"))?;
        let endpoint = normalised(&written).ok_or_else(|| {
            problem(API, &format!("{written:?} is not host:port, with or without http:// and a path"))
        })?;
        for name in ["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION"] {
            std::env::var(name).map_err(|error| problem(name, &error.to_string()))?;
        }
        let name = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
        let memory = std::env::var(name).map_err(|error| problem(name, &error.to_string()))?;
        if memory.parse::<i32>().is_err() {
            return Err(problem(name, &format!("{memory:?} is not a number of megabytes")));
        }
        let concurrency = std::env::var("AWS_LAMBDA_MAX_CONCURRENCY").ok().and_then(|text| text.parse().ok());
        Ok(Environment { endpoint, written, concurrency: concurrency.unwrap_or(1).max(1) })
    }

    /// Whether the address is one that `lambda_runtime` cannot read: it takes a path only behind a scheme, reads the
    /// address from the environment alone, and a process cannot change its own environment safely.
    pub(super) fn needs_own_loop(&self) -> bool {
        self.written.parse::<Uri>().ok().is_none_or(|uri| uri.authority().is_none())
    }
}

/// `host:port`, `http://host:port` and `host:port/prefix` as a URI with scheme and authority.
fn normalised(written: &str) -> Option<Uri> {
    let text = if written.contains("://") { written.to_owned() } else { format!("http://{written}") };
    let uri: Uri = text.parse().ok()?;
    (uri.scheme_str() == Some("http") && uri.authority().is_some()).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn endpoints() {
        for (written, uri) in [
            ("127.0.0.1:9001", Some("http://127.0.0.1:9001/")),
            ("http://127.0.0.1:9001", Some("http://127.0.0.1:9001/")),
            ("127.0.0.1:9001/.rt/fn", Some("http://127.0.0.1:9001/.rt/fn")),
            ("http://127.0.0.1:9001/.rt/fn", Some("http://127.0.0.1:9001/.rt/fn")),
            ("localhost:9001", Some("http://localhost:9001/")),
            ("https://127.0.0.1:9001", None),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(normalised(written).map(|uri| uri.to_string()).as_deref(), uri, "{written}");
        }
    }
}
