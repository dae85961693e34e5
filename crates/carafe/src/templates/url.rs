//! `url("show", id=7)`: links to routes by the names of their functions.

use std::fmt;
use std::sync::Arc;

use carafe_router::Router;
use minijinja::value::{Kwargs, Object, ObjectRepr, Rest, Value};
use minijinja::{Error, ErrorKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::link::{Link, RouteId};
use crate::pipeline::{Entry, RouteRef};
use crate::request::Request;
use crate::route::{Origin, Route};

/// Makes the link to the route of a function: `show`, or `posts::show` where several files have one. Values stand in the order of
/// the pattern, or have its names; what else is named becomes the query.
pub(super) fn link(
    request: &Request,
    name: &str,
    values: &Rest<Value>,
    named: &Kwargs,
) -> Result<Value, Error> {
    let route = find(request, name).map_err(wrong)?;
    let pattern = route.parsed_pattern();
    let mut given = values.iter();
    let mut texts = Vec::new();
    for param in pattern.params() {
        let value = match given.next() {
            Some(value) => value.clone(),
            None => named.get(&param.name).map_err(|_| {
                wrong(format!("url({name:?}) needs a value for <{}> of {}", param.name, route.pattern()))
            })?,
        };
        texts.push(value.to_string());
    }
    if given.next().is_some() {
        return Err(wrong(format!("url({name:?}) has more values than {} takes", route.pattern())));
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let path = route.path_of(&texts).ok_or_else(|| {
        wrong(format!("url({name:?}): {} does not match a path of the values {texts:?}", route.pattern()))
    })?;
    let path = path + &query(route, named)?;
    let link = Link::new(RouteId::of(route), Ok(path));
    request
        .url_for(&link)
        .map(|path| Value::from_object(Path(path)))
        .map_err(|error| wrong(error.to_string()))
}

/// A path as a value, which stays one whatever is done with it.
#[derive(Debug)]
pub(super) struct Path(pub(super) String);

impl Object for Path {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes what is named beside the parameters of the path.
fn query(route: &Route, named: &Kwargs) -> Result<String, Error> {
    let mut query = String::new();
    for name in named.args().filter(|name| route.parsed_pattern().params().all(|param| param.name != **name))
    {
        let value: Value = named.get(name)?;
        if value.is_none() || value.is_undefined() {
            continue;
        }
        query.push(if query.is_empty() { '?' } else { '&' });
        query.extend(utf8_percent_encode(name, NON_ALPHANUMERIC));
        query.push('=');
        query.extend(utf8_percent_encode(&value.to_string(), NON_ALPHANUMERIC));
    }
    Ok(query)
}

/// Returns the first route of a function.
fn find(request: &Request, name: &str) -> Result<&'static Route, String> {
    let (file, function) = match name.rsplit_once("::") {
        Some((path, function)) => (path.rsplit("::").next(), function),
        None => (None, name),
    };
    let mut routes: Vec<&'static Route> = Vec::new();
    let router = request.app().routes.router.downcast_ref::<Router<Entry>>();
    for (_, _, entry) in router.into_iter().flat_map(Router::iter) {
        if let RouteRef::Written(route) = entry.route
            && route.origin().name == function
            && file.is_none_or(|file| file == stem(route.origin()))
        {
            routes.push(route);
        }
    }
    routes.sort_by_key(|route| (route.origin().file, route.origin().line));
    let Some(first) = routes.first() else {
        return Err(format!("url({name:?}): the app has no route of a function with this name"));
    };
    match routes.iter().find(|route| route.origin().file != first.origin().file) {
        Some(other) => Err(format!(
            "url({name:?}) may be {first} ({}) or {other} ({})",
            first.origin(),
            other.origin(),
            first = path_of(first),
            other = path_of(other),
        )),
        None => Ok(first),
    }
}

/// Returns what tells a function from others of its name.
fn path_of(route: &Route) -> String {
    format!("{}::{}", stem(route.origin()), route.origin().name)
}

/// Returns the name of a module's file, or of its folder.
fn stem(origin: Origin) -> &'static str {
    let mut parts = origin.file.trim_end_matches(".rs").rsplit(['/', '\\']);
    match parts.next() {
        Some("mod") => parts.next().unwrap_or_default(),
        stem => stem.unwrap_or_default(),
    }
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
