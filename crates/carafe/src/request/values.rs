//! Values that middleware keeps beside a request.

use std::sync::{Mutex, PoisonError};

use http::Extensions;

/// Values by their type. Nothing is allocated before the first.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// Extensions of the request, from tower layers and other servers.
    given: Extensions,
    inserted: Mutex<Extensions>,
}

impl From<Extensions> for Values {
    fn from(given: Extensions) -> Values {
        Values { given, inserted: Mutex::default() }
    }
}

impl Values {
    pub(crate) fn insert<T: Clone + Send + Sync + 'static>(&self, value: T) {
        let before = self.inserted.lock().unwrap_or_else(PoisonError::into_inner).insert(value);
        // Behind the lock: its destructor is the author's code.
        drop(before);
    }

    pub(crate) fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        let inserted = self.inserted.lock().unwrap_or_else(PoisonError::into_inner).get().cloned();
        inserted.or_else(|| self.given.get().cloned())
    }

    /// Moves the inserted values into the extensions of a response, but for those of a type that is there already.
    pub(crate) fn leave_with(&self, extensions: &mut Extensions) {
        let mut values = std::mem::take(&mut *self.inserted.lock().unwrap_or_else(PoisonError::into_inner));
        if !values.is_empty() {
            values.extend(std::mem::take(extensions));
            *extensions = values;
        }
    }
}
