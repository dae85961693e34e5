//! Lists of routes, and groups: lists with middleware, catchers and limits of their own.

use std::fmt;
use std::sync::Arc;

use crate::catcher::{Catcher, Catchers};
use crate::middleware::{AfterHook, BeforeHook, Middleware, Stack, after, before};
use crate::mount::Mount;
use crate::route::Route;

/// A list of routes, as [`routes!`](crate::routes) makes it: in the order written, each function with all its attributes.
///
/// With middleware, catchers or a limit it is a group, which has them around its own routes only. Groups nest. What
/// stands around a group hangs on its routes and not on the text of paths: no other spelling of a path gets around it.
///
/// ```
/// use carafe::{App, Request, Result, abort, catch, catchers, get, routes};
///
/// fn signed_in(request: &Request) -> Result {
///     match request.header("x-user") {
///         Some(_) => Ok(()),
///         None => Err(abort(401, "Who are you?")),
///     }
/// }
///
/// #[get("/report")]
/// fn report() -> &'static str {
///     "All is well"
/// }
///
/// #[catch(404)]
/// fn lost() -> &'static str {
///     "Nothing here for admins"
/// }
///
/// let admin = routes![report].before(signed_in).catch(catchers![lost]);
/// let client = App::new().mount("/admin", admin).test();
/// assert_eq!(client.get("/admin/report").send().status(), 401);
/// assert_eq!(client.get("/admin/lost").header("x-user", "ann").send().text(), "Nothing here for admins");
/// ```
///
/// A group that is mounted under a prefix also owns the 404s below that prefix, and the 405 and OPTIONS answers of paths
/// that its routes match: they pass its middleware, too.
#[derive(Clone, Default)]
pub struct Routes {
    lists: &'static [&'static [Route]],
    group: Option<Arc<Group>>,
}

/// The parts that make a list of routes a group.
#[derive(Clone, Default)]
pub(crate) struct Group {
    pub(crate) middleware: Stack,
    pub(crate) catchers: Vec<&'static Catcher>,
    pub(crate) body_limit: Option<usize>,
    /// Further routes in the group, each with the prefix it is mounted under.
    pub(crate) inner: Vec<(Option<Mount>, Routes)>,
}

impl Routes {
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(lists: &'static [&'static [Route]]) -> Routes {
        Routes { lists, group: None }
    }

    fn change(mut self, change: impl FnOnce(&mut Group)) -> Routes {
        change(Arc::make_mut(self.group.get_or_insert_default()));
        self
    }

    /// Puts a middleware around the routes: an async function, or a type with [`Middleware`]. The first one is outermost.
    #[must_use]
    pub fn around(self, middleware: impl Middleware) -> Routes {
        self.change(|group| group.middleware.add(middleware))
    }

    /// Runs a function before the routes' handlers: `()` or `None` continues, a response or an error answers at once.
    #[must_use]
    pub fn before<M: 'static>(self, hook: impl BeforeHook<M>) -> Routes {
        self.change(|group| group.middleware.add(before(hook)))
    }

    /// Runs a function on every answer of the routes: on errors, and on what middleware of the group answers early.
    #[must_use]
    pub fn after<M: 'static>(self, hook: impl AfterHook<M>) -> Routes {
        self.change(|group| group.middleware.add_after(after(hook)))
    }

    /// Adds functions that answer for errors of the routes and of the middleware around them.
    #[must_use]
    pub fn catch(self, catchers: Catchers) -> Routes {
        self.change(|group| group.catchers.extend(catchers.iter()))
    }

    /// Limits the bodies of requests to so many bytes; more is a 413. A compressed one may not be longer when it is inflated,
    /// either.
    ///
    /// ```
    /// use carafe::{App, post, routes};
    ///
    /// #[post("/notes")]
    /// fn add(text: String) -> String {
    ///     text
    /// }
    ///
    /// let client = App::new().routes(routes![add].body_limit(100)).test();
    /// assert_eq!(client.post("/notes").form(&[("text", "short")]).send().status(), 200);
    /// assert_eq!(client.post("/notes").form(&[("text", "long ".repeat(100))]).send().status(), 413);
    /// ```
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Routes {
        self.change(|group| group.body_limit = Some(bytes))
    }

    /// Adds further routes to the list. A group among them stays one, inside this one.
    #[must_use]
    pub fn routes(self, routes: Routes) -> Routes {
        self.change(|group| group.inner.push((None, routes)))
    }

    /// Adds further routes under a prefix, as [`App::mount`](crate::App::mount) does.
    #[must_use]
    pub fn mount(self, prefix: &str, routes: Routes) -> Routes {
        self.change(|group| group.inner.push((Some(Mount::new(prefix)), routes)))
    }

    /// Returns all routes in the order of the list, those of inner groups behind.
    pub fn iter(&self) -> impl Iterator<Item = &'static Route> + use<> {
        let mut all: Vec<&'static Route> = self.own().collect();
        for (_, inner) in self.group().into_iter().flat_map(|group| &group.inner) {
            all.extend(inner.iter());
        }
        all.into_iter()
    }

    /// Returns the routes that stand in the list itself.
    pub(crate) fn own(&self) -> impl Iterator<Item = &'static Route> + use<> {
        self.lists.iter().copied().flatten()
    }

    pub(crate) fn group(&self) -> Option<&Group> {
        self.group.as_deref()
    }
}

impl Group {
    /// Returns whether anything stands around the routes.
    pub(crate) fn has_level(&self) -> bool {
        !self.middleware.is_empty() || !self.catchers.is_empty() || self.body_limit.is_some()
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes: Vec<_> = self.iter().map(|route| (route.method().to_owned(), route.pattern())).collect();
        f.debug_struct("Routes")
            .field("routes", &routes)
            .field("middleware", &self.group().map_or(0, |group| group.middleware.len()))
            .finish_non_exhaustive()
    }
}
