//! Cookies that came with the request, and cookies that leave with the answer (RFC 6265).

mod cookie;
mod value;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::HeaderValue;

pub use cookie::{Cookie, SameSite};
pub(crate) use value::{decoded, encoded};

use crate::error::Result;

/// The cookies of a request and of its answer.
///
/// As an argument it reads the cookies that came and sets or deletes some with the answer, whatever that will be. A value
/// may be any text: what a cookie cannot hold is percent-encoded on the way out and decoded on the way in.
///
/// ```
/// use carafe::{App, Cookies, Result, get, routes};
///
/// #[get("/visit")]
/// fn visit(cookies: Cookies) -> Result<String> {
///     let visits = cookies.get("visits").and_then(|text| text.parse().ok()).unwrap_or(0) + 1;
///     cookies.set(("visits", visits.to_string()))?;
///     Ok(format!("Visit {visits}"))
/// }
///
/// let client = App::new().routes(routes![visit]).test();
/// assert_eq!(client.get("/visit").send().text(), "Visit 1");
/// assert_eq!(client.get("/visit").send().text(), "Visit 2"); // the client keeps cookies
/// ```
#[derive(Clone, Debug)]
pub struct Cookies(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    event: carafe_lambda::Event,
    /// What [`App::assume_https`](crate::App::assume_https) says.
    assume_https: bool,
    /// The values that have a `%`, decoded, in the order they came: most requests have none.
    decoded: OnceLock<Vec<String>>,
    written: Mutex<Vec<Written>>,
}

/// A cookie that leaves, and its line.
#[derive(Debug)]
struct Written {
    cookie: Cookie,
    line: HeaderValue,
}

impl Cookies {
    pub(crate) fn new(event: carafe_lambda::Event, assume_https: bool) -> Cookies {
        Cookies(Arc::new(Inner {
            event,
            assume_https,
            decoded: OnceLock::new(),
            written: Mutex::new(Vec::new()),
        }))
    }

    /// Returns the value of a cookie that came with the request, decoded and without enclosing quotes. Of several with
    /// the name it is the first: browsers send the one for the most specific path first (RFC 6265 §5.4).
    ///
    /// A value that is not percent-encoded UTF-8 is returned as it came.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let (place, (_, raw)) = self.raw().enumerate().find(|(_, (own, _))| *own == name)?;
        if raw.contains('%') { self.iter().nth(place).map(|(_, value)| value) } else { Some(raw) }
    }

    /// Returns all cookies that came with the request. A piece without `=`, or without a name, is passed over.
    ///
    /// A name may be any text without `=`, `;` and control characters, as browsers have it (RFC 6265 §5.2), though only a
    /// token can be [set](Cookies::set).
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut decoded = None;
        self.raw().map(move |(name, raw)| {
            if !raw.contains('%') {
                return (name, raw);
            }
            let values = decoded.get_or_insert_with(|| self.decoded().iter());
            (name, values.next().map_or(raw, String::as_str))
        })
    }

    /// Returns name and value of all cookies that came, as they stand but without enclosing quotes.
    fn raw(&self) -> impl Iterator<Item = (&str, &str)> {
        let header = self.0.event.header("cookie").unwrap_or_default();
        let mut rest = Some(header);
        let pieces = std::iter::from_fn(move || {
            let whole = rest?;
            let (piece, after) =
                cut(whole, b';').map_or((whole, None), |(piece, after)| (piece, Some(after)));
            rest = after;
            Some(piece)
        });
        pieces.filter_map(|piece| {
            let (name, value) = cut(piece, b'=')?;
            let (name, value) = (name.trim_ascii(), value.trim_ascii());
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let is_name = !name.is_empty() && !name.contains(char::is_control);
            is_name.then_some((name, bare.unwrap_or(value)))
        })
    }

    fn decoded(&self) -> &[String] {
        self.0.decoded.get_or_init(|| {
            let values = self.raw().map(|(_, raw)| raw).filter(|raw| raw.contains('%'));
            values.map(|raw| decoded(raw).into_owned()).collect()
        })
    }

    /// Sets a cookie with the answer, whatever that will be: a [`Cookie`], or a name and a value.
    ///
    /// # Errors
    ///
    /// The cookie is one that a browser would not keep, or not as it is meant: its name is not a token, name and value
    /// are longer than 4,096 bytes, a `__Host-` cookie has a domain … It is then not set. With `?` the error is the
    /// answer: a bare 500 whose reason is in the log.
    pub fn set(&self, cookie: impl Into<Cookie>) -> Result {
        let cookie = cookie.into();
        let line = cookie.header(is_https(&self.0.event, self.0.assume_https))?;
        let mut written = self.0.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|old| !old.cookie.replaces(&cookie));
        written.push(Written { cookie, line });
        Ok(())
    }

    /// Deletes a cookie with the answer. Path and domain must be those it was set with: for others than the usual
    /// give a whole [`Cookie`].
    ///
    /// # Errors
    ///
    /// The cookie is one that cannot be set either.
    pub fn delete(&self, cookie: impl Into<Cookie>) -> Result {
        self.set(cookie.into().expired())
    }

    /// Returns the `set-cookie` values for the answer.
    pub(crate) fn headers(&self) -> Vec<HeaderValue> {
        let written = self.0.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.iter().map(|written| written.line.clone()).collect()
    }
}

/// Splits a text at the first such character of ASCII. A search by pattern costs several times as much where texts are as short as
/// those in a cookie.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let (start, rest) = text.split_at_checked(text.bytes().position(|byte| byte == at)?)?;
    Some((start, rest.get(1..)?))
}

/// Returns whether a client came over HTTPS: unless the listener says `http`, and always where the app assumes it.
pub(crate) fn is_https(event: &carafe_lambda::Event, assume: bool) -> bool {
    assume || !event.scheme().is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
}
