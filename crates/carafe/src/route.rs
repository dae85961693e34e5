//! Routes: a method, a pattern and the function that answers.
//!
//! The macros write them down at compile time as constants: no pattern is parsed and nothing is allocated when a
//! function starts.

mod answering;
mod endpoint;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use carafe_router::{Captures, Pattern};

pub use answering::Answering;
pub use endpoint::{CsrfOff, Endpoint};

use crate::argument::Requirements;
use crate::argument::field::Field;
use crate::error::Result;
use crate::panics::fenced_now;
use crate::request::Request;

/// One method and pattern, and the function that answers.
///
/// ```
/// use carafe::{get, routes};
///
/// #[get("/posts/<id>")]
/// fn show(id: u32) -> String {
///     id.to_string()
/// }
///
/// let list = routes![show];
/// let route = list.iter().next().unwrap();
/// assert_eq!((route.method(), route.pattern()), ("GET", "/posts/<id>"));
/// ```
#[derive(Clone, Debug)]
pub struct Route {
    /// The method in capitals, `"ANY"` for all of them.
    method: Cow<'static, str>,
    pattern: Pattern,
    origin: Origin,
    handler: Handler,
    /// Asks the typed path arguments whether they can read their pieces of the path; `None` when all are text.
    accepts: Option<fn(&PathValues<'_>) -> bool>,
    requires: &'static [fn(&mut Requirements<'_>)],
    csrf_is_off: bool,
}

impl Route {
    /// Makes the route of an attribute. Not for use by hand: `App::route` is the run-time door.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(
        method: &'static str,
        pattern: Pattern,
        origin: Origin,
        handler: HandlerFn,
        accepts: Option<fn(&PathValues<'_>) -> bool>,
        requires: &'static [fn(&mut Requirements<'_>)],
    ) -> Route {
        let handler = Handler::Function(handler);
        Route {
            method: Cow::Borrowed(method),
            pattern,
            origin,
            handler,
            accepts,
            requires,
            csrf_is_off: false,
        }
    }

    /// Notes `csrf = off` of an attribute.
    #[doc(hidden)]
    #[must_use]
    pub const fn csrf_off(mut self) -> Route {
        self.csrf_is_off = true;
        self
    }

    /// Makes a route at run time.
    pub(crate) fn made<M>(
        method: String,
        pattern: Pattern,
        origin: Origin,
        endpoint: impl Endpoint<M>,
    ) -> Route {
        Route {
            csrf_is_off: endpoint.csrf_is_off(),
            method: method.into(),
            pattern,
            origin,
            handler: endpoint.into_handler(),
            accepts: None,
            requires: &[],
        }
    }

    /// Returns the method in capitals, `"ANY"` when the route answers all of them.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the pattern as it was written, without a mount.
    #[must_use]
    pub fn pattern(&self) -> &str {
        self.pattern.as_str()
    }

    pub(crate) fn parsed_pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Returns name and place of the function.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Returns whether [`App::route`](crate::App::route) made the route, and no attribute.
    #[must_use]
    pub fn is_made_at_run_time(&self) -> bool {
        matches!(self.handler, Handler::Closure(_))
    }

    /// Returns whether the route's attribute says `csrf = off`, or its handler is [`CsrfOff`], so that pages of other sites
    /// may send to it.
    #[must_use]
    pub fn csrf_is_off(&self) -> bool {
        self.csrf_is_off
    }

    /// Returns the path of these values, if the route would match it.
    pub(crate) fn path_of(&self, values: &[&str]) -> Option<String> {
        let path = self.pattern.url(values);
        // A browser takes dot segments away, however they are written, and then asks for another path (RFC 3986 §5.2.4).
        let is_plain = path.split('/').all(|segment| !matches!(segment, "." | ".."));
        let accepts = |captures: Captures| self.accepts(&captures, &path).unwrap_or_default();
        (is_plain && self.pattern.captures(&path).is_some_and(accepts)).then_some(path)
    }

    pub(crate) fn handler(&self) -> &Handler {
        &self.handler
    }

    pub(crate) fn requires(&self) -> &'static [fn(&mut Requirements<'_>)] {
        self.requires
    }

    /// Returns whether the typed path arguments can read what the pattern captured. Their code is the author's: a panic
    /// is an error.
    pub(crate) fn accepts(&self, captures: &Captures, raw_path: &str) -> Result<bool> {
        match self.accepts {
            None => Ok(true),
            Some(accepts) => fenced_now(|| accepts(&PathValues { captures, raw_path })),
        }
    }
}

/// The place of a handler in the source, for the route table and for messages.
///
/// ```
/// use carafe::{get, routes};
///
/// #[get("/posts/<id>")]
/// fn show(id: u32) -> String {
///     id.to_string()
/// }
///
/// let list = routes![show];
/// assert_eq!(list.iter().next().unwrap().origin().name, "show");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The function's name.
    pub name: &'static str,
    /// The file as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute, from 1.
    pub line: u32,
}

impl Origin {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, file: &'static str, line: u32) -> Origin {
        Origin { name, file, line }
    }
}

/// Writes `fn name, file:line`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fn {}, {}:{}", self.name, self.file, self.line)
    }
}

/// Reads a handler's arguments, calls it, and turns what it returns into an answer.
pub(crate) type HandlerFn = for<'r> fn(&'r Request) -> Answering<'r>;

/// The same as a closure, given to `App::route`.
pub(crate) type HandlerClosure = Arc<dyn for<'r> Fn(&'r Request) -> Answering<'r> + Send + Sync>;

/// A route's function: a constant of the program, or a closure on the heap.
#[derive(Clone)]
pub enum Handler {
    /// The function that an attribute wrote down.
    Function(HandlerFn),
    /// The closure that `App::route` was given.
    Closure(HandlerClosure),
}

impl Handler {
    pub(crate) fn call<'r>(&self, request: &'r Request) -> Answering<'r> {
        match self {
            Handler::Function(function) => function(request),
            Handler::Closure(closure) => closure(request),
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Handler::Function(_) => "Function",
            Handler::Closure(_) => "Closure",
        })
    }
}

/// The pieces of one path that a pattern captured, while the router still asks whether the route fits.
#[derive(Clone, Copy, Debug)]
pub struct PathValues<'a> {
    captures: &'a Captures,
    raw_path: &'a str,
}

impl<'a> PathValues<'a> {
    /// Returns the decoded piece for the pattern's parameter at `index`.
    #[doc(hidden)]
    #[must_use]
    pub fn piece(&self, index: usize, name: &'static str) -> Field<'a> {
        Field::one(name, self.captures.get(index, self.raw_path))
    }
}
