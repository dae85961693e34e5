//! One request, as handlers and extractors see it.

mod cookies;
mod form;
mod multipart;
mod query;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use carafe_lambda::Context;
use carafe_router::Captures;
use http::{Extensions, Method};

pub use cookies::{Cookie, Jar, SameSite};
pub(crate) use form::{FormData, Kind, kind, shown};
pub(crate) use multipart::Part;

use crate::error::Error;
use crate::route::Entry;
use crate::shared::Shared;
use form::Problem;
use query::Query;

/// One request. Arguments are the usual way to read it; this is for what they do not cover.
///
/// ```
/// use carafe::{App, Request, get, routes};
///
/// #[get("/who")]
/// fn who(request: &Request) -> String {
///     request.header("user-agent").unwrap_or("nobody").to_owned()
/// }
///
/// let reply = App::new().routes(routes![who]).get("/who").header("User-Agent", "curl").send();
/// assert_eq!(reply.text(), "curl");
/// ```
pub struct Request {
    event: carafe_lambda::Event,
    shared: Arc<Shared>,
    captures: Captures,
    route: Option<Entry>,
    extensions: Option<Box<Extensions>>,
    query: OnceLock<Query>,
    form: OnceLock<Result<FormData, Problem>>,
    jar: OnceLock<Arc<Jar>>,
}

impl Request {
    pub(crate) fn new(event: carafe_lambda::Event, shared: Arc<Shared>) -> Request {
        Request {
            event,
            shared,
            captures: Captures::default(),
            route: None,
            extensions: None,
            query: OnceLock::new(),
            form: OnceLock::new(),
            jar: OnceLock::new(),
        }
    }

    pub(crate) fn with_extensions(mut self, extensions: Extensions) -> Request {
        self.extensions = Some(Box::new(extensions));
        self
    }

    /// Remembers the route that was found, and what it caught of the path.
    pub(crate) fn routed(&mut self, entry: &Entry, captures: Captures) {
        self.route = Some(entry.clone());
        self.captures = captures;
    }

    /// The method.
    pub fn method(&self) -> &Method {
        self.event.method()
    }

    /// The path exactly as the client sent it, percent-encoded.
    pub fn raw_path(&self) -> &str {
        self.event.raw_path()
    }

    /// The query string, percent-encoded, without the `?`; empty where there is none.
    pub fn raw_query(&self) -> Cow<'_, str> {
        self.event.raw_query()
    }

    /// The pattern of the route that took the request, such as `/hello/<name>`; `None` before and without routing.
    pub fn route(&self) -> Option<&str> {
        self.route.as_ref().map(|entry| entry.pattern.as_str())
    }

    /// The decoded piece of the path that the route's `<name>` caught: for handlers of
    /// [`App::route`](crate::App::route), which have no arguments.
    pub fn param(&self, name: &str) -> Option<&str> {
        let index = self.route.as_ref()?.pattern.params().position(|own| own.name == name)?;
        self.path_value(index)
    }

    /// One header's value, the name in lower case. Of several values it is the first, but the last of
    /// `x-forwarded-*`, because a client can plant the earlier ones.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.event.header(name)
    }

    /// All headers, names in lower case, a name with several values several times.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.event.headers()
    }

    /// The last query parameter of this name, decoded.
    pub fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.query_pairs().iter().rev();
        pairs.into_iter().find(|(own, _)| own == name).map(|(_, value)| value.as_ref())
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        self.event.body()
    }

    /// What Lambda says about this invocation: request id, deadline, ARN.
    pub fn context(&self) -> &Context {
        self.event.context()
    }

    /// The client's address, as [`App::trusted_proxies`](crate::App::trusted_proxies) lets it be told.
    pub fn client_ip(&self) -> Option<IpAddr> {
        self.event.client_ip(self.shared.trusted_proxies)
    }

    /// `http` or `https`, as the load balancer's listener had it.
    pub fn scheme(&self) -> Option<&str> {
        self.event.scheme()
    }

    /// The host as the client wrote it; not to be trusted.
    pub fn host(&self) -> Option<&str> {
        self.event.host()
    }

    /// Something a layer put beside the request.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.as_ref()?.get()
    }

    /// The cookies that came, and those that go out with the answer.
    pub fn cookies(&self) -> &Arc<Jar> {
        self.jar.get_or_init(|| Arc::new(Jar::new(self.event.clone())))
    }

    /// The same, if anyone asked for them.
    pub(crate) fn touched_cookies(&self) -> Option<&Arc<Jar>> {
        self.jar.get()
    }

    /// Everything as it came.
    pub(crate) fn event(&self) -> &carafe_lambda::Event {
        &self.event
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The decoded piece of the path for the pattern's parameter at `index`.
    pub(crate) fn path_value(&self, index: usize) -> Option<&str> {
        self.captures.get(index, self.event.raw_path())
    }

    fn decoded_query(&self) -> &Query {
        self.query.get_or_init(|| Query::decode(&self.event))
    }

    /// All query parameters, decoded; text that is not UTF-8 has U+FFFD in it.
    pub(crate) fn query_pairs(&self) -> &[(Cow<'_, str>, Cow<'_, str>)] {
        &self.decoded_query().pairs
    }

    /// The same, if all of it is text.
    pub(crate) fn readable_query(&self) -> Result<&[query::Pair], Error> {
        let query = self.decoded_query();
        match &query.unreadable {
            None => Ok(&query.pairs),
            Some(name) => Err(query::not_text("query parameter", name)),
        }
    }

    /// The body as a form, decoded once.
    pub(crate) fn form(&self) -> Result<&FormData, Error> {
        self.form.get_or_init(|| form::decode(&self.event)).as_ref().map_err(Problem::to_error)
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
