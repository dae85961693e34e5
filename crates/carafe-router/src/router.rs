//! Many routes, in order.

use std::collections::HashMap;

use crate::index::Index;
use crate::matching::{self, Expressions};
use crate::path::Path;
use crate::{Captures, Pattern, rank};

/// The method that stands for all.
const ANY: &str = "ANY";

/// Collects routes.
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
    expressions: Expressions,
    value: T,
}

/// Two routes that answer the same requests; the indexes are those of the calls to `insert`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The earlier one.
    pub first: usize,
    /// The later one.
    pub second: usize,
}

impl std::fmt::Display for Collision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "routes {} and {} answer exactly the same requests", self.first, self.second)
    }
}

impl std::error::Error for Collision {}

/// Routes in the order in which they are tried.
#[derive(Debug)]
pub struct Router<T> {
    routes: Vec<Entry<T>>,
    methods: Vec<String>,
    index: Index,
    tolerant: bool,
}

/// What a path leads to.
#[derive(Debug)]
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

    /// Adds a route; `"ANY"` stands for all methods.
    pub fn insert(&mut self, method: impl Into<String>, pattern: Pattern, value: T) {
        let method = method.into();
        let known = self.methods.iter().position(|own| *own == method);
        let method = known.unwrap_or_else(|| {
            self.methods.push(method);
            self.methods.len() - 1
        });
        let expressions = Expressions::of(&pattern);
        self.routes.push(Entry { index: self.routes.len(), method, pattern, expressions, value });
    }

    /// Whether a slash too many or too few at the end of a path is overlooked.
    pub fn tolerate_trailing_slash(&mut self, tolerant: bool) {
        self.tolerant = tolerant;
    }

    /// The router.
    ///
    /// # Errors
    ///
    /// When two routes answer exactly the same requests.
    pub fn build(self) -> Result<Router<T>, Collision> {
        let RouterBuilder { mut routes, methods, tolerant } = self;
        let mut shapes = HashMap::with_capacity(routes.len());
        for route in &routes {
            if let Some(first) = shapes.insert((route.pattern.shape(), route.method), route.index) {
                return Err(Collision { first, second: route.index });
            }
        }
        let mut ranked: Vec<_> =
            routes.iter().map(|route| (route.index, rank::pieces(&route.pattern))).collect();
        ranked.sort_by(|(_, one), (_, other)| rank::order(one, other));
        let index = Index::new(&ranked);
        let mut places = vec![0; ranked.len()];
        for (place, (index, _)) in ranked.iter().enumerate() {
            if let Some(own) = places.get_mut(*index) {
                *own = place;
            }
        }
        routes.sort_by_key(|route| places.get(route.index).copied());
        Ok(Router { routes, methods, index, tolerant })
    }
}

impl<T> Router<T> {
    /// All routes in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Pattern, &T)> {
        self.routes.iter().map(|route| (self.method(route), &route.pattern, &route.value))
    }

    fn method(&self, route: &Entry<T>) -> &str {
        self.methods.get(route.method).map(String::as_str).unwrap_or_default()
    }

    fn number(&self, method: &str) -> Option<usize> {
        self.methods.iter().position(|own| own == method)
    }

    /// The route for a method and a path as the client sent it; `accepts` is asked last whether the values fit.
    pub fn find(
        &self,
        method: &str,
        raw_path: &str,
        accepts: impl Fn(&T, &Captures, &str) -> bool,
    ) -> Found<'_, T> {
        let found = self.find_exactly(method, raw_path, &accepts);
        if !self.tolerant || !matches!(found, Found::NotFound) || raw_path.len() < 2 {
            return found;
        }
        match raw_path.strip_suffix('/') {
            Some(shorter) => self.find_exactly(method, shorter, &accepts),
            None => found,
        }
    }

    fn find_exactly(
        &self,
        method: &str,
        raw_path: &str,
        accepts: &impl Fn(&T, &Captures, &str) -> bool,
    ) -> Found<'_, T> {
        let Some(path) = Path::decode(raw_path) else { return Found::BadPath };
        let fits = |route: &Entry<T>| {
            let captures = matching::find(&route.pattern, &route.expressions, &path)?;
            accepts(&route.value, &captures, raw_path).then_some(captures)
        };
        // The request's own method comes before the ones that stand in for it, wherever in the order they are.
        let stand_in = if method == "HEAD" { self.number("GET") } else { None };
        let wanted = [self.number(method), stand_in, self.number(ANY)];
        let mut best: Option<(usize, &Entry<T>, Captures)> = None;
        let mut others = false;
        let first = self.index.find(&path, |place| {
            let route = self.routes.get(place)?;
            let Some(tier) = wanted.iter().position(|method| *method == Some(route.method)) else {
                others = true;
                return None;
            };
            if best.as_ref().is_some_and(|(known, ..)| *known <= tier) {
                return None;
            }
            let captures = fits(route)?;
            // Nothing behind can be better when no route has one of the methods before.
            if wanted.iter().take(tier).all(Option::is_none) {
                return Some((tier, route, captures));
            }
            best = Some((tier, route, captures));
            None
        });
        if let Some((_, route, captures)) = first.or(best) {
            return Found::Route { value: &route.value, index: route.index, captures };
        }
        if others { self.other_methods(&path, &wanted, fits) } else { Found::NotFound }
    }

    /// What to say when no route for the wanted methods takes the path.
    fn other_methods(
        &self,
        path: &Path<'_>,
        wanted: &[Option<usize>],
        fits: impl Fn(&Entry<T>) -> Option<Captures>,
    ) -> Found<'_, T> {
        let mut allow: Vec<&str> = Vec::new();
        self.index.find(path, |place| {
            let route = self.routes.get(place)?;
            let method = self.method(route);
            if !wanted.contains(&Some(route.method)) && !allow.contains(&method) && fits(route).is_some() {
                allow.push(method);
            }
            None::<()>
        });
        if allow.is_empty() {
            return Found::NotFound;
        }
        if allow.contains(&"GET") && !allow.contains(&"HEAD") {
            allow.push("HEAD");
        }
        if !allow.contains(&"OPTIONS") {
            allow.push("OPTIONS");
        }
        allow.sort_unstable();
        Found::MethodNotAllowed { allow }
    }
}
