//! The way of a request through middleware to its destination, and of errors to their catchers.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use carafe_lambda::Failure;
use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};

use super::DynMiddleware;
use super::stack::Stack;
use crate::body::Body;
use crate::catcher::{self, Catcher};
use crate::error::{Error, Result};
use crate::form::Page;
use crate::panics::{fenced, fenced_now};
use crate::request::Request;
use crate::response::error_page::{add_headers, error_page};
use crate::response::{Response, answers};
use crate::returned::overrides::Overrides;
use crate::route::{Answering, Handler, Route};

/// The rest of the way behind a middleware: further middleware, and then the handler.
///
/// ```
/// use carafe::http::HeaderValue;
/// use carafe::{App, Next, Request, Response, get, routes};
///
/// async fn tagged(request: &Request, next: Next<'_>) -> Response {
///     let mut response = next.run(request).await;
///     response.headers_mut().insert("x-app", HeaderValue::from_static("posts"));
///     response
/// }
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Hello"
/// }
///
/// let client = App::new().around(tagged).routes(routes![index]).test();
/// assert_eq!(client.get("/").send().header("x-app"), Some("posts"));
/// ```
#[derive(Clone, Copy)]
#[must_use = "without `next.run(request).await` the handler does not run"]
pub struct Next<'r> {
    /// The app and the groups around the destination, outermost first.
    levels: &'r [Arc<Level>],
    /// The level that is being gone through.
    depth: usize,
    /// The next of its middleware.
    step: usize,
    destination: &'r Destination<'r>,
}

/// The app, or a group of routes in it.
#[derive(Clone, Default)]
pub(crate) struct Level {
    pub(crate) middleware: Stack,
    pub(crate) catchers: Vec<&'static Catcher>,
    pub(crate) body_limit: Option<usize>,
}

/// The destination of a request.
#[derive(Debug)]
pub(crate) enum Destination<'r> {
    /// A route, and the most bytes of a body that it takes.
    Route(&'r Route, Option<usize>),
    /// The path has routes, but not for this method: these are its methods.
    OtherMethods(Vec<&'r str>),
    NotFound,
    /// Something went wrong while a route was looked for.
    Failed(Mutex<Option<Error>>),
}

impl<'r> Next<'r> {
    /// Begins at the outermost level.
    pub(crate) fn new(levels: &'r [Arc<Level>], destination: &'r Destination<'r>) -> Next<'r> {
        Next { levels, depth: 0, step: 0, destination }
    }

    /// Runs what comes next, and returns its answer.
    ///
    /// An error inside has been answered by the nearest catcher;
    /// [`ResponseExt::error`](crate::ResponseExt::error) says what it was.
    pub async fn run(mut self, request: &Request) -> Response {
        let outcome = loop {
            let Some(level) = self.levels.get(self.depth) else {
                self.depth = self.levels.len().saturating_sub(1);
                break self.destination.answer(request).await;
            };
            if let Some(middleware) = level.middleware.get(self.step) {
                let next = Next { step: self.step + 1, ..self };
                break Work::Middleware(&**middleware, next).run_fenced(request).await;
            }
            (self.depth, self.step) = (self.depth + 1, 0);
        };
        match outcome {
            Ok(response) => response,
            Err(error) => {
                answer_error(request, error, self.levels.get(..=self.depth).unwrap_or_default()).await
            }
        }
    }
}

impl<'r> Next<'r> {
    /// Returns the route that all of this leads to; `None` where there is none, as for a 404 or a 405.
    ///
    /// ```
    /// use carafe::{App, Next, Request, Response, get, routes};
    ///
    /// async fn traced(request: &Request, next: Next<'_>) -> Response {
    ///     if let Some(route) = next.route() {
    ///         eprintln!("{} {} is {}", route.method(), route.pattern(), route.origin());
    ///     }
    ///     next.run(request).await
    /// }
    ///
    /// #[get("/")]
    /// fn index() -> &'static str {
    ///     "Hello World!"
    /// }
    ///
    /// assert_eq!(App::new().routes(routes![index]).around(traced).test().get("/").send().text(), "Hello World!");
    /// ```
    pub fn route(&self) -> Option<&'r Route> {
        match self.destination {
            Destination::Route(route, _) => Some(route),
            _ => None,
        }
    }

    /// Returns the middleware of a type that this request passes, of the app and of all groups around its route, outermost
    /// first: what stands further inside, and what it has passed already.
    ///
    /// ```
    /// use carafe::{App, Middleware, Next, Request, Response, Result, get, routes};
    ///
    /// /// Says who looks after some routes.
    /// struct Team(&'static str);
    ///
    /// impl Middleware for Team {
    ///     async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
    ///         Ok(next.run(request).await)
    ///     }
    /// }
    ///
    /// async fn blame(request: &Request, next: Next<'_>) -> Response {
    ///     let team = next.all::<Team>().last().map_or("nobody", |team| team.0);
    ///     let response = next.run(request).await;
    ///     if response.status().is_server_error() {
    ///         eprintln!("{} is for {team}", request.path());
    ///     }
    ///     response
    /// }
    ///
    /// #[get("/bill")]
    /// fn bill() -> carafe::StatusCode {
    ///     carafe::StatusCode::BAD_GATEWAY
    /// }
    ///
    /// let client = App::new().around(blame).routes(routes![bill].around(Team("billing"))).test();
    /// assert_eq!(client.get("/bill").send().status(), 502);
    /// ```
    pub fn all<M: super::Middleware>(&self) -> impl Iterator<Item = &'r M> {
        let all = self.levels.iter().flat_map(|level| level.middleware.iter());
        all.filter_map(|middleware| middleware.as_any().downcast_ref::<M>())
    }
}

/// Returns the most bytes of a body: what the innermost level says.
pub(crate) fn body_limit(levels: &[Arc<Level>]) -> Option<usize> {
    levels.iter().rev().find_map(|level| level.body_limit)
}

/// Code of the app's author, which may panic: in one type, so that a program has one fence.
enum Work<'w> {
    Handler(&'w Handler),
    Middleware(&'w dyn DynMiddleware, Next<'w>),
    Catcher(&'w Catcher, &'w Error),
    Page(Page),
}

impl<'w> Work<'w> {
    async fn run_fenced(self, request: &'w Request) -> Result<Response> {
        let answering = fenced_now(|| match self {
            Work::Handler(handler) => handler.call(request),
            Work::Middleware(middleware, next) => middleware.handle(request, next),
            Work::Catcher(catcher, error) => catcher.call(request, error),
            Work::Page(page) => Answering::Now(page.respond_to(request)),
        })?;
        match answering {
            Answering::Now(outcome) => outcome,
            Answering::Later(work) => fenced(work).await,
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("depth", &self.depth).field("step", &self.step).finish_non_exhaustive()
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Level")
            .field("middleware", &self.middleware.len())
            .field("catchers", &self.catchers)
            .field("body_limit", &self.body_limit)
            .finish()
    }
}

impl Destination<'_> {
    async fn answer(&self, request: &Request) -> Result<Response> {
        match self {
            Destination::Route(route, limit) => {
                if let Some(limit) = limit
                    && request.body().len() > *limit
                {
                    let message = format!("The body is over {limit} bytes");
                    return Err(Error::new(StatusCode::PAYLOAD_TOO_LARGE, message));
                }
                Work::Handler(route.handler()).run_fenced(request).await
            }
            Destination::OtherMethods(methods) => {
                let allow = HeaderValue::try_from(methods.join(", "))?;
                if request.method() == Method::OPTIONS {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::NO_CONTENT;
                    response.headers_mut().insert(ALLOW, allow);
                    return Ok(response);
                }
                Err(Error::bare(StatusCode::METHOD_NOT_ALLOWED).with_header(ALLOW, allow))
            }
            Destination::NotFound => Err(Error::bare(StatusCode::NOT_FOUND)),
            Destination::Failed(error) => {
                let error = error.lock().unwrap_or_else(PoisonError::into_inner).take();
                Err(error.unwrap_or_else(|| Error::bare(StatusCode::INTERNAL_SERVER_ERROR)))
            }
        }
    }
}

/// Returns what the log says about an error. Its words are the author's code, which may panic.
fn failure_of(error: &Error) -> Option<Failure> {
    fenced_now(|| error.failure()).unwrap_or_else(|panic| panic.failure())
}

/// Answers an error: with the page that it carries, by the catcher of the nearest level that has one, else with the default
/// page. A page or catcher that fails itself leaves the default page of its own error.
pub(crate) async fn answer_error(request: &Request, mut error: Error, levels: &[Arc<Level>]) -> Response {
    request.note_failure(failure_of(&error));
    let page = Page::of(&mut error);
    let catcher = levels.iter().rev().find_map(|level| catcher::of(&level.catchers, error.status()));
    let caught = match (page, catcher) {
        (Some(page), _) => {
            let mut shown = Work::Page(page).run_fenced(request).await;
            Overrides::caught(&error).apply(&mut shown);
            shown
        }
        (None, Some(catcher)) => Work::Catcher(catcher, &error).run_fenced(request).await,
        (None, None) => Ok(error_page(request, &error)),
    };
    let mut response = match caught {
        Ok(mut response) => {
            add_headers(&mut response, &error);
            response
        }
        Err(second) => {
            if let Some(failure) = failure_of(&second) {
                request.note_failure(Some(failure));
            }
            // A catcher whose own arguments cannot be read says nothing about the error.
            error_page(request, if second.is_refused_to_a_catcher() { &error } else { &second })
        }
    };
    answers(&mut response, error);
    response
}
