//! The origin of a web page: scheme, host and port, as browsers write it (RFC 6454 §6.2).

use std::fmt;

/// An origin, in lower case and without the port that its scheme has anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebOrigin(Box<str>);

impl WebOrigin {
    /// Reads an origin such as `https://app.example.com` or `http://localhost:5173`: nothing stands in front or behind.
    pub(crate) fn parse(text: &str) -> Option<WebOrigin> {
        let (scheme, authority) = text.split_once("://")?;
        let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        if !scheme.starts_with(|first: char| first.is_ascii_alphabetic()) || !scheme.bytes().all(is_scheme) {
            return None;
        }
        // What the brackets of an IPv6 address hold has colons, too.
        let host_end = if authority.starts_with('[') {
            authority.find(']')? + 1
        } else {
            authority.find(':').unwrap_or(authority.len())
        };
        let (host, port) = authority.split_at_checked(host_end)?;
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~[]:".contains(&byte);
        if host.is_empty() || !host.bytes().all(is_host) {
            return None;
        }
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => String::new(),
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                let port: u16 = digits.parse().ok()?;
                if Some(port) == usual_port(&scheme) { String::new() } else { format!(":{port}") }
            }
            _ => return None,
        };
        Some(WebOrigin(format!("{scheme}://{host}{port}").into()))
    }

    /// Returns whether a `Host` header names this origin's host and port. It says nothing about the scheme: TLS may have
    /// ended in front of the load balancer.
    pub(crate) fn is_at(&self, host: &str) -> bool {
        let scheme = self.0.split_once("://").map_or("", |(scheme, _)| scheme);
        WebOrigin::parse(&format!("{scheme}://{host}")).is_some_and(|own| own == *self)
    }
}

fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what is wrong with an origin that a call such as `App::trust_origin` was given.
pub(crate) fn problem(call: &str, text: &str) -> String {
    format!(
        "`{call}({text:?})`: an origin is scheme, host and perhaps a port, with nothing behind, as in \
         `https://app.example.com` or `http://localhost:5173`"
    )
}

#[cfg(test)]
mod tests {
    use super::WebOrigin;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for (text, expected) in [
            ("https://example.com", Some("https://example.com")),
            ("https://example.com:443", Some("https://example.com")),
            ("https://example.com:0443", Some("https://example.com")),
            ("http://example.com:80", Some("http://example.com")),
            ("http://example.com:443", Some("http://example.com:443")),
            ("https://EXAMPLE.com:8443", Some("https://example.com:8443")),
            ("HTTP://localhost:3000", Some("http://localhost:3000")),
            ("http://[::1]:3000", Some("http://[::1]:3000")),
            ("http://[::1]", Some("http://[::1]")),
            ("chrome-extension://abcdef", Some("chrome-extension://abcdef")),
            ("https://xn--bcher-kva.example", Some("https://xn--bcher-kva.example")),
            ("https://example.com/", None),
            ("https://example.com/path", None),
            ("https://example.com?q", None),
            ("https://example.com#f", None),
            ("https://user@example.com", None),
            ("https://example.com:", None),
            ("https://example.com:x", None),
            ("https://example.com:70000", None),
            ("https://example.com:+80", None),
            ("https://[::1", None),
            ("https://[::1]x", None),
            ("https://*.example.com", None),
            ("https://", None),
            ("://example.com", None),
            ("1http://example.com", None),
            ("example.com", None),
            ("null", None),
            ("*", None),
            ("", None),
            ("https://bücher.example", None),
            ("https://example.com ", None),
            ("https://a.example https://b.example", None),
        ] {
            assert_eq!(
                WebOrigin::parse(text).map(|origin| origin.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn a_host_is_compared_with_its_port() {
        for (origin, host, expected) in [
            ("https://example.com", "example.com", true),
            ("https://example.com", "EXAMPLE.com:443", true),
            ("https://example.com", "example.com:80", false),
            ("http://example.com:80", "example.com", true),
            ("http://localhost:3000", "localhost:3000", true),
            ("http://localhost:3001", "localhost:3000", false),
            ("http://localhost:3000", "127.0.0.1:3000", false),
            ("https://example.com", "example.com.evil.example", false),
            ("https://example.com", "evil@example.com", false),
            ("https://example.com", "", false),
            ("https://example.com", "example.com/", false),
        ] {
            let origin = WebOrigin::parse(origin).unwrap();
            assert_eq!(origin.is_at(host), expected, "{origin} {host}");
        }
    }
}
