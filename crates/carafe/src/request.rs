//! One request, as handlers, extractors and middleware see it.

mod content;
mod content_type;
mod form;
mod multipart;
mod problem;
mod query;
mod values;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use carafe_lambda::{Context, Failure};
use carafe_router::{Captures, Pattern};
use http::{Extensions, Method};

pub(crate) use content_type::{Kind, kind, quoted};
pub(crate) use form::FormData;
pub(crate) use multipart::Part;
pub(crate) use query::Pair;

use crate::context::AppContext;
use crate::cookies::{Cookies, is_https};
use crate::error::{Error, Result};
use crate::link::Link;
use content::Content;
use problem::Problem;
use values::Values;

/// One request. Arguments are the usual way to read it; this is for what they do not cover.
///
/// ```
/// use carafe::{App, Request, get, routes};
///
/// #[get("/who")]
/// fn who(request: &Request) -> String {
///     request.header("User-Agent").unwrap_or("nobody").to_owned()
/// }
///
/// let client = App::new().routes(routes![who]).test();
/// assert_eq!(client.get("/who").header("User-Agent", "curl").send().text(), "curl");
/// ```
pub struct Request {
    event: carafe_lambda::Event,
    /// The event as it came, if layers have made another of it.
    origin: Option<carafe_lambda::Event>,
    app: Arc<AppContext>,
    matched: Option<Matched>,
    path: OnceLock<Option<Box<str>>>,
    query: OnceLock<Vec<Pair>>,
    content: Content,
    form: OnceLock<Result<FormData, Problem>>,
    cookies: OnceLock<Cookies>,
    values: Values,
    failure: Mutex<Option<Failure>>,
}

/// The route that takes a request, as far as the request has to know it.
#[derive(Clone, Debug)]
pub(crate) struct Matched {
    pub(crate) pattern: MatchedPattern,
    pub(crate) captures: Captures,
    /// The prefix that the route is mounted under.
    pub(crate) prefix: Option<Arc<str>>,
}

/// The pattern of a route: a constant of the program, or one that was made when the app was.
#[derive(Clone, Debug)]
pub(crate) enum MatchedPattern {
    Static(&'static Pattern),
    Shared(Arc<Pattern>),
}

impl std::ops::Deref for MatchedPattern {
    type Target = Pattern;

    fn deref(&self) -> &Pattern {
        match self {
            MatchedPattern::Static(pattern) => pattern,
            MatchedPattern::Shared(pattern) => pattern,
        }
    }
}

impl Request {
    pub(crate) fn new(event: carafe_lambda::Event, app: Arc<AppContext>) -> Request {
        Request {
            event,
            origin: None,
            app,
            matched: None,
            path: OnceLock::new(),
            query: OnceLock::new(),
            content: Content::default(),
            form: OnceLock::new(),
            cookies: OnceLock::new(),
            values: Values::default(),
            failure: Mutex::new(None),
        }
    }

    /// Makes another one of the same event and route, for who outlives a reference.
    #[cfg(feature = "templates")]
    pub(crate) fn copy(&self) -> Request {
        let mut copy = Request::new(self.event.clone(), Arc::clone(&self.app));
        copy.matched.clone_from(&self.matched);
        copy
    }

    pub(crate) fn with_extensions(mut self, extensions: Extensions) -> Request {
        self.values = Values::from(extensions);
        self
    }

    /// Notes the event that came, of which layers have made this one.
    pub(crate) fn with_origin(mut self, origin: Option<carafe_lambda::Event>) -> Request {
        self.origin = origin;
        self
    }

    /// Returns the event that came: the one that the run loop and the log know.
    pub(crate) fn noted(&self) -> &carafe_lambda::Event {
        self.origin.as_ref().unwrap_or(&self.event)
    }

    /// Tells whether layers have made it of another event.
    pub(crate) fn has_origin(&self) -> bool {
        self.origin.is_some()
    }

    /// Notes the route that takes the request, and what its pattern captured of the path.
    pub(crate) fn set_matched(&mut self, matched: Matched) {
        self.matched = Some(matched);
    }

    /// Lets the log name the route that takes the request, if one does.
    pub(crate) fn note_matched(&self) {
        if let Some(matched) = &self.matched {
            self.noted().note_route(matched.pattern.to_text());
        }
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        self.event.method()
    }

    /// Returns the path in its one canonical spelling: each piece decoded and encoded again, so that two paths which
    /// the routes take for the same look the same. `/%61dmin` is `/admin`.
    ///
    /// Characters that a path may hold as they are (RFC 3986 §3.3 `pchar`) stand unescaped, escapes have upper-case hex,
    /// `%2F` and `%25` stay. Nothing is done about `//`, `.` and `..`. A path that is not UTF-8 is as it was sent.
    ///
    /// ```
    /// use carafe::{App, Request, get, routes};
    ///
    /// #[get("/<rest:path>")]
    /// fn path(rest: &str, request: &Request) -> String {
    ///     format!("{} {rest}", request.path())
    /// }
    ///
    /// let client = App::new().routes(routes![path]).test();
    /// assert_eq!(client.get("/%61/b%2fc").send().text(), "/a/b%2Fc a/b/c");
    /// ```
    pub fn path(&self) -> &str {
        let raw = self.raw_path();
        let canonical = self.path.get_or_init(|| match carafe_router::canonical(raw) {
            Some(Cow::Owned(path)) => Some(path.into_boxed_str()),
            Some(Cow::Borrowed(_)) | None => None,
        });
        canonical.as_deref().unwrap_or(raw)
    }

    /// Returns the path exactly as the client sent it, percent-encoded.
    pub fn raw_path(&self) -> &str {
        self.event.raw_path()
    }

    /// Returns the query string, percent-encoded, without the `?`; empty where there is none.
    pub fn raw_query(&self) -> Cow<'_, str> {
        self.event.raw_query()
    }

    /// Returns the pattern of the route that takes the request, such as `/hello/<name>`; `None` where there is none, as
    /// in a 404.
    pub fn route(&self) -> Option<&str> {
        self.matched.as_ref().map(|matched| matched.pattern.as_str())
    }

    /// Returns the decoded value of the route's `<name>`: for handlers of [`App::route`](crate::App::route), which have
    /// no arguments, and for middleware.
    pub fn param(&self, name: &str) -> Option<&str> {
        let index = self.matched.as_ref()?.pattern.params().position(|own| own.name == name)?;
        self.path_value(index)
    }

    /// Returns one header's value, the name in any letter case. Of several values it is the first, but the last of
    /// `x-forwarded-*`, because a client can plant the earlier ones.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.event.header(name)
    }

    /// Returns all headers, names in lower case, a name with several values several times.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.event.headers()
    }

    /// Returns the last query parameter of this name, decoded.
    pub fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.query_pairs().iter().rev();
        pairs.into_iter().find(|pair| pair.name() == name).map(Pair::value)
    }

    /// Returns the body.
    pub fn body(&self) -> &Bytes {
        self.event.body()
    }

    /// Returns what Lambda says about this invocation: request id, deadline, ARN.
    pub fn context(&self) -> &Context {
        self.event.context()
    }

    /// Returns the client's address, as far as [`App::trusted_proxies`](crate::App::trusted_proxies) lets it be told.
    pub fn client_ip(&self) -> Option<IpAddr> {
        self.event.client_ip(self.app.trusted_proxies)
    }

    /// Returns `http` or `https`, as the load balancer's listener had it.
    pub fn scheme(&self) -> Option<&str> {
        self.event.scheme()
    }

    /// Returns whether the client came over HTTPS: unless `x-forwarded-proto` says `http`, and always where
    /// [`App::assume_https`](crate::App::assume_https) says so.
    pub fn is_https(&self) -> bool {
        is_https(&self.event, self.app.assume_https)
    }

    /// Returns the host as the client wrote it, which proves nothing about the client.
    pub fn host(&self) -> Option<&str> {
        self.event.host()
    }

    /// Keeps a value beside the request, for those who come later: a guard leaves the user for the handler. The last of
    /// a type wins. It leaves as an extension of the response, where tower layers find it.
    ///
    /// ```
    /// use carafe::{App, Next, Request, Response, Result, get, routes};
    ///
    /// #[derive(Clone)]
    /// struct User(String);
    ///
    /// async fn sign_in(request: &Request, next: Next<'_>) -> Result<Response> {
    ///     request.insert(User("Ann".to_owned()));
    ///     Ok(next.run(request).await)
    /// }
    ///
    /// #[get("/")]
    /// fn index(request: &Request) -> Option<String> {
    ///     request.get::<User>().map(|user| user.0)
    /// }
    ///
    /// let client = App::new().routes(routes![index].around(sign_in)).test();
    /// assert_eq!(client.get("/").send().text(), "Ann");
    /// ```
    pub fn insert<T: Clone + Send + Sync + 'static>(&self, value: T) {
        self.values.insert(value);
    }

    /// Returns a copy of a value that was kept by [`Request::insert`], or that a tower layer put into the request's
    /// extensions.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.values.get()
    }

    /// Returns a value that [`App::state`](crate::App::state) was given, for code that is not an argument: middleware
    /// and replies.
    pub fn state<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.app.states.get()
    }

    /// Returns the path of a link, with the prefix that its route is mounted under: of several, that of the route that
    /// answers, else the first.
    ///
    /// ```
    /// use carafe::{App, Request, get, routes};
    ///
    /// #[get("/posts/<id>")]
    /// fn show(id: u32, request: &Request) -> carafe::Result<String> {
    ///     request.url_for(&show::url(id + 1))
    /// }
    ///
    /// let client = App::new().mount("/v1", routes![show]).mount("/v2", routes![show]).test();
    /// assert_eq!(client.get("/v2/posts/7").send().text(), "/v2/posts/8");
    /// ```
    ///
    /// # Errors
    ///
    /// The values of the link do not fit its route.
    pub fn url_for(&self, link: &Link) -> Result<String> {
        let here = self.matched.as_ref().and_then(|matched| matched.prefix.as_deref()).unwrap_or_default();
        let prefix = self.app.routes.mount_of(link, here);
        link.below(prefix).map_err(|reason| Error::from_source(reason.into()))
    }

    /// Returns the cookies that came, and those that leave with the answer.
    pub fn cookies(&self) -> &Cookies {
        self.cookies.get_or_init(|| Cookies::new(self.event.clone(), self.app.assume_https))
    }

    /// Returns the same, if anyone asked for them.
    pub(crate) fn touched_cookies(&self) -> Option<&Cookies> {
        self.cookies.get()
    }

    pub(crate) fn event(&self) -> &carafe_lambda::Event {
        &self.event
    }

    pub(crate) fn app(&self) -> &Arc<AppContext> {
        &self.app
    }

    /// Returns the prefix that the route is mounted under.
    #[cfg(feature = "templates")]
    pub(crate) fn mount(&self) -> Arc<str> {
        self.matched.as_ref().and_then(|matched| matched.prefix.clone()).unwrap_or_default()
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    /// Returns the decoded value of the pattern's parameter at `index`.
    pub(crate) fn path_value(&self, index: usize) -> Option<&str> {
        self.matched.as_ref()?.captures.get(index, self.event.raw_path())
    }

    /// Returns all query parameters, decoded, those of one name side by side.
    pub(crate) fn query_pairs(&self) -> &[Pair] {
        self.query.get_or_init(|| query::of(&self.event))
    }

    /// Returns the body as forms and JSON read it: inflated, and without a byte order mark.
    pub(crate) fn content(&self) -> Result<&Bytes> {
        self.content.of(&self.event).map_err(Problem::to_error)
    }

    /// Limits what a compressed body may be inflated to.
    pub(crate) fn limit_content(&self, bytes: usize) {
        self.content.limit(bytes);
    }

    /// Returns the body as a form, decoded once.
    pub(crate) fn form(&self) -> Result<&FormData> {
        if let Some(form) = self.form.get() {
            return form.as_ref().map_err(Problem::to_error);
        }
        let content = self.content()?;
        let decode = || form::decode(self.header("content-type"), content);
        self.form.get_or_init(decode).as_ref().map_err(Problem::to_error)
    }

    /// Notes for the log why the answer is not what the handler wanted, or that there is nothing to log. The last call
    /// counts.
    pub(crate) fn note_failure(&self, failure: Option<Failure>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    pub(crate) fn take_failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("event", &self.event)
            .field("route", &self.route())
            .finish_non_exhaustive()
    }
}
