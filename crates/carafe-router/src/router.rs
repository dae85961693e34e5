//! Many routes, in order.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::captures::Captures;
use crate::found::Found;
use crate::hash::Identity;
use crate::index::{Candidates, Index};
use crate::matcher::{self, Regexes};
use crate::order::Order;
use crate::path::Path;
use crate::pattern::Pattern;
use crate::pattern::token::trailing_text;

/// The method of a route that answers every method.
///
/// ```
/// use carafe_router::{ANY, Found, Pattern, RouterBuilder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = RouterBuilder::new();
/// builder.insert(ANY, Pattern::parse("/hook")?, "whatever comes");
/// builder.insert("GET", Pattern::parse("/hook")?, "a page");
/// let router = builder.build()?;
/// let value = |method| match router.find(method, "/hook", |_, _, _| true) {
///     Found::Route { value, .. } => *value,
///     _ => "nothing",
/// };
/// assert_eq!((value("PUT"), value("GET")), ("whatever comes", "a page"));
/// # Ok(())
/// # }
/// ```
pub const ANY: &str = "ANY";

/// What [`Router::allowed_methods`] returns for a route of the method [`ANY`].
const EVERY: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Collects routes. See [the order](crate#the-order) for which of them wins.
///
/// ```
/// use carafe_router::{Found, Pattern, RouterBuilder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = RouterBuilder::new();
/// builder.tolerate_trailing_slash(true);
/// builder.insert("GET", Pattern::parse("/posts")?, "posts");
/// let router = builder.build()?;
/// assert!(matches!(router.find("GET", "/posts/", |_, _, _| true), Found::Route { value: &"posts", .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct RouterBuilder<T> {
    routes: Vec<Entry<T>>,
    methods: Vec<String>,
    tolerant: bool,
}

#[derive(Debug)]
struct Entry<T> {
    index: usize,
    /// Its index in the list of methods.
    method: usize,
    pattern: Pattern,
    regexes: Regexes,
    value: T,
}

/// Pairs of routes that answer exactly the same requests, each an earlier and a later one; the indexes are those of the
/// calls to `insert`.
///
/// ```
/// use carafe_router::{Collisions, Pattern, RouterBuilder};
///
/// let mut builder = RouterBuilder::new();
/// builder.insert("GET", Pattern::parse("/posts/<id>")?, "by id");
/// builder.insert("GET", Pattern::parse("/posts/<name>")?, "by name");
/// assert_eq!(builder.build().unwrap_err(), Collisions(vec![(0, 1)]));
/// # Ok::<(), carafe_router::PatternErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collisions(pub Vec<(usize, usize)>);

impl std::fmt::Display for Collisions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "pairs of routes that answer exactly the same requests: {:?}", self.0)
    }
}

impl std::error::Error for Collisions {}

/// Routes in the order in which they are tried.
///
/// ```
/// use carafe_router::{Pattern, RouterBuilder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = RouterBuilder::new();
/// for pattern in ["/<page>", "/<page>.html", "/about"] {
///     builder.insert("GET", Pattern::parse(pattern)?, ());
/// }
/// let router = builder.build()?;
/// let order: Vec<&str> = router.iter().map(|(_, pattern, ())| pattern.as_str()).collect();
/// assert_eq!(order, ["/about", "/<page>.html", "/<page>"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Router<T> {
    /// As they were inserted.
    routes: Vec<Entry<T>>,
    /// Their indexes in that list, in the order.
    order: Vec<usize>,
    methods: Vec<String>,
    index: Index,
    tolerant: bool,
}

impl<T> Default for RouterBuilder<T> {
    fn default() -> RouterBuilder<T> {
        RouterBuilder { routes: Vec::new(), methods: Vec::new(), tolerant: false }
    }
}

impl<T> RouterBuilder<T> {
    /// Makes a builder without routes.
    #[must_use]
    pub fn new() -> RouterBuilder<T> {
        RouterBuilder::default()
    }

    /// Makes a builder without routes, but with room for so many.
    #[must_use]
    pub fn with_capacity(routes: usize) -> RouterBuilder<T> {
        RouterBuilder { routes: Vec::with_capacity(routes), ..RouterBuilder::default() }
    }

    /// Adds a route. The method [`ANY`] stands for every method.
    pub fn insert(&mut self, method: &str, pattern: Pattern, value: T) {
        let known = self.methods.iter().position(|own| own == method);
        let method = known.unwrap_or_else(|| {
            self.methods.push(method.to_owned());
            self.methods.len() - 1
        });
        let regexes = Regexes::of(pattern.tokens());
        self.routes.push(Entry { index: self.routes.len(), method, pattern, regexes, value });
    }

    /// Sets whether a missing or additional slash at the end of a path is ignored; off by default.
    ///
    /// When it is on, `/a` and `/a/` both reach a route that is written `/a` or `/a/`. A route that matches the path as
    /// it was sent comes before one that matches it with the other end, and either comes before 405. No value ever holds a
    /// slash that was not sent.
    pub fn tolerate_trailing_slash(&mut self, tolerant: bool) {
        self.tolerant = tolerant;
    }

    /// Sorts the routes.
    ///
    /// # Errors
    ///
    /// Returns all pairs of routes that answer exactly the same requests.
    pub fn build(self) -> Result<Router<T>, Collisions> {
        let RouterBuilder { routes, methods, tolerant } = self;
        let hasher = BuildHasherDefault::<Identity>::default();
        let mut shapes = HashMap::with_capacity_and_hasher(routes.len(), hasher);
        let mut collisions = Vec::new();
        for route in &routes {
            let first = *shapes.entry((route.pattern.shape(), route.method)).or_insert(route.index);
            if first != route.index {
                collisions.push((first, route.index));
            }
        }
        if !collisions.is_empty() {
            return Err(Collisions(collisions));
        }
        let order = Order::of(routes.iter().map(|route| &route.pattern));
        let index = Index::new(&order);
        let order = order.into_indexes();
        Ok(Router { routes, order, methods, index, tolerant })
    }
}

impl<T> Router<T> {
    /// Returns method, pattern and value of all routes in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Pattern, &T)> {
        let ordered = self.order.iter().filter_map(|index| self.routes.get(*index));
        ordered.map(|route| (self.method(route), &route.pattern, &route.value))
    }

    /// Returns the route at a place in the order.
    fn at(&self, place: usize) -> Option<&Entry<T>> {
        self.routes.get(*self.order.get(place)?)
    }

    fn method(&self, route: &Entry<T>) -> &str {
        self.methods.get(route.method).map(String::as_str).unwrap_or_default()
    }

    /// Returns the index of a method in the list of methods.
    fn number(&self, method: &str) -> Option<usize> {
        // For three letters a loop is faster than a call to compare memory.
        self.methods.iter().position(|own| own.len() == method.len() && own.bytes().eq(method.bytes()))
    }

    /// Finds the route for a method and a path as the client sent it.
    ///
    /// `accepts` is asked last whether the values fit; it gets the route's value, the captures, and the path to read them
    /// from. When it refuses, the next route in the order is tried.
    ///
    /// The time does not depend on the number of routes, as long as segments of text tell them apart, and is linear in
    /// the length of the path. Routes whose segments differ only in text beside parameters, in regular expressions or
    /// behind a `path` are tried one after the other; the text at the end of a route is compared first, so that most of
    /// them take some nanoseconds. A path without escapes that has a route with up to four parameters needs no allocation.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use carafe_router::{Captures, Found, Pattern, RouterBuilder};
    ///
    /// let mut builder = RouterBuilder::new();
    /// builder.insert("GET", Pattern::parse("/<id>")?.with_typed(&[0]), "by number");
    /// builder.insert("GET", Pattern::parse("/<name>")?, "by name");
    /// let router = builder.build()?;
    /// let accepts = |value: &&str, captures: &Captures, path: &str| {
    ///     *value == "by name" || captures.get(0, path).is_some_and(|id| id.parse::<u8>().is_ok())
    /// };
    /// for (path, expected) in [("/7", "by number"), ("/700", "by name"), ("/ann", "by name")] {
    ///     assert!(matches!(router.find("GET", path, accepts), Found::Route { value, .. } if *value == expected));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn find(
        &self,
        method: &str,
        raw_path: &str,
        accepts: impl Fn(&T, &Captures, &str) -> bool,
    ) -> Found<'_, T> {
        let Some(path) = Path::decode(raw_path) else { return Found::BadPath };
        // The request's own method comes before those that stand in for it, wherever in the order they are.
        let stand_in = if method == "HEAD" { self.number("GET") } else { None };
        let wanted = [self.number(method), stand_in, self.number(ANY)];
        let fits = |route: &Entry<T>, path: &Path<'_>| fits(route, path, raw_path, &accepts);
        let mut others = Vec::new();
        let mut found = self.route(&path, wanted, fits, &mut others);
        if found.is_none() && self.tolerant {
            found = self.route(&path.with_other_end(), wanted, fits, &mut others);
        }
        match found {
            Some((route, captures)) => Found::Route { value: &route.value, index: route.index, captures },
            None if others.is_empty() => Found::NotFound,
            None => Found::MethodNotAllowed {
                allow: self.methods(&others),
                routes: others.into_iter().map(|route| &route.value).collect(),
            },
        }
    }

    /// Returns all methods that a path has routes for, sorted, with HEAD where GET is, and OPTIONS; none when the path has
    /// no route or is not UTF-8.
    ///
    /// A route of the method [`ANY`] yields DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT: the methods of RFC 9110 and
    /// RFC 5789 but for CONNECT and TRACE, which no handler is meant to answer. `accepts` is the one of
    /// [`find`](Router::find).
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use carafe_router::{Pattern, RouterBuilder};
    ///
    /// let mut builder = RouterBuilder::new();
    /// builder.insert("GET", Pattern::parse("/posts/<id>")?, ());
    /// builder.insert("DELETE", Pattern::parse("/posts/<id:int>")?, ());
    /// let router = builder.build()?;
    /// assert_eq!(router.allowed_methods("/posts/7", |_, _, _| true), ["DELETE", "GET", "HEAD", "OPTIONS"]);
    /// assert_eq!(router.allowed_methods("/posts/x", |_, _, _| true), ["GET", "HEAD", "OPTIONS"]);
    /// assert!(router.allowed_methods("/", |_, _, _| true).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn allowed_methods(
        &self,
        raw_path: &str,
        accepts: impl Fn(&T, &Captures, &str) -> bool,
    ) -> Vec<&str> {
        let Some(path) = Path::decode(raw_path) else { return Vec::new() };
        let fits = |route: &Entry<T>, path: &Path<'_>| fits(route, path, raw_path, &accepts);
        let mut routes = Vec::new();
        // Where no method is wanted, all routes are for others.
        self.route(&path, [None; 3], fits, &mut routes);
        if self.tolerant {
            self.route(&path.with_other_end(), [None; 3], fits, &mut routes);
        }
        self.methods(&routes)
    }

    /// Finds the first route for one of the methods, each of which counts more than the next. If there is none, appends
    /// the routes for other methods to `others`; none twice.
    fn route<'r>(
        &'r self,
        path: &Path<'_>,
        wanted: [Option<usize>; 3],
        fits: impl Fn(&Entry<T>, &Path<'_>) -> Option<Captures>,
        others: &mut Vec<&'r Entry<T>>,
    ) -> Option<(&'r Entry<T>, Captures)> {
        let mut candidates = Candidates::default();
        let mut best: Option<(usize, &Entry<T>, Captures)> = None;
        let mut has_others = false;
        let first = self.index.find(path, &mut candidates, |place| {
            let route = self.at(place)?;
            let Some(tier) = wanted.iter().position(|method| *method == Some(route.method)) else {
                has_others = true;
                return None;
            };
            if best.as_ref().is_some_and(|(known, ..)| *known <= tier) {
                return None;
            }
            let captures = fits(route, path)?;
            // Nothing behind can be better when no route has one of the methods before.
            if wanted.iter().take(tier).all(Option::is_none) {
                return Some((route, captures));
            }
            best = Some((tier, route, captures));
            None
        });
        let found = first.or(best.map(|(_, route, captures)| (route, captures)));
        if found.is_none() && has_others {
            for route in candidates.iter().filter_map(|place| self.at(place)) {
                // Routes for the wanted methods were refused above already.
                if !wanted.contains(&Some(route.method))
                    && others.iter().all(|known| known.index != route.index)
                    && fits(route, path).is_some()
                {
                    others.push(route);
                }
            }
        }
        found
    }

    /// Returns the methods of routes, with those that are answered without a route of their own, sorted.
    fn methods(&self, routes: &[&Entry<T>]) -> Vec<&str> {
        let mut methods = Vec::new();
        if routes.is_empty() {
            return methods;
        }
        // HEAD and OPTIONS come on top.
        methods.reserve(routes.len() + 2);
        for route in routes {
            match self.method(route) {
                ANY => EVERY.iter().for_each(|method| insert(&mut methods, method)),
                method => insert(&mut methods, method),
            }
        }
        if methods.contains(&"GET") {
            insert(&mut methods, "HEAD");
        }
        insert(&mut methods, "OPTIONS");
        methods
    }
}

/// Inserts a text into a sorted list, if it is not there.
fn insert<'m>(sorted: &mut Vec<&'m str>, text: &'m str) {
    if let Err(place) = sorted.binary_search(&text) {
        sorted.insert(place, text);
    }
}

/// Matches a route against a path, the typed arguments included.
fn fits<T>(
    route: &Entry<T>,
    path: &Path<'_>,
    raw_path: &str,
    accepts: impl Fn(&T, &Captures, &str) -> bool,
) -> Option<Captures> {
    // A slash that was not sent matches only text of the pattern, never a value.
    if path.has_slash_added && !trailing_text(route.pattern.tokens()).ends_with('/') {
        return None;
    }
    let captures = matcher::find(route.pattern.tokens(), &route.regexes, path)?;
    accepts(&route.value, &captures, raw_path).then_some(captures)
}
