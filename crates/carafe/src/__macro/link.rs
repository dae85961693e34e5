//! The link that a handler's `url` function returns.

use std::fmt::Display;

use crate::link::{Link, RouteId};
use crate::route::Route;

/// Makes the link to a function's first route. Values that the route would not match make a link that leads nowhere.
pub fn link(routes: &'static [Route], values: &[&dyn Display]) -> Link {
    let Some(route) = routes.first() else {
        return Link::new(RouteId::of(&()), Err("the function has no route".to_owned()));
    };
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let path = route.parsed_pattern().url(&texts);
    // A browser takes dot segments away, however they are written, and then asks for another path (RFC 3986 §5.2.4).
    let is_plain = path.split('/').all(|segment| !matches!(segment, "." | ".."));
    let fits = is_plain
        && route
            .parsed_pattern()
            .captures(&path)
            .is_some_and(|captures| route.accepts(&captures, &path).unwrap_or_default());
    let problem = || format!("`{}` does not match a path of the values {texts:?}", route.pattern());
    Link::new(RouteId::of(route), if fits { Ok(path) } else { Err(problem()) })
}
