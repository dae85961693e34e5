//! The link that a handler's `url` function returns.

use std::fmt::Display;

use crate::link::{Link, RouteId};
use crate::route::Route;

/// The text of a value in a link.
#[derive(Debug)]
pub struct LinkValue {
    text: String,
    /// Whether it is no number that is infinite or `NaN`.
    is_finite: bool,
}

impl LinkValue {
    /// Takes the value as it prints itself.
    pub fn text(value: &dyn Display) -> LinkValue {
        LinkValue { text: value.to_string(), is_finite: true }
    }

    /// Gives whole numbers a point, too: `3.0` is no `3`, which a route for integers would take.
    pub fn float<F: Copy + Display + Into<f64>>(value: &F) -> LinkValue {
        let is_finite = (*value).into().is_finite();
        let mut text = value.to_string();
        if is_finite && !text.contains('.') {
            text.push_str(".0");
        }
        LinkValue { text, is_finite }
    }
}

/// Makes the link to a function's first route. Values that the route would not match, and numbers that are none, make a link
/// that leads nowhere.
pub fn link(routes: &'static [Route], values: &[LinkValue]) -> Link {
    let Some(route) = routes.first() else {
        return Link::new(RouteId::of(&()), Err("the function has no route".to_owned()));
    };
    let texts: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
    let path = route.path_of(&texts).filter(|_| values.iter().all(|value| value.is_finite));
    let problem = || format!("`{}` does not match a path of the values {texts:?}", route.pattern());
    Link::new(RouteId::of(route), path.ok_or_else(problem))
}
