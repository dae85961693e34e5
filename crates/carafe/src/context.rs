//! The context that all requests of an app share: state, settings, and where routes are mounted.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use crate::link::{Link, RouteId};

/// State, settings and what a request can ask of the route table.
pub(crate) struct AppContext {
    pub(crate) states: States,
    pub(crate) trusted_proxies: usize,
    pub(crate) assume_https: bool,
    /// An answer that is too long is stored elsewhere.
    pub(crate) stores_oversize: bool,
    pub(crate) problem_details: bool,
    pub(crate) routes: RouteTable,
}

impl fmt::Debug for AppContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppContext").field("states", &self.states).finish_non_exhaustive()
    }
}

/// The values that an app was given, one for each type.
///
/// A handful at most: a walk is quicker than a hash.
#[derive(Clone, Default)]
pub(crate) struct States(Vec<(TypeId, Arc<dyn Any + Send + Sync>)>);

impl States {
    /// Keeps a value for its type, in place of an earlier one. `T` may be unsized, so it is the `Arc` that is kept.
    pub(crate) fn put<T: ?Sized + Send + Sync + 'static>(&mut self, value: Arc<T>) {
        self.0.retain(|(id, _)| *id != TypeId::of::<T>());
        self.0.push((TypeId::of::<T>(), Arc::new(value)));
    }

    /// Changes the value of a type, or its default where there is none.
    pub(crate) fn change<T: Clone + Default + Send + Sync + 'static>(&mut self, change: impl FnOnce(&mut T)) {
        let mut value = self.get::<T>().unwrap_or_default();
        change(Arc::make_mut(&mut value));
        self.put(value);
    }

    pub(crate) fn has(&self, wanted: TypeId) -> bool {
        self.0.iter().any(|(id, _)| *id == wanted)
    }

    pub(crate) fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let (_, value) = self.0.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        value.downcast_ref::<Arc<T>>().map(Arc::clone)
    }
}

impl fmt::Debug for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} types", self.0.len())
    }
}

/// The part of the route table that a request can ask without knowing the type of routes.
pub(crate) struct RouteTable {
    /// The mounted routes and their prefixes, in the order of the app.
    pub(crate) mounts: Vec<(RouteId, Arc<str>)>,
    /// The router itself.
    pub(crate) router: Arc<dyn Any + Send + Sync>,
}

impl RouteTable {
    /// Returns the prefix that a link gets in an answer of the route mounted under `here`: the one it shares with that
    /// route, or is nearest above it; else the first.
    pub(crate) fn mount_of(&self, link: &Link, here: &str) -> &str {
        let own =
            || self.mounts.iter().filter(|(route, _)| *route == link.route()).map(|(_, prefix)| &**prefix);
        let around = own().filter(|prefix| is_below(here, prefix)).max_by_key(|prefix| prefix.len());
        around.or_else(|| own().next()).unwrap_or_default()
    }
}

/// Returns whether a path is a prefix itself or below it, at a segment's boundary.
pub(crate) fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'))
}
