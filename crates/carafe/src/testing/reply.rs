//! The answer to a request of a test.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::cookies::decoded;

/// The answer to a request of a test, as the client of a load balancer gets it.
///
/// ```
/// use carafe::{App, get, routes};
///
/// #[get("/")]
/// fn index() -> (carafe::StatusCode, &'static str) {
///     (carafe::StatusCode::ACCEPTED, "Hello")
/// }
///
/// let reply = App::new().routes(routes![index]).test().get("/").send();
/// assert_eq!((reply.status(), reply.text()), (carafe::StatusCode::ACCEPTED, "Hello"));
/// assert!(reply.header("content-type").unwrap().starts_with("text/html"));
/// ```
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    text: String,
    cookies: Vec<(String, String)>,
    refusal: Option<String>,
}

impl Reply {
    pub(super) fn new(response: Response<Bytes>) -> Reply {
        let (parts, body) = response.into_parts();
        let text = String::from_utf8_lossy(&body).into_owned();
        let lines = parts.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.filter_map(|line| line.split(';').next()?.split_once('='));
        let cookies = pairs.map(|(name, value)| (name.to_owned(), decoded(value).into_owned())).collect();
        Reply { status: parts.status, headers: parts.headers, body, text, cookies, refusal: None }
    }

    /// Makes the answer of a load balancer that refuses a request, or the function's answer to it.
    pub(super) fn refused(status: StatusCode, reason: &str) -> Reply {
        let mut response = Response::new(Bytes::from(status.to_string()));
        *response.status_mut() = status;
        Reply { refusal: Some(reason.to_owned()), ..Reply::new(response) }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns all headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the value of a cookie that the answer sets, as the app reads it.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Returns why a load balancer refused the request or the answer; `None` where the answer is the app's.
    ///
    /// ```
    /// use carafe::App;
    ///
    /// let reply = App::new().test().post("/").body(vec![b'x'; 2_000_000]).send();
    /// assert_eq!(reply.status(), 413);
    /// assert!(reply.refusal().is_some());
    /// ```
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Returns the body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body as text, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the body as JSON.
    ///
    /// # Panics
    ///
    /// When it is not, or does not fit the type.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that cannot go on has to fail, and to say why")]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error}: {}", self.text),
        }
    }
}
