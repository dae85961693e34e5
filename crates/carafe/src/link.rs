//! Links to routes: what `hello::url("Ann")` returns.

use std::fmt;

use serde::{Serialize, Serializer};

/// A link to a route of the app: what a handler's `url` function makes, with every value percent-encoded.
///
/// It knows which route it leads to. Where a reply is made, in a [`Redirect`](crate::Redirect), a template or by
/// [`Request::url_for`](crate::Request::url_for), it gets the prefix that the route is mounted under. `Display` prints
/// it without.
///
/// A link that its own route would not match, such as one with an empty value, leads to an error there, and `Display`
/// prints [`Link::NOWHERE`].
///
/// ```
/// use carafe::{App, Redirect, get, routes};
///
/// #[get("/hello/<name>")]
/// fn hello(name: &str) -> String {
///     format!("Hello {name}!")
/// }
///
/// #[get("/")]
/// fn index() -> Redirect {
///     Redirect::to(hello::url("Zoë"))
/// }
///
/// assert_eq!(hello::url("Zoë").to_string(), "/hello/Zo%C3%AB");
/// let client = App::new().mount("/v1", routes![index, hello]).test();
/// assert_eq!(client.get("/v1").send().header("location"), Some("/v1/hello/Zo%C3%AB"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a link does nothing until it is sent"]
pub struct Link {
    route: RouteId,
    /// The path without a mount, or why there is none.
    path: Result<String, String>,
}

/// A route's place in memory, which tells it from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteId(usize);

impl RouteId {
    pub(crate) fn of<T>(route: &'static T) -> RouteId {
        RouteId(std::ptr::from_ref(route).addr())
    }
}

impl Link {
    /// Stands for a link whose values do not fit its route: a URL that leads nowhere, in any browser.
    pub const NOWHERE: &'static str = "about:invalid";

    pub(crate) fn new(route: RouteId, path: Result<String, String>) -> Link {
        Link { route, path }
    }

    /// Returns the path below a prefix. A route at `/` mounted under `/v1` is `/v1`, and under `/v1/` it is `/v1/`.
    ///
    /// The error is the reason why the link does not lead to its route.
    pub(crate) fn below(&self, prefix: &str) -> Result<String, &str> {
        let path = self.path.as_deref().map_err(String::as_str)?;
        Ok(match path.strip_prefix('/') {
            _ if prefix.is_empty() => path.to_owned(),
            Some(rest) if rest.is_empty() || rest.starts_with('?') => format!("{prefix}{rest}"),
            _ => format!("{}{path}", prefix.trim_end_matches('/')),
        })
    }

    pub(crate) fn route(&self) -> RouteId {
        self.route
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path.as_deref().unwrap_or(Link::NOWHERE))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Ok(path) => write!(f, "Link({path:?})"),
            Err(reason) => write!(f, "Link({}: {reason})", Link::NOWHERE),
        }
    }
}

/// Compares with the path as `Display` prints it.
impl PartialEq<str> for Link {
    fn eq(&self, other: &str) -> bool {
        self.path.as_deref().is_ok_and(|path| path == other)
    }
}

impl PartialEq<&str> for Link {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

/// Writes a string: in a template the link with its mount, elsewhere as `Display` prints it.
impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[cfg(feature = "templates")]
        return minijinja::Value::from_object(InTemplate(self.clone())).serialize(serializer);
        #[cfg(not(feature = "templates"))]
        serializer.collect_str(self)
    }
}

/// A link as a value of a template, which looks up its mount when it is printed.
#[cfg(feature = "templates")]
#[derive(Debug)]
pub(crate) struct InTemplate(pub(crate) Link);

#[cfg(feature = "templates")]
impl minijinja::value::Object for InTemplate {
    fn repr(self: &std::sync::Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Plain
    }

    fn render(self: &std::sync::Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
