//! The one error a handler can fail with: what the client reads, and what only the log reads.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use carafe_lambda::{Failure, FailureKind};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// What a handler, a hook or `main` gives back.
///
/// ```
/// fn main() -> carafe::Result {
///     let number: u32 = "7".parse()?;
///     assert_eq!(number, 7);
///     Ok(())
/// }
/// ```
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync>;

/// An error answer: a status, a text for the client, and a cause for the log.
///
/// Any `std::error::Error` turns into one with `?`: the client reads a bare 500, the log the whole chain. [`abort`]
/// makes one whose text the client reads.
///
/// ```
/// use carafe::{Error, StatusCode, abort};
///
/// let error = abort(404, "No such post");
/// assert_eq!((error.status(), error.message()), (StatusCode::NOT_FOUND, "No such post"));
///
/// let error = Error::from("x".parse::<u8>().unwrap_err());
/// assert_eq!((error.status(), error.message()), (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"));
/// assert_eq!(error.to_string(), "Internal Server Error: invalid digit found in string");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    status: StatusCode,
    message: Cow<'static, str>,
    source: Option<Source>,
    headers: Option<HeaderMap>,
    panic: Option<Failure>,
}

/// Ends a handler with an error answer: `return Err(abort(404, "No such post"))`.
///
/// The status is a number or a [`StatusCode`]. What is no status, or would be a success, becomes 500.
///
/// ```
/// # use carafe::{abort, get, Result};
/// #[get("/posts/<id>")]
/// fn show(id: u32) -> Result<String> {
///     if id > 9 {
///         return Err(abort(404, format!("No post {id}")));
///     }
///     Ok(format!("Post {id}"))
/// }
/// assert_eq!(show(10).unwrap_err().status().as_u16(), 404);
/// ```
pub fn abort(status: impl TryInto<StatusCode>, message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(status.try_into().unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), message)
}

impl Error {
    /// An error for the terminal, not for a client.
    pub(crate) fn in_words(text: impl Into<String>) -> Error {
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, text.into())
    }

    /// An error with a text that the client reads. An error is no success: 1xx and 2xx become 500.
    #[must_use]
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Error {
        let fine = status.is_success() || status.is_informational();
        let status = if fine { StatusCode::INTERNAL_SERVER_ERROR } else { status };
        Error(Box::new(Inner { status, message: message.into(), source: None, headers: None, panic: None }))
    }

    /// The status and its usual words.
    pub(crate) fn bare(status: StatusCode) -> Error {
        Error::new(status, status.canonical_reason().unwrap_or("Error"))
    }

    /// A bare 500 with a cause for the log.
    pub(crate) fn from_source(source: Source) -> Error {
        Error::bare(StatusCode::INTERNAL_SERVER_ERROR).with_source(source)
    }

    /// A bare 500 for a panic.
    pub(crate) fn from_panic(panic: Failure) -> Error {
        let mut error = Error::bare(StatusCode::INTERNAL_SERVER_ERROR);
        error.0.panic = Some(panic);
        error
    }

    /// The same with a cause, which is logged and never sent.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// The same with a header, such as `retry-after` of a 503.
    ///
    /// ```
    /// use carafe::abort;
    /// use http::{HeaderValue, header::RETRY_AFTER};
    ///
    /// let error = abort(503, "Back in a minute").with_header(RETRY_AFTER, HeaderValue::from_static("60"));
    /// assert_eq!(error.headers().unwrap()["retry-after"], "60");
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Error {
        self.0.headers.get_or_insert_default().append(name, value);
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The text for the client.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Headers for the answer.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// The cause, which the client does not see.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| -> &(dyn StdError + 'static) { source.as_ref() })
    }

    /// What the log says about it; nothing where the client was told all there is.
    pub(crate) fn failure(&self) -> Option<Failure> {
        if let Some(panic) = &self.0.panic {
            return Some(panic.clone());
        }
        self.source().map(|source| Failure::new(FailureKind::Error, Chain(source).to_string()))
    }
}

/// An error and all its causes, in one line.
struct Chain<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// Text and causes in one line: for people who may read all of it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(panic) = &self.0.panic {
            write!(f, ": panic: {}", panic.message)?;
        }
        self.source().map_or(Ok(()), |source| write!(f, ": {}", Chain(source)))
    }
}

/// What a `main` that fails prints: as `Display`, but a bare 500 says nothing there beside its cause.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source() {
            Some(source) if Some(&*self.0.message) == self.0.status.canonical_reason() => {
                fmt::Display::fmt(&Chain(source), f)
            }
            _ => fmt::Display::fmt(self, f),
        }
    }
}

// `Error` itself is no `std::error::Error`: only so every other one can become it by `?`.
impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Error {
        Error::from_source(Box::new(error))
    }
}
