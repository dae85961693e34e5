//! One cookie as a `set-cookie` line (RFC 6265 §4.1).

use std::fmt;
use std::time::Duration;

use http::HeaderValue;

use crate::error::Error;

/// A cookie to set: name, value, and how long and where it is valid.
///
/// Its path is `/` unless another is given, so that it is valid and can be deleted everywhere in the app.
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
    /// Always; browsers want the cookie to be secure then.
    None,
}

impl Cookie {
    /// Makes a cookie that lasts until the browser is closed.
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

    /// Returns the value of `set-cookie`.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let bad = |what: &str, text: &str| {
            Error::from_source(format!("cookie `{}` cannot be sent: {what} {text:?}", self.name).into())
        };
        if !is_name(&self.name) {
            return Err(bad("its name is", &self.name));
        }
        if !self.value.bytes().all(is_value_byte) {
            return Err(bad("its value is", &self.value));
        }
        for attribute in [Some(&self.path), self.domain.as_ref()].into_iter().flatten() {
            if !attribute.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b';') {
                return Err(bad("its path or domain is", attribute));
            }
        }
        Ok(HeaderValue::try_from(self.to_string())?)
    }
}

impl fmt::Display for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}; Path={}", self.name, self.value, self.path)?;
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
        if self.secure { f.write_str("; Secure") } else { Ok(()) }
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
pub(super) fn is_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Returns whether this is a cookie-octet (RFC 6265 §4.1.1).
fn is_value_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}
