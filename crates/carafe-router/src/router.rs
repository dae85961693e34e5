//! Many routes, in order.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::captures::Captures;
use crate::hash::Identity;
use crate::index::Index;
use crate::matcher::{self, Regexes};
use crate::order::Order;
use crate::path::Path;
use crate::pattern::Pattern;
use crate::pattern::token::trailing_text;

/// The method that stands for all.
const ANY: &str = "ANY";

/// Collects routes. See [the order](crate#the-order) for which of them wins.
#[derive(Debug)]
pub struct RouterBuilder<T> {
    routes: Vec<Entry<T>>,
    methods: Vec<String>,
    tolerant: bool,
}

#[derive(Debug)]
struct Entry<T> {
    index: usize,
    /// Its place in the list of methods.
    method: usize,
    pattern: Pattern,
    regexes: Regexes,
    value: T,
}

/// Pairs of routes that answer exactly the same requests, each an earlier and a later one; the indexes are those of the
/// calls to `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collisions(pub Vec<(usize, usize)>);

impl std::fmt::Display for Collisions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "pairs of routes that answer exactly the same requests: {:?}", self.0)
    }
}

impl std::error::Error for Collisions {}

/// Routes in the order in which they are tried.
#[derive(Debug)]
pub struct Router<T> {
    /// As they were inserted.
    routes: Vec<Entry<T>>,
    /// Their places in that list, in the order.
    order: Vec<usize>,
    methods: Vec<String>,
    index: Index,
    tolerant: bool,
}

/// What a path leads to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found<'r, T> {
    /// A route.
    Route {
        /// What was inserted with it.
        value: &'r T,
        /// The place of the call to `insert`.
        index: usize,
        /// The values of its parameters.
        captures: Captures,
    },
    /// Routes for other methods only: these, sorted, with HEAD where GET is, and OPTIONS.
    MethodNotAllowed {
        /// The methods.
        allow: Vec<&'r str>,
    },
    /// No route.
    NotFound,
    /// The path decodes to something that is not UTF-8.
    BadPath,
}

impl<T> Default for RouterBuilder<T> {
    fn default() -> RouterBuilder<T> {
        RouterBuilder { routes: Vec::new(), methods: Vec::new(), tolerant: false }
    }
}

impl<T> RouterBuilder<T> {
    /// No routes yet.
    #[must_use]
    pub fn new() -> RouterBuilder<T> {
        RouterBuilder::default()
    }

    /// No routes yet, but room for so many.
    #[must_use]
    pub fn with_capacity(routes: usize) -> RouterBuilder<T> {
        RouterBuilder { routes: Vec::with_capacity(routes), ..RouterBuilder::default() }
    }

    /// Adds a route; `"ANY"` stands for all methods.
    pub fn insert(&mut self, method: &str, pattern: Pattern, value: T) {
        let known = self.methods.iter().position(|own| own == method);
        let method = known.unwrap_or_else(|| {
            self.methods.push(method.to_owned());
            self.methods.len() - 1
        });
        let regexes = Regexes::of(pattern.tokens());
        self.routes.push(Entry { index: self.routes.len(), method, pattern, regexes, value });
    }

    /// Whether a slash too many or too few at the end of a path is overlooked; off unless set.
    ///
    /// When it is on, `/a` and `/a/` both reach a route that is written `/a` or `/a/`. A route that takes the path as
    /// it was sent is better than one that takes it with the other end; either is better than 405. No value ever holds
    /// a slash that was not sent.
    pub fn tolerate_trailing_slash(&mut self, tolerant: bool) {
        self.tolerant = tolerant;
    }

    /// The router.
    ///
    /// # Errors
    ///
    /// All pairs of routes that answer exactly the same requests.
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
    /// All routes in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Pattern, &T)> {
        let ordered = self.order.iter().filter_map(|index| self.routes.get(*index));
        ordered.map(|route| (self.method(route), &route.pattern, &route.value))
    }

    /// The route at a place in the order.
    fn at(&self, place: usize) -> Option<&Entry<T>> {
        self.routes.get(*self.order.get(place)?)
    }

    fn method(&self, route: &Entry<T>) -> &str {
        self.methods.get(route.method).map(String::as_str).unwrap_or_default()
    }

    fn number(&self, method: &str) -> Option<usize> {
        // Three letters are compared before a call to compare memory has begun.
        self.methods.iter().position(|own| own.len() == method.len() && own.bytes().eq(method.bytes()))
    }

    /// The route for a method and a path as the client sent it.
    ///
    /// `accepts` is asked last whether the values fit; it gets the route's value, what was caught, and the path to read
    /// that from. When it refuses, the next route in the order is asked.
    ///
    /// The time does not depend on how many routes there are, as long as segments of text tell them apart, and is linear in
    /// the length of the path. Routes whose segments differ only in text beside parameters, in expressions or behind a
    /// `path` are asked one after the other; the text at a route's end is looked at first, so that most of them take some
    /// nanoseconds. Nothing is put on the heap for a path without escapes that has a route with up to four parameters.
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
        // The request's own method comes before the ones that stand in for it, wherever in the order they are.
        let stand_in = if method == "HEAD" { self.number("GET") } else { None };
        let wanted = [self.number(method), stand_in, self.number(ANY)];
        let fits = |route: &Entry<T>, path: &Path<'_>| {
            // A slash that nobody sent is for the rule's text, never for a value.
            if path.has_slash_added && !trailing_text(route.pattern.tokens()).ends_with('/') {
                return None;
            }
            let captures = matcher::find(route.pattern.tokens(), &route.regexes, path)?;
            accepts(&route.value, &captures, raw_path).then_some(captures)
        };
        let mut allow = Vec::new();
        let found = self.route(&path, wanted, fits, &mut allow);
        let found = match found {
            None if self.tolerant => self.route(&path.with_other_end(), wanted, fits, &mut allow),
            found => found,
        };
        match found {
            Some((route, captures)) => Found::Route { value: &route.value, index: route.index, captures },
            None if allow.is_empty() => Found::NotFound,
            None => Found::MethodNotAllowed { allow: complete(allow) },
        }
    }

    /// The first route for one of the methods, each of which counts more than the next; if there is none, notes
    /// those that the path has routes for.
    fn route<'r>(
        &'r self,
        path: &Path<'_>,
        wanted: [Option<usize>; 3],
        fits: impl Fn(&Entry<T>, &Path<'_>) -> Option<Captures>,
        allow: &mut Vec<&'r str>,
    ) -> Option<(&'r Entry<T>, Captures)> {
        let mut best: Option<(usize, &Entry<T>, Captures)> = None;
        let mut others = false;
        let first = self.index.find(path, |place| {
            let route = self.at(place)?;
            let Some(tier) = wanted.iter().position(|method| *method == Some(route.method)) else {
                others = true;
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
        if found.is_none() && others {
            self.index.find(path, |place| {
                let route = self.at(place)?;
                let method = self.method(route);
                if !wanted.contains(&Some(route.method))
                    && !allow.contains(&method)
                    && fits(route, path).is_some()
                {
                    allow.push(method);
                }
                None::<()>
            });
        }
        found
    }
}

/// The methods with what is answered without a route of its own, sorted.
fn complete(mut allow: Vec<&str>) -> Vec<&str> {
    if allow.contains(&"GET") && !allow.contains(&"HEAD") {
        allow.push("HEAD");
    }
    if !allow.contains(&"OPTIONS") {
        allow.push("OPTIONS");
    }
    allow.sort_unstable();
    allow
}
