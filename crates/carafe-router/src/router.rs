//! Many routes, in order.

use regex_lite::Regex;

use crate::matching::{self, Captures};
use crate::parse::anchored;
use crate::path::Path;
use crate::rank::{self, Rank};
use crate::{Filter, Pattern, Segment};

/// The method that stands for all.
const ANY: &str = "ANY";

/// Collects routes.
#[derive(Debug)]
pub struct RouterBuilder<T> {
    routes: Vec<Entry<T>>,
    tolerant: bool,
}

#[derive(Debug)]
struct Entry<T> {
    index: usize,
    method: String,
    pattern: Pattern,
    expressions: Vec<Option<Regex>>,
    rank: Rank,
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
        RouterBuilder { routes: Vec::new(), tolerant: false }
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
        let expressions = pattern.params().map(|param| match &param.filter {
            Filter::Re(expression) => Regex::new(&anchored(expression)).ok(),
            Filter::None | Filter::Int | Filter::Float | Filter::Path => None,
        });
        let expressions = expressions.collect();
        let rank = Rank::of(&pattern);
        let index = self.routes.len();
        self.routes.push(Entry { index, method: method.into(), pattern, expressions, rank, value });
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
    pub fn build(mut self) -> Result<Router<T>, Collision> {
        let mut shapes: Vec<_> =
            self.routes.iter().map(|route| (route.pattern.shape(), &*route.method, route.index)).collect();
        shapes.sort_unstable();
        for pair in shapes.windows(2) {
            if let [one, other] = pair
                && (one.0, one.1) == (other.0, other.1)
            {
                return Err(Collision { first: one.2, second: other.2 });
            }
        }
        self.routes.sort_by(|one, other| rank::order((&one.rank, one.index), (&other.rank, other.index)));
        Ok(Router { routes: self.routes, tolerant: self.tolerant })
    }
}

impl<T> Router<T> {
    /// All routes in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Pattern, &T)> {
        self.routes.iter().map(|route| (&*route.method, &route.pattern, &route.value))
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
        let mut ranges = Vec::new();
        let mut fits = |route: &Entry<T>| {
            if !starts_alike(route, &path)
                || !matching::find(route.pattern.segments(), &route.expressions, &path, &mut ranges)
            {
                return None;
            }
            let captures = Captures::new(&ranges, &path);
            accepts(&route.value, &captures, raw_path).then_some(captures)
        };
        let fallback = (method == "HEAD").then_some("GET");
        for wanted in [Some(method), fallback, Some(ANY)].into_iter().flatten() {
            for route in self.routes.iter().filter(|route| route.method == wanted) {
                if let Some(captures) = fits(route) {
                    return Found::Route { value: &route.value, index: route.index, captures };
                }
            }
        }
        let mut allow: Vec<&str> = Vec::new();
        for route in &self.routes {
            if !allow.contains(&&*route.method) && fits(route).is_some() {
                allow.push(&route.method);
            }
        }
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

/// Whether the text before the first parameter is there: most routes are ruled out by this.
fn starts_alike<T>(route: &Entry<T>, path: &Path<'_>) -> bool {
    match route.pattern.segments().first() {
        Some(Segment::Text(text)) => path.text.starts_with(&**text),
        _ => true,
    }
}
