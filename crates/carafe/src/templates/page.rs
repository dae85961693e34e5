//! The page that is being made.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::functions::Functions;
use super::lists::Lists;
use crate::context::AppContext;
use crate::files::media_type::Syntax;
use crate::request::Request;

thread_local! {
    /// The page that is being made. A variable of the template's context would not reach into macros.
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

/// What values need to know of the page they are in.
pub(super) struct Page {
    /// It has the mounts of the app's routes.
    pub(super) app: Arc<AppContext>,
    /// The prefix of the route that answers.
    pub(super) here: Arc<str>,
    pub(super) syntax: Syntax,
    pub(super) lists: Lists,
    pub(super) functions: Functions,
    pub(super) request: Rc<Request>,
}

/// Returns something of the page that is being made, if one is.
pub(super) fn page<T>(read: impl FnOnce(&Page) -> T) -> Option<T> {
    PAGE.with_borrow(|page| page.as_ref().map(read))
}

/// Returns the lists of the page that is being made.
pub(super) fn lists() -> Lists {
    page(|page| page.lists.clone()).unwrap_or_default()
}

impl Page {
    /// Makes this the page that is being made, until what is returned goes.
    pub(super) fn begin(self) -> Restore {
        Restore(PAGE.replace(Some(self)))
    }
}

/// Puts back what was there before, whatever happens to the page.
#[must_use]
pub(super) struct Restore(Option<Page>);

impl Drop for Restore {
    fn drop(&mut self) {
        PAGE.set(self.0.take());
    }
}
