//! Cookies that came, and cookies that go (RFC 6265).

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;

use crate::error::Error;

/// The cookies of a request and of its answer.
#[derive(Debug)]
pub struct Jar {
    request: carafe_lambda::Event,
    written: Mutex<Vec<Cookie>>,
}

impl Jar {
    pub(super) fn new(request: carafe_lambda::Event) -> Jar {
        Jar { request, written: Mutex::new(Vec::new()) }
    }

    /// The value of a cookie that came with the request, as it is: nothing is decoded but enclosing quotes are
    /// taken off. Of several with the name the last counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(own, _)| *own == name).last().map(|(_, value)| value)
    }

    /// All cookies that came with the request. A piece that is no cookie is passed over.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let header = self.request.header("cookie").unwrap_or_default();
        header.split(';').filter_map(|piece| {
            let (name, value) = piece.trim().split_once('=')?;
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            is_name(name).then_some((name, bare.unwrap_or(value)))
        })
    }

    /// Sets a cookie with the answer, whatever that will be.
    ///
    /// A name or value that a cookie cannot have makes the answer a 500, and the log says why.
    pub fn set(&self, cookie: impl Into<Cookie>) {
        let cookie = cookie.into();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|old| !old.replaces(&cookie));
        written.push(cookie);
    }

    /// Deletes a cookie with the answer. Path and domain must be those it was set with: for others than the usual
    /// give a whole [`Cookie`].
    pub fn delete(&self, cookie: impl Into<Cookie>) {
        let mut cookie = cookie.into();
        cookie.value.clear();
        cookie.max_age = Some(Duration::ZERO);
        self.set(cookie);
    }

    /// The `set-cookie` values for the answer.
    pub(crate) fn headers(&self) -> Result<Vec<HeaderValue>, Error> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.iter().map(Cookie::header).collect()
    }
}

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

/// Whether other sites' pages make a browser send the cookie.
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
    /// A cookie that lasts until the browser is closed.
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

    /// Only for paths below this one.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Cookie {
        self.path = path.into();
        self
    }

    /// For this domain and all below it, in place of just this host.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Cookie {
        self.domain = Some(domain.into());
        self
    }

    /// How long it lasts; parts of a second do not count.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Cookie {
        self.max_age = Some(max_age);
        self
    }

    /// Whether other sites' pages make a browser send it.
    #[must_use]
    pub fn same_site(mut self, same_site: SameSite) -> Cookie {
        self.same_site = Some(same_site);
        self
    }

    /// Out of reach for scripts.
    #[must_use]
    pub fn http_only(mut self) -> Cookie {
        self.http_only = true;
        self
    }

    /// Only over HTTPS.
    #[must_use]
    pub fn secure(mut self) -> Cookie {
        self.secure = true;
        self
    }

    /// Whether a browser would keep only the newer of the two.
    fn replaces(&self, other: &Cookie) -> bool {
        self.name == other.name && self.path == other.path && self.domain == other.domain
    }

    fn header(&self) -> Result<HeaderValue, Error> {
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

/// Only a name: for [`Jar::delete`].
impl From<&str> for Cookie {
    fn from(name: &str) -> Cookie {
        Cookie::new(name, "")
    }
}

/// A token of RFC 9110 §5.6.2.
fn is_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// A cookie-octet of RFC 6265 §4.1.1.
fn is_value_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}
