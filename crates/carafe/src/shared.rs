//! What all requests of an app share.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

/// State and settings.
#[derive(Default)]
pub(crate) struct Shared {
    /// A handful at most: a walk is quicker than a hash.
    states: Vec<(TypeId, Arc<dyn Any + Send + Sync>)>,
    pub(crate) trusted_proxies: usize,
    #[cfg(feature = "templates")]
    pub(crate) templates: crate::response::Templates,
}

impl Shared {
    /// Keeps a value for its type, in place of an earlier one.
    pub(crate) fn put<T: Send + Sync + 'static>(&mut self, value: T) {
        self.states.retain(|(id, _)| *id != TypeId::of::<T>());
        self.states.push((TypeId::of::<T>(), Arc::new(value)));
    }

    pub(crate) fn has(&self, wanted: TypeId) -> bool {
        self.states.iter().any(|(id, _)| *id == wanted)
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let (_, value) = self.states.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        Arc::clone(value).downcast().ok()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("states", &self.states.len()).finish_non_exhaustive()
    }
}
