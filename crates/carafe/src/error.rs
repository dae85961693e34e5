//! The error type of handlers: a status and a text for the client, a cause for the log.

mod chain;
mod fault;

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use carafe_lambda::{Failure, FailureKind};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

pub(crate) use chain::{causes, words};
pub use fault::Fault;
pub(crate) use fault::{is_secret, may_be_secret};

/// The result of handlers, middleware and `main`.
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
/// Any error turns into one with `?`, `anyhow::Error` and `Box<dyn Error + Send + Sync>` too: the client reads a bare
/// 500, the log the whole chain. [`abort`] makes one whose text the client reads. [`Error::into_boxed`] is the way out,
/// for code that deals in `Box<dyn Error>`.
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
#[must_use = "an error answers nothing and does not leave the function by itself: `return Err(…)`"]
pub struct Error(Box<Inner>);

struct Inner {
    status: StatusCode,
    message: Cow<'static, str>,
    source: Option<Source>,
    headers: Option<HeaderMap>,
    faults: Vec<Fault>,
    /// What came with a refused form, and the page that shows it again: types of the rooms above.
    attached: Vec<Box<dyn Any + Send + Sync>>,
    panic: Option<Failure>,
    /// Set where an extractor refused an argument of a catcher: the default page of the first error is then the answer.
    refused_to_a_catcher: bool,
}

/// Makes the error that ends a handler: `return Err(abort(404, "No such post"))`.
///
/// The status is a number or a [`StatusCode`]. What is not a status, or is below 300, becomes 500.
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
    /// Makes an error for the terminal instead of a client.
    pub(crate) fn in_words(text: impl Into<String>) -> Error {
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, text.into())
    }

    /// Makes an error with a text that the client reads. A status of 1xx or 2xx becomes 500.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Error {
        let fine = status.is_success() || status.is_informational();
        let status = if fine { StatusCode::INTERNAL_SERVER_ERROR } else { status };
        Error(Box::new(Inner {
            status,
            message: message.into(),
            source: None,
            headers: None,
            faults: Vec::new(),
            attached: Vec::new(),
            panic: None,
            refused_to_a_catcher: false,
        }))
    }

    /// Makes an error of a status and its reason phrase.
    pub(crate) fn bare(status: StatusCode) -> Error {
        Error::new(status, status.canonical_reason().unwrap_or("Error"))
    }

    /// Makes a bare 500 with a cause for the log.
    pub(crate) fn from_source(source: Source) -> Error {
        Error::bare(StatusCode::INTERNAL_SERVER_ERROR).with_source(source)
    }

    /// Makes a bare 500 for a panic.
    pub(crate) fn from_panic(panic: Failure) -> Error {
        let mut error = Error::bare(StatusCode::INTERNAL_SERVER_ERROR);
        error.0.panic = Some(panic);
        error
    }

    /// Makes the 400 of arguments that could not be read, the 422 of those that are only refused: their sentences, one after
    /// the other.
    pub(crate) fn of_faults(faults: Vec<Fault>) -> Error {
        let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let is_read = !faults.is_empty() && faults.iter().all(|fault| fault.refused);
        let status = if is_read { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        let mut error = Error::new(status, sentences.join("; "));
        error.0.faults = faults;
        error
    }

    /// Attaches a value for code further out.
    pub(crate) fn attach<T: Send + Sync + 'static>(mut self, value: T) -> Error {
        self.0.attached.push(Box::new(value));
        self
    }

    /// Returns the attached value of this type.
    pub(crate) fn attached<T: 'static>(&self) -> Option<&T> {
        self.0.attached.iter().find_map(|value| value.downcast_ref())
    }

    /// Takes off the attached value of this type.
    pub(crate) fn detach<T: 'static>(&mut self) -> Option<T> {
        let place = self.0.attached.iter().position(|value| value.is::<T>())?;
        self.0.attached.swap_remove(place).downcast().ok().map(|value| *value)
    }

    /// Replaces the status; a success does not.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Error {
        if !status.is_success() && !status.is_informational() {
            self.0.status = status;
        }
        self
    }

    /// Adds a cause, which is logged and never sent.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// Adds a header, such as `retry-after` to a 503.
    ///
    /// ```
    /// use carafe::abort;
    /// use carafe::http::{HeaderValue, header::RETRY_AFTER};
    ///
    /// let error = abort(503, "Back in a minute").with_header(RETRY_AFTER, HeaderValue::from_static("60"));
    /// assert_eq!(error.headers().unwrap()["retry-after"], "60");
    /// ```
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Error {
        self.0.headers.get_or_insert_default().append(name, value);
        self
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the text for the client.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns whether this is a panic: the code that failed was left in the middle of what it did.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        self.0.panic.is_some()
    }

    /// Returns the headers for the answer.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// Returns the cause, which the client does not see.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| -> &(dyn StdError + 'static) { source.as_ref() })
    }

    /// Returns the arguments that could not be read, in the order of the handler's arguments; empty for other errors.
    ///
    /// ```
    /// use carafe::{App, Error, catch, catchers, get, routes};
    ///
    /// #[get("/search")]
    /// fn search(q: String, page: u32) -> String {
    ///     format!("{q} {page}")
    /// }
    ///
    /// #[catch(400)]
    /// fn bad(error: &Error) -> String {
    ///     error.faults().iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ")
    /// }
    ///
    /// let app = App::new().routes(routes![search]).catch(catchers![bad]);
    /// assert_eq!(app.test().get("/search?page=two").send().text(), "q, page");
    /// ```
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// Turns the error into a boxed [`std::error::Error`], for functions that return `Box<dyn Error + Send + Sync>`.
    ///
    /// It keeps all it has: converted back by `?`, its status and text are the same. `anyhow::Error::from_boxed` takes
    /// it too, but what comes back from there is an error like any other, a bare 500 with the text in the log.
    ///
    /// ```
    /// use std::error::Error as StdError;
    /// use carafe::{Error, abort};
    ///
    /// fn inner() -> Result<(), Box<dyn StdError + Send + Sync>> {
    ///     Err(abort(409, "Taken").into_boxed())
    /// }
    ///
    /// fn outer() -> carafe::Result {
    ///     Ok(inner()?)
    /// }
    ///
    /// assert_eq!(outer().unwrap_err().status(), 409);
    /// ```
    #[must_use]
    pub fn into_boxed(self) -> Box<dyn StdError + Send + Sync> {
        Box::new(Boxed(self))
    }

    /// Marks the refusal of an argument of a catcher.
    #[doc(hidden)]
    pub fn refused_to_a_catcher(mut self) -> Error {
        self.0.refused_to_a_catcher = true;
        self
    }

    /// Returns whether this is the refusal of an argument of a catcher.
    pub(crate) fn is_refused_to_a_catcher(&self) -> bool {
        self.0.refused_to_a_catcher
    }

    /// Returns the error that [`Error::into_boxed`] made a box of, or the box of another error.
    pub(crate) fn unboxed(source: Source) -> Result<Error, Source> {
        source.downcast::<Boxed>().map(|boxed| boxed.0)
    }

    /// Replaces headers: all values of each name.
    pub(crate) fn with_headers(mut self, headers: HeaderMap) -> Error {
        let own = self.0.headers.get_or_insert_default();
        for name in headers.keys() {
            own.remove(name);
        }
        own.extend(headers);
        self
    }

    /// Returns what the log says about the error; `None` where the client was told all there is.
    pub(crate) fn failure(&self) -> Option<Failure> {
        if let Some(panic) = &self.0.panic {
            return Some(panic.clone());
        }
        let kind = if self.status().is_client_error() { FailureKind::Request } else { FailureKind::Error };
        self.source().map(|source| Failure::new(kind, words(source)))
    }

    /// Returns the same where nobody answers for the error: then what the client might read is a failure as well.
    pub(crate) fn to_failure(&self) -> Failure {
        self.failure().unwrap_or_else(|| Failure::new(FailureKind::Error, format!("{self:?}")))
    }
}

/// Writes text and causes in one line, for people who may read all of it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(panic) = &self.0.panic {
            write!(f, ": panic: {}", panic.message)?;
        }
        self.source().map_or(Ok(()), |source| write!(f, ": {}", words(source)))
    }
}

/// Writes what a `main` that fails prints: as `Display`, but without the words of a bare 500 that has a cause.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source() {
            Some(source) if Some(&*self.0.message) == self.0.status.canonical_reason() => {
                f.write_str(&words(source))
            }
            _ => fmt::Display::fmt(self, f),
        }
    }
}

/// An [`Error`] on its way through code that deals in other errors.
struct Boxed(Error);

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.message())
    }
}

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl StdError for Boxed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

// `Error` does not implement `std::error::Error` itself: otherwise this would overlap with `From<T> for T`.
impl<E: Into<Source>> From<E> for Error {
    fn from(error: E) -> Error {
        Error::unboxed(error.into()).unwrap_or_else(Error::from_source)
    }
}
