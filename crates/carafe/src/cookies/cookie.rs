//! One cookie as a `set-cookie` line (RFC 6265 §4.1).

use std::fmt::{self, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use httpdate::HttpDate;

use super::value::encoded;
use crate::error::{Error, Result};

/// A cookie to set: name, value, and how long and where it is valid.
///
/// Unless told otherwise its path is `/`, so that it is valid and can be deleted everywhere in the app; scripts cannot
/// read it; it is sent from other sites only when the user follows a link (`SameSite=Lax`); and it is limited to HTTPS
/// where the request came over HTTPS. With `SameSite=None`, and with a name that begins with `__Host-` or `__Secure-`,
/// it is always limited to HTTPS, because browsers take it only so.
///
/// As text it is what leaves over HTTPS:
///
/// ```
/// use std::time::Duration;
/// use carafe::Cookie;
///
/// let cookie = Cookie::new("theme", "dark").max_age(Duration::from_secs(3600));
/// assert_eq!(cookie.to_string(), "theme=dark; Path=/; Max-Age=3600; SameSite=Lax; HttpOnly; Secure");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a cookie is sent when `Cookies::set` gets it"]
pub struct Cookie {
    name: String,
    value: String,
    path: String,
    domain: Option<String>,
    max_age: Option<Duration>,
    expires: Option<SystemTime>,
    same_site: SameSite,
    http_only: bool,
    /// Whether it is limited to HTTPS; `None` where the request decides.
    secure: Option<bool>,
}

/// When a browser sends the cookie with requests that other sites cause (RFC 6265bis §5.6.7).
///
/// ```
/// use carafe::{Cookie, SameSite};
///
/// let cookie = Cookie::new("cart", "7").same_site(SameSite::Strict);
/// assert!(cookie.to_string().contains("SameSite=Strict"));
/// ```
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
            expires: None,
            same_site: SameSite::Lax,
            http_only: true,
            secure: None,
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

    /// Sets when the cookie ends, in whole seconds. Where there is a [`max_age`](Cookie::max_age) too, that counts.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use carafe::Cookie;
    ///
    /// let cookie = Cookie::new("seen", "1").expires(SystemTime::UNIX_EPOCH + Duration::from_secs(86_400));
    /// assert!(cookie.to_string().starts_with("seen=1; Path=/; Expires=Fri, 02 Jan 1970 00:00:00 GMT;"));
    /// ```
    pub fn expires(mut self, at: SystemTime) -> Cookie {
        self.expires = Some(at);
        self
    }

    /// Sets whether requests that other sites cause carry the cookie: `Lax` unless set.
    pub fn same_site(mut self, same_site: SameSite) -> Cookie {
        self.same_site = same_site;
        self
    }

    /// Sets whether the cookie is out of reach for scripts: it is unless set.
    pub fn http_only(mut self, http_only: bool) -> Cookie {
        self.http_only = http_only;
        self
    }

    /// Sets whether the cookie is limited to HTTPS: it is where the request came over HTTPS, unless set.
    pub fn secure(mut self, secure: bool) -> Cookie {
        self.secure = Some(secure);
        self
    }

    /// Replaces the name, for code that sets cookies of others under a name of its own.
    pub fn with_name(mut self, name: impl Into<String>) -> Cookie {
        self.name = name.into();
        self
    }

    /// Replaces the value, for code that encrypts it.
    pub fn with_value(mut self, value: impl Into<String>) -> Cookie {
        self.value = value.into();
        self
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value, as it was given.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns when a browser that gets the cookie now forgets it; `None` where that is when it is closed.
    #[must_use]
    pub fn end(&self) -> Option<SystemTime> {
        match self.max_age {
            Some(age) => SystemTime::now().checked_add(age),
            None => self.expires,
        }
    }

    /// Returns the cookie that makes a browser forget this one.
    pub(super) fn expired(mut self) -> Cookie {
        self.value.clear();
        self.max_age = Some(Duration::ZERO);
        self.expires = Some(SystemTime::UNIX_EPOCH);
        self
    }

    /// Returns whether a browser would keep only the newer of the two.
    pub(super) fn replaces(&self, other: &Cookie) -> bool {
        self.name == other.name && self.path == other.path && self.domain == other.domain
    }

    /// Returns the value of `set-cookie` for an answer over HTTPS or not, or why no browser would keep such a cookie.
    pub(super) fn header(&self, https: bool) -> Result<HeaderValue> {
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
        Ok(HeaderValue::try_from(self.line(https))?)
    }

    /// Returns whether the name begins so, which browsers look at in any letter case (RFC 6265bis §5.7).
    fn has_prefix(&self, prefix: &str) -> bool {
        self.name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    /// Returns whether the cookie is limited to HTTPS, also because a browser would refuse it otherwise (RFC 6265bis
    /// §5.7).
    fn is_secure(&self, https: bool) -> bool {
        self.secure.unwrap_or(https)
            || self.same_site == SameSite::None
            || self.has_prefix("__Secure-")
            || self.has_prefix("__Host-")
    }

    /// Writes the value of `set-cookie`.
    fn line(&self, https: bool) -> String {
        let mut line = format!("{}={}; Path={}", self.name, encoded(&self.value), self.path);
        // Writing to memory does not fail.
        if let Some(domain) = &self.domain {
            let _ = write!(line, "; Domain={domain}");
        }
        if let Some(age) = self.max_age {
            let _ = write!(line, "; Max-Age={}", age.as_secs());
        }
        if let Some(at) = self.expires {
            let _ = write!(line, "; Expires={}", date(at));
        }
        let _ = write!(line, "; SameSite={:?}", self.same_site);
        if self.http_only {
            line.push_str("; HttpOnly");
        }
        if self.is_secure(https) {
            line.push_str("; Secure");
        }
        line
    }
}

/// Writes a date as cookies have it (RFC 6265 §4.1.1), which has no years before 1970 and after 9999.
fn date(at: SystemTime) -> HttpDate {
    let last = UNIX_EPOCH.checked_add(Duration::from_secs(253_402_300_799)).unwrap_or(UNIX_EPOCH);
    HttpDate::from(at.clamp(UNIX_EPOCH, last))
}

/// The most bytes of name and value.
const MOST_BYTES: usize = 4096;
/// The most bytes of an attribute's value.
const MOST_ATTRIBUTE_BYTES: usize = 1024;

/// Writes the value of `set-cookie` as it leaves over HTTPS.
impl fmt::Display for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(true))
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

    /// Returns the line over plain HTTP.
    fn line(cookie: &Cookie) -> String {
        cookie.header(false).unwrap().to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn refused(cookie: &Cookie, words: &str) {
        let error = cookie.header(true).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn what_browsers_take_only_over_https_is_secure() {
        let secure = |name: &str| format!("{name}=1; Path=/; SameSite=Lax; HttpOnly; Secure");
        for name in ["__Host-id", "__Secure-id", "__host-id", "__SECURE-id"] {
            assert_eq!(line(&Cookie::new(name, "1")), secure(name));
        }
        for name in ["Host-id", "__Hostid", "__Secure", "x__Host-"] {
            assert_eq!(line(&Cookie::new(name, "1")), format!("{name}=1; Path=/; SameSite=Lax; HttpOnly"));
        }
        let gone =
            "; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax; HttpOnly; Secure";
        for name in ["__Host-session", "__Secure-session"] {
            assert_eq!(line(&Cookie::from(name).expired()), format!("{name}={gone}"));
        }
        let unsaid = Cookie::new("__Host-id", "1").secure(false);
        assert_eq!(line(&unsaid), secure("__Host-id"));
        let embedded = Cookie::new("a", "1").same_site(SameSite::None);
        assert_eq!(line(&embedded), "a=1; Path=/; SameSite=None; HttpOnly; Secure");
        let domain = Cookie::new("__Secure-a", "1").domain("example.com").path("/x");
        assert_eq!(
            line(&domain),
            "__Secure-a=1; Path=/x; Domain=example.com; SameSite=Lax; HttpOnly; Secure"
        );
    }

    #[test]
    fn attributes_are_the_safe_ones_unless_told() {
        let over_https = |cookie: Cookie| cookie.header(true).unwrap().to_str().unwrap().to_owned();
        assert_eq!(line(&Cookie::new("a", "1")), "a=1; Path=/; SameSite=Lax; HttpOnly");
        assert_eq!(over_https(Cookie::new("a", "1")), "a=1; Path=/; SameSite=Lax; HttpOnly; Secure");
        let strict = Cookie::new("a", "1").same_site(SameSite::Strict).http_only(false);
        assert_eq!(over_https(strict), "a=1; Path=/; SameSite=Strict; Secure");
        assert_eq!(over_https(Cookie::new("a", "1").secure(false)), "a=1; Path=/; SameSite=Lax; HttpOnly");
        assert_eq!(line(&Cookie::new("a", "1").secure(true)), "a=1; Path=/; SameSite=Lax; HttpOnly; Secure");
    }

    #[test]
    fn ends_are_dates_that_cookies_can_have() {
        let after = |seconds: u64| UNIX_EPOCH + Duration::from_secs(seconds);
        for (at, date) in [
            (after(86_400), "Fri, 02 Jan 1970 00:00:00 GMT"),
            (after(1_764_361_234), "Fri, 28 Nov 2025 20:20:34 GMT"),
            (UNIX_EPOCH - Duration::from_secs(1), "Thu, 01 Jan 1970 00:00:00 GMT"),
            (after(253_402_300_799), "Fri, 31 Dec 9999 23:59:59 GMT"),
            (after(253_402_300_800), "Fri, 31 Dec 9999 23:59:59 GMT"),
            (after(u64::MAX >> 1), "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            let cookie = Cookie::new("a", "1").expires(at);
            assert_eq!(line(&cookie), format!("a=1; Path=/; Expires={date}; SameSite=Lax; HttpOnly"));
            assert_eq!(cookie.end(), Some(at));
        }
        assert_eq!(Cookie::new("a", "1").end(), None);
        let both = Cookie::new("a", "1").expires(after(1)).max_age(Duration::from_secs(60));
        assert!(both.end().unwrap() > SystemTime::now());
        assert_eq!(Cookie::new("a", "1").max_age(Duration::MAX).end(), None);
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
    fn one_of_the_same_name_path_and_domain_replaces() {
        let cookie = || Cookie::new("a", "1");
        assert!(Cookie::new("a", "2").replaces(&cookie()));
        for other in [Cookie::new("b", "1"), cookie().path("/x"), cookie().domain("example.com")] {
            assert!(!other.replaces(&cookie()), "{other}");
        }
    }

    #[test]
    fn lengths_are_those_that_browsers_keep() {
        assert_eq!(
            line(&Cookie::new("a", "x".repeat(4095))).len(),
            4097 + "; Path=/; SameSite=Lax; HttpOnly".len()
        );
        refused(&Cookie::new("a", "x".repeat(4096)), "4097 bytes");
        refused(&Cookie::new("a".repeat(4097), ""), "4097 bytes");
        refused(&Cookie::new("a", " ".repeat(1366)), "4099 bytes");
        let path = |length: usize| format!("/{}", "x".repeat(length - 1));
        assert!(Cookie::new("a", "1").path(path(1024)).header(true).is_ok());
        refused(&Cookie::new("a", "1").path(path(1025)), "1024 bytes");
        refused(&Cookie::new("a", "1").domain("x".repeat(1025)), "its domain may have 1024 bytes");
    }
}
