//! One request from start to end: route, middleware, handler, cookies.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use carafe_lambda::Failure;
use carafe_router::{Captures, Found, Router};
use http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE};
use http::{Method, StatusCode};

use crate::context::AppContext;
use crate::cookies::Cookies;
use crate::error::Error;
use crate::middleware::{Destination, Level, Next, answer_error, body_limit};
use crate::mount::Mounted;
use crate::request::{Matched, MatchedPattern, Request};
use crate::response::{Response, ResponseExt as _};
use crate::route::Route;

/// An app, assembled.
pub(crate) struct Pipeline {
    pub(crate) router: Arc<Router<Entry>>,
    pub(crate) context: Arc<AppContext>,
    /// The app itself: the one level that everything passes.
    pub(crate) app: Levels,
    /// The groups that own the 404s below a prefix, longest prefix first.
    pub(crate) prefixes: Vec<(Mounted, Levels)>,
}

/// The app and the groups around a route, outermost first.
pub(crate) type Levels = Arc<[Arc<Level>]>;

/// A route of an app, with its mount and the groups around it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) route: RouteRef,
    pub(crate) pattern: MatchedPattern,
    pub(crate) prefix: Option<Arc<str>>,
    pub(crate) levels: Levels,
}

/// A route that the macros wrote down, or one that was made at run time. Neither is copied.
#[derive(Clone, Debug)]
pub(crate) enum RouteRef {
    Written(&'static Route),
    Made(Arc<Route>),
}

impl Deref for RouteRef {
    type Target = Route;

    fn deref(&self) -> &Route {
        match self {
            RouteRef::Written(route) => route,
            RouteRef::Made(route) => route,
        }
    }
}

impl Pipeline {
    /// Answers one request, and returns for the log why the answer is not what the handler wanted, if so.
    pub(crate) async fn answer(&self, request: &mut Request) -> (Response, Option<Failure>) {
        let (destination, levels) = self.route(request);
        request.note_matched();
        let mut response = Next::new(levels, &destination).run(request).await;
        let failure = Self::finish(request, &mut response);
        (response, failure)
    }

    /// Finds where the request goes, and what stands around that.
    fn route(&self, request: &mut Request) -> (Destination<'_>, &[Arc<Level>]) {
        let failed = Cell::new(None);
        let accepts = |entry: &Entry, captures: &Captures, path: &str| {
            entry.route.accepts(captures, path).unwrap_or_else(|error| {
                failed.set(Some(error));
                false
            })
        };
        let found = self.router.find(request.method().as_str(), request.raw_path(), accepts);
        let refused = |error| (Destination::Failed(Mutex::new(Some(error))), &*self.app);
        if let Some(error) = failed.take() {
            return refused(error);
        }
        match found {
            Found::Route { value: entry, captures, .. } => {
                let (pattern, prefix) = (entry.pattern.clone(), entry.prefix.clone());
                request.set_matched(Matched { pattern, captures, prefix });
                let limit = body_limit(&entry.levels);
                if let Some(limit) = limit {
                    request.limit_content(limit);
                }
                (Destination::Route(&entry.route, limit), &entry.levels)
            }
            Found::MethodNotAllowed { allow, routes, .. } => {
                (Destination::OtherMethods(allow), of_others(request, &routes))
            }
            Found::BadPath => refused(Error::new(StatusCode::BAD_REQUEST, "The path is not UTF-8 text")),
            _ => (Destination::NotFound, self.owner(request)),
        }
    }

    /// Returns the levels that own the 404 of a request.
    fn owner(&self, request: &Request) -> &[Arc<Level>] {
        let owner = self.prefixes.iter().find(|(mounted, _)| mounted.covers(request));
        owner.map_or(&self.app, |(_, levels)| levels)
    }

    /// Answers a request that never came to the pipeline, such as one that a layer failed on: by the app's catchers. Middleware that
    /// marks answers does so.
    pub(crate) async fn refuse(&self, request: &mut Request, error: Error) -> (Response, Option<Failure>) {
        let mut response = answer_error(request, error, &self.app).await;
        // After the catcher, for which the request has no route: none took it. The log does not tell of this one either.
        let (_, levels) = self.route(request);
        for middleware in levels.iter().rev().flat_map(|level| level.middleware.iter().rev()) {
            middleware.mark(request, &mut response);
        }
        let failure = Self::finish(request, &mut response);
        (response, failure)
    }

    /// Adds the cookies that anyone set on the way, and returns what the log is to say.
    #[inline]
    fn finish(request: &Request, response: &mut Response) -> Option<Failure> {
        if let Some(cookies) = request.touched_cookies() {
            add(cookies, response);
        }
        // Middleware may have recovered: then the failure is over.
        let failed = response.error().is_some() || response.status().is_server_error();
        if failed { request.take_failure() } else { None }
    }
}

/// Returns what stands around a path that has these routes for other methods.
fn of_others<'p>(request: &Request, routes: &[&'p Entry]) -> &'p [Arc<Level>] {
    match preflight(request, routes) {
        Some(entry) => &entry.levels,
        None => common(routes.iter().map(|entry| &*entry.levels)),
    }
}

/// Adds cookies. They are for one client: where anybody said that caches may keep the answer, they may not.
#[cold]
fn add(cookies: &Cookies, response: &mut Response) {
    let headers = response.headers_mut();
    let before = headers.len();
    for header in cookies.headers() {
        headers.append(SET_COOKIE, header);
    }
    if headers.len() > before && headers.get(CACHE_CONTROL).is_some_and(|value| !is_private(value)) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Tells whether shared caches keep an answer out (RFC 9111 §5.2.2).
fn is_private(value: &HeaderValue) -> bool {
    let mut directives = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    directives.any(|one| one.eq_ignore_ascii_case(b"private") || one.eq_ignore_ascii_case(b"no-store"))
}

/// Returns the route that a pre-flight asks for (Fetch standard §3.2.2): what stands around that answers it.
fn preflight<'r>(request: &Request, routes: &[&'r Entry]) -> Option<&'r Entry> {
    if request.method() != Method::OPTIONS {
        return None;
    }
    let wanted = match request.header("access-control-request-method")? {
        "HEAD" if routes.iter().all(|entry| entry.route.method() != "HEAD") => "GET",
        wanted => wanted,
    };
    routes.iter().find(|entry| entry.route.method() == wanted).copied()
}

/// Returns the levels that all of these have in common.
fn common<'r>(mut all: impl Iterator<Item = &'r [Arc<Level>]>) -> &'r [Arc<Level>] {
    let first = all.next().unwrap_or_default();
    all.fold(first, |shared, levels| {
        let same = shared.iter().zip(levels).take_while(|(one, other)| Arc::ptr_eq(one, other));
        shared.get(..same.count()).unwrap_or_default()
    })
}

// Here instead of beside the other methods, so that only a program that calls it carries the search.
impl Request {
    /// Returns the methods that the app answers at this path, sorted: with HEAD where GET is, and with OPTIONS. Empty
    /// where no route has the path.
    ///
    /// ```
    /// use carafe::{App, Request, get, post, routes};
    ///
    /// #[get("/posts")]
    /// fn list(request: &Request) -> String {
    ///     request.allowed_methods().join(" ")
    /// }
    ///
    /// #[post("/posts")]
    /// fn create() {}
    ///
    /// let client = App::new().routes(routes![list, create]).test();
    /// assert_eq!(client.get("/posts").send().text(), "GET HEAD OPTIONS POST");
    /// ```
    pub fn allowed_methods(&self) -> Vec<String> {
        let Some(router) = self.app().routes.router.downcast_ref::<Router<Entry>>() else {
            return Vec::new();
        };
        let accepts = |entry: &Entry, captures: &Captures, path: &str| {
            entry.route.accepts(captures, path).unwrap_or_default()
        };
        router.allowed_methods(self.raw_path(), accepts).into_iter().map(str::to_owned).collect()
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("context", &self.context).finish_non_exhaustive()
    }
}
