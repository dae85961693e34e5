//! What `#[get]`, `routes![]`, `#[catch]` and `catchers![]` make, and what an app is assembled from.
//!
//! Everything here is data that the macros write down at compile time: no pattern is parsed and nothing is
//! allocated when a function starts.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use carafe_router::{Captures, Pattern};

use crate::error::Error;
use crate::extract::Need;
use crate::request::Request;
use crate::response::Response;

/// A boxed future that may move between threads: what an `async` handler becomes.
pub type BoxFuture<'r, T> = Pin<Box<dyn Future<Output = T> + Send + 'r>>;

/// One method and pattern, and the function that answers.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method in capitals, `"ANY"` for all of them.
    pub(crate) method: Cow<'static, str>,
    pub(crate) pattern: Pattern,
    pub(crate) origin: Origin,
    pub(crate) handler: Handler,
    /// Whether the typed path arguments can read their pieces of the path; `None` when all are text.
    pub(crate) accepts: Option<fn(&PathValues<'_>) -> bool>,
    /// What the extractors among the arguments ask of the app, one question for each.
    pub(crate) needs: &'static [fn() -> Option<Need>],
}

impl Route {
    /// What a route attribute writes down. Not for use by hand: `App::route` is the run-time door.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(
        method: &'static str,
        pattern: Pattern,
        origin: Origin,
        handler: Handler,
        accepts: Option<fn(&PathValues<'_>) -> bool>,
        needs: &'static [fn() -> Option<Need>],
    ) -> Route {
        Route { method: Cow::Borrowed(method), pattern, origin, handler, accepts, needs }
    }

    /// The method in capitals, `"ANY"` when the route answers all of them.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The pattern as it was written, with the prefix it is mounted under.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Name and place of the function.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }
}

/// A route of an app: one that the macros wrote down, or one that was made at run time. Neither is copied for it.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Written(&'static Route),
    Made(Arc<Route>),
}

impl Deref for Entry {
    type Target = Route;

    fn deref(&self) -> &Route {
        match self {
            Entry::Written(route) => route,
            Entry::Made(route) => route,
        }
    }
}

/// Where a handler stands in the source, for the route table and for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The function's name.
    pub name: &'static str,
    /// The file as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute, from 1.
    pub line: u32,
}

/// How a route's function is called: glue that reads the arguments, calls, and turns the result into an answer.
#[derive(Clone)]
pub enum Handler {
    /// A plain function: no box, no poll.
    Sync(for<'r> fn(&'r Request) -> Result<Response, Error>),
    /// An `async` function.
    Async(for<'r> fn(&'r Request) -> BoxFuture<'r, Result<Response, Error>>),
    /// A closure given to `App::route`.
    Dynamic(DynamicHandler),
}

/// The closure behind [`Handler::Dynamic`].
pub(crate) type DynamicHandler =
    Arc<dyn for<'r> Fn(&'r Request) -> BoxFuture<'r, Result<Response, Error>> + Send + Sync>;

impl Handler {
    /// Calls the function for this request.
    pub(crate) async fn call(&self, request: &Request) -> Result<Response, Error> {
        match self {
            Handler::Sync(function) => function(request),
            Handler::Async(function) => function(request).await,
            Handler::Dynamic(function) => function(request).await,
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Handler::Sync(_) => "Sync",
            Handler::Async(_) => "Async",
            Handler::Dynamic(_) => "Dynamic",
        })
    }
}

/// The pieces of one path that a pattern caught, while the router still asks whether the route fits.
#[derive(Clone, Copy, Debug)]
pub struct PathValues<'a> {
    captures: &'a Captures,
    raw_path: &'a str,
}

impl<'a> PathValues<'a> {
    pub(crate) fn new(captures: &'a Captures, raw_path: &'a str) -> PathValues<'a> {
        PathValues { captures, raw_path }
    }

    /// The decoded piece for the pattern's parameter at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&'a str> {
        self.captures.get(index, self.raw_path)
    }
}

/// A list of routes, as [`routes!`](crate::routes) makes it: in the order written, each function with all its attributes.
#[derive(Clone, Copy, Debug)]
pub struct Routes {
    lists: &'static [&'static [Route]],
}

impl Routes {
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(lists: &'static [&'static [Route]]) -> Routes {
        Routes { lists }
    }

    /// All routes in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &'static Route> + use<> {
        self.lists.iter().copied().flatten()
    }
}

/// A function that answers for a status, as `#[catch(404)]` or `#[catch(default)]` makes it.
#[derive(Clone, Copy, Debug)]
pub struct Catcher {
    /// The status it answers for; `None` is `default`.
    pub(crate) status: Option<u16>,
    pub(crate) origin: Origin,
    pub(crate) handler: CatchHandler,
    pub(crate) needs: &'static [fn() -> Option<Need>],
}

impl Catcher {
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(
        status: Option<u16>,
        origin: Origin,
        handler: CatchHandler,
        needs: &'static [fn() -> Option<Need>],
    ) -> Catcher {
        Catcher { status, origin, handler, needs }
    }

    /// The status it answers for, `None` for every error that has no catcher of its own.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Name and place of the function.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }
}

/// How a catcher's function is called.
#[derive(Clone, Copy)]
pub enum CatchHandler {
    /// A plain function.
    Sync(for<'r> fn(&'r Request, &'r Error) -> Result<Response, Error>),
    /// An `async` function.
    Async(for<'r> fn(&'r Request, &'r Error) -> BoxFuture<'r, Result<Response, Error>>),
}

impl CatchHandler {
    /// Calls the function for this request and the error that happened.
    ///
    /// An answer that does not name a status of its own carries the error's.
    pub(crate) async fn call(self, request: &Request, error: &Error) -> Result<Response, Error> {
        match self {
            CatchHandler::Sync(function) => function(request, error),
            CatchHandler::Async(function) => function(request, error).await,
        }
    }
}

impl fmt::Debug for CatchHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CatchHandler::Sync(_) => "Sync",
            CatchHandler::Async(_) => "Async",
        })
    }
}

/// A list of catchers, as [`catchers!`](crate::catchers) makes it.
#[derive(Clone, Copy, Debug)]
pub struct Catchers {
    lists: &'static [&'static [Catcher]],
}

impl Catchers {
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(lists: &'static [&'static [Catcher]]) -> Catchers {
        Catchers { lists }
    }

    /// All catchers in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &'static Catcher> + use<> {
        self.lists.iter().copied().flatten()
    }
}
