//! One cookie as a `set-cookie` line (RFC 6265 §4.1).

use std::fmt;
use std::time::Duration;

use http::HeaderValue;

use super::value::encoded;
use crate::error::{Error, Result};

/// A cookie to set: name, value, and how long and where it is valid.
///
/// Its path is `/` unless another is given, so that it is valid and can be deleted everywhere in the app. It is
/// [`secure`](Cookie::secure) without being told where browsers take it only so: with `SameSite=None`, and with a name
/// that begins with `__Host-` or `__Secure-`.
///
/// ```
/// use std::time::Duration;
/// use carafe::Cookie;
///
/// let cookie = Cookie::new("session", "abc").max_age(Duration::from_secs(3600)).http_only().secure();
/// assert_eq!(cookie.to_string(), "session=abc; Path=/; Max-Age=3600; HttpOnly; Secure");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a cookie is sent when `Cookies::set` gets it"]
pub struct Cookie {
    name: String,
    value: String,
    path: String,
    domain: Option<String>,
    max_age: Option<Duration>,
    same_site: Option<SameSite>,
    http_only: bool,
    secure: bool,
}

/// When a browser sends the cookie with requests that other sites cause (RFC 6265bis §5.6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Never.
    Strict,
    /// Only when the user follows a link.
    Lax,
    /// Always; the cookie is then limited to HTTPS, because browsers take it only so.
    None,
}

impl Cookie {
    /// Makes a cookie that lasts until the browser is closed. The value may be any text; it is percent-encoded where a
    /// cookie could not hold it.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Cookie {
        Cookie {
            name: name.into(),
            value: value.into(),
            path: "/".to_owned(),
            domain: None,
            max_age: None,
            same_site: None,
            http_only: false,
            secure: false,
        }
    }

    /// Limits the cookie to paths below this one.
    pub fn path(mut self, path: impl Into<String>) -> Cookie {
        self.path = path.into();
        self
    }

    /// Widens the cookie to this domain and all below it, in place of just this host.
    pub fn domain(mut self, domain: impl Into<String>) -> Cookie {
        self.domain = Some(domain.into());
        self
    }

    /// Sets how long the cookie lasts, in whole seconds.
    pub fn max_age(mut self, max_age: Duration) -> Cookie {
        self.max_age = Some(max_age);
        self
    }

    /// Sets whether requests that other sites cause carry the cookie.
    pub fn same_site(mut self, same_site: SameSite) -> Cookie {
        self.same_site = Some(same_site);
        self
    }

    /// Keeps the cookie out of reach for scripts.
    pub fn http_only(mut self) -> Cookie {
        self.http_only = true;
        self
    }

    /// Limits the cookie to HTTPS.
    pub fn secure(mut self) -> Cookie {
        self.secure = true;
        self
    }

    /// Returns the cookie that makes a browser forget this one.
    pub(super) fn expired(mut self) -> Cookie {
        self.value.clear();
        self.max_age = Some(Duration::ZERO);
        self
    }

    /// Returns whether a browser would keep only the newer of the two.
    pub(super) fn replaces(&self, other: &Cookie) -> bool {
        self.name == other.name && self.path == other.path && self.domain == other.domain
    }

    /// Returns the value of `set-cookie`, or why no browser would keep such a cookie.
    pub(super) fn header(&self) -> Result<HeaderValue> {
        let refused = |reason: String| {
            let name: String = self.name.chars().take(80).flat_map(char::escape_debug).collect();
            Error::from_source(format!("cookie `{name}` cannot be set: {reason}").into())
        };
        if !is_token(&self.name) {
            return Err(refused("a name is made of letters, digits and !#$%&'*+-.^_`|~".to_owned()));
        }
        // The limit of RFC 6265bis §5.6, beyond which browsers ignore the cookie.
        let length = self.name.len() + encoded(&self.value).len();
        if length > MOST_BYTES {
            return Err(refused(format!("name and value have {length} bytes, and may have {MOST_BYTES}")));
        }
        for (what, attribute) in [("path", Some(&self.path)), ("domain", self.domain.as_ref())] {
            let Some(attribute) = attribute else { continue };
            if !attribute.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b';') {
                return Err(refused(format!("its {what} may have no `;` and nothing but ASCII")));
            }
            // RFC 6265bis §5.6 again: browsers ignore the attribute.
            if attribute.len() > MOST_ATTRIBUTE_BYTES {
                return Err(refused(format!("its {what} may have {MOST_ATTRIBUTE_BYTES} bytes")));
            }
        }
        if !self.path.starts_with('/') {
            return Err(refused("its path has to begin with `/`".to_owned()));
        }
        if self.has_prefix("__Host-") && (self.path != "/" || self.domain.is_some()) {
            return Err(refused("with `__Host-` it has the path `/` and no domain".to_owned()));
        }
        Ok(HeaderValue::try_from(self.to_string())?)
    }

    /// Returns whether the name begins so, which browsers look at in any letter case (RFC 6265bis §5.7).
    fn has_prefix(&self, prefix: &str) -> bool {
        self.name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    /// Returns whether the cookie is limited to HTTPS, also because a browser would refuse it otherwise (RFC 6265bis
    /// §5.7).
    fn is_secure(&self) -> bool {
        self.secure
            || self.same_site == Some(SameSite::None)
            || self.has_prefix("__Secure-")
            || self.has_prefix("__Host-")
    }
}

/// The most bytes of name and value.
const MOST_BYTES: usize = 4096;
/// The most bytes of an attribute's value.
const MOST_ATTRIBUTE_BYTES: usize = 1024;

/// Writes the value of `set-cookie`.
impl fmt::Display for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}; Path={}", self.name, encoded(&self.value), self.path)?;
        if let Some(domain) = &self.domain {
            write!(f, "; Domain={domain}")?;
        }
        if let Some(age) = self.max_age {
            write!(f, "; Max-Age={}", age.as_secs())?;
            if age.is_zero() {
                f.write_str("; Expires=Thu, 01 Jan 1970 00:00:00 GMT")?;
            }
        }
        match self.same_site {
            Some(SameSite::Strict) => f.write_str("; SameSite=Strict")?,
            Some(SameSite::Lax) => f.write_str("; SameSite=Lax")?,
            Some(SameSite::None) => f.write_str("; SameSite=None")?,
            None => {}
        }
        if self.http_only {
            f.write_str("; HttpOnly")?;
        }
        if self.is_secure() { f.write_str("; Secure") } else { Ok(()) }
    }
}

impl<N: Into<String>, V: Into<String>> From<(N, V)> for Cookie {
    fn from((name, value): (N, V)) -> Cookie {
        Cookie::new(name, value)
    }
}

/// Makes a cookie without a value, for [`Cookies::delete`](crate::Cookies::delete).
impl From<&str> for Cookie {
    fn from(name: &str) -> Cookie {
        Cookie::new(name, "")
    }
}

/// Returns whether this is a token (RFC 9110 §5.6.2).
fn is_token(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cookie: &Cookie) -> String {
        cookie.header().unwrap().to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn refused(cookie: &Cookie, words: &str) {
        let error = cookie.header().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn what_browsers_take_only_over_https_is_secure() {
        let secure = |name: &str| format!("{name}=1; Path=/; Secure");
        for name in ["__Host-id", "__Secure-id", "__host-id", "__SECURE-id"] {
            assert_eq!(line(&Cookie::new(name, "1")), secure(name));
        }
        for name in ["Host-id", "__Hostid", "__Secure", "x__Host-"] {
            assert_eq!(line(&Cookie::new(name, "1")), format!("{name}=1; Path=/"));
        }
        let gone = "; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure";
        for name in ["__Host-session", "__Secure-session"] {
            assert_eq!(line(&Cookie::from(name).expired()), format!("{name}={gone}"));
        }
        let embedded = Cookie::new("a", "1").same_site(SameSite::None);
        assert_eq!(line(&embedded), "a=1; Path=/; SameSite=None; Secure");
        let domain = Cookie::new("__Secure-a", "1").domain("example.com").path("/x");
        assert_eq!(line(&domain), "__Secure-a=1; Path=/x; Domain=example.com; Secure");
    }

    #[test]
    fn what_browsers_do_not_keep_is_refused() {
        refused(&Cookie::new("__Host-a", "1").domain("example.com"), "no domain");
        refused(&Cookie::new("__host-a", "1").path("/admin"), "the path `/`");
        for name in ["", "a b", "a=b", "a;b", "größe", "foo[bar]", "a\n"] {
            refused(&Cookie::new(name, "1"), "a name is made of letters");
        }
        refused(&Cookie::new("a\n", "1"), "`a\\n`");
        refused(&Cookie::new("a", "1").path("admin"), "begin with `/`");
        refused(&Cookie::new("a", "1").path("/; HttpOnly"), "its path may have no `;`");
        refused(&Cookie::new("a", "1").path("/ü"), "nothing but ASCII");
        refused(&Cookie::new("a", "1").domain("x\r\ny"), "its domain");
    }

    #[test]
    fn lengths_are_those_that_browsers_keep() {
        assert_eq!(line(&Cookie::new("a", "x".repeat(4095))).len(), 4097 + "; Path=/".len());
        refused(&Cookie::new("a", "x".repeat(4096)), "4097 bytes");
        refused(&Cookie::new("a".repeat(4097), ""), "4097 bytes");
        refused(&Cookie::new("a", " ".repeat(1366)), "4099 bytes");
        let path = |length: usize| format!("/{}", "x".repeat(length - 1));
        assert!(Cookie::new("a", "1").path(path(1024)).header().is_ok());
        refused(&Cookie::new("a", "1").path(path(1025)), "1024 bytes");
        refused(&Cookie::new("a", "1").domain("x".repeat(1025)), "its domain may have 1024 bytes");
    }
}
