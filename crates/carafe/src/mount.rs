//! Mounting: routes under a prefix.
//!
//! What it takes is reached only through a [`Mount`], so that a program that mounts nothing does not carry the parser of
//! patterns.

use std::borrow::Cow;
use std::sync::Arc;

use carafe_router::Pattern;

use crate::context::is_below;
use crate::request::Request;

/// A prefix as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    prefix: String,
    open: fn(&str, &str) -> Result<Mounted, Vec<String>>,
}

/// A prefix that is known to be good, with those around it.
#[derive(Clone, Debug)]
pub(crate) struct Mounted {
    /// With the slash at its end, if it was written with one.
    text: String,
    /// As it stands in a canonical path; nothing if it is `/`.
    pub(crate) url: Arc<str>,
    below: fn(&Pattern, &str) -> Result<Pattern, Vec<String>>,
    covers: fn(&Request, &str) -> bool,
}

impl Mount {
    pub(crate) fn new(prefix: &str) -> Mount {
        Mount { prefix: prefix.to_owned(), open }
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns the prefix inside the one around it, or all that is wrong with it.
    pub(crate) fn inside(&self, outer: Option<&Mounted>) -> Result<Mounted, Vec<String>> {
        (self.open)(outer.map_or("", |outer| &outer.text), &self.prefix)
    }
}

impl Mounted {
    /// Returns the pattern below the prefix, or all that is wrong with that.
    pub(crate) fn below(&self, pattern: &Pattern) -> Result<Pattern, Vec<String>> {
        (self.below)(pattern, &self.text)
    }

    /// Returns whether a request's canonical path is the prefix or below it.
    pub(crate) fn covers(&self, request: &Request) -> bool {
        (self.covers)(request, &self.url)
    }
}

fn covers(request: &Request, url: &str) -> bool {
    // Its 404s are those of the prefix itself, too, with and without a slash.
    is_below(request.path(), url.trim_end_matches('/'))
}

fn open(outer: &str, prefix: &str) -> Result<Mounted, Vec<String>> {
    let what = format!("cannot mount under `{prefix}`");
    let pattern = Pattern::parse(prefix)
        .map_err(|errors| errors.iter().map(|error| format!("{what}: {error}")).collect::<Vec<_>>())?;
    if pattern.params().next().is_some() || pattern.query_params().next().is_some() {
        // A handler reads what was captured by its place.
        return Err(vec![format!("{what}: a prefix has no parameters; put them into the routes")]);
    }
    // `/` inside another prefix is that prefix.
    let text = match prefix {
        "/" => outer.to_owned(),
        prefix => format!("{}{prefix}", outer.trim_end_matches('/')),
    };
    let path = Pattern::parse(&text).map(|pattern| pattern.url(&[])).unwrap_or_default();
    let url = carafe_router::canonical(&path).map_or(path.as_str().into(), Cow::into_owned);
    Ok(Mounted { text, url: url.into(), below, covers })
}

fn below(pattern: &Pattern, prefix: &str) -> Result<Pattern, Vec<String>> {
    let what = || format!("cannot mount `{}` under `{prefix}`", pattern.as_str());
    let mounted = pattern.mounted(prefix);
    mounted.map_err(|errors| errors.iter().map(|error| format!("{}: {error}", what())).collect())
}
