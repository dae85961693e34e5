//! The middleware of one level, in the order in which a request goes through it.

use std::sync::Arc;

use super::{DynMiddleware, Middleware, shared};

/// Middleware, outermost first. Functions that run on every answer stand outside all others, so that they see what
/// those answer early.
#[derive(Clone, Default)]
pub(crate) struct Stack {
    all: Vec<Arc<dyn DynMiddleware>>,
    /// The number of them, from the first, that run on every answer.
    afters: usize,
}

impl Stack {
    /// Adds a middleware inside of all others.
    pub(crate) fn add(&mut self, middleware: impl Middleware) {
        self.all.push(shared(middleware));
    }

    /// Adds one that runs on every answer.
    pub(crate) fn add_after(&mut self, middleware: impl Middleware) {
        self.all.insert(self.afters, shared(middleware));
        self.afters += 1;
    }

    /// Moves what was added since the stack was `before` to the outside of what was there then.
    pub(crate) fn put_first(&mut self, before: &Stack) {
        let added_afters = self.afters.saturating_sub(before.afters);
        let (afters, others) = self.all.split_at_mut(self.afters);
        afters.rotate_right(added_afters);
        others.rotate_left(before.len().saturating_sub(before.afters));
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &dyn DynMiddleware> {
        self.all.iter().map(|middleware| &**middleware)
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Arc<dyn DynMiddleware>> {
        self.all.get(place)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
