//! Catchers: functions that answer for errors.

use http::StatusCode;

use crate::argument::Requirements;
use crate::error::Error;
use crate::request::Request;
use crate::route::{Answering, Origin};

/// A function that answers for a status, as `#[catch(404)]` or `#[catch(default)]` makes it.
///
/// ```
/// use carafe::{catch, catchers};
///
/// #[catch(404)]
/// fn not_found() -> &'static str {
///     "Nothing here"
/// }
///
/// #[catch(default)]
/// fn broken() -> &'static str {
///     "Something broke"
/// }
///
/// let statuses: Vec<_> = catchers![not_found, broken].iter().map(|catcher| catcher.status()).collect();
/// assert_eq!(statuses, [Some(404), None]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Catcher {
    /// The status it answers for; `None` is `default`.
    status: Option<u16>,
    origin: Origin,
    handler: CatcherFn,
    requires: &'static [fn(&mut Requirements<'_>)],
}

/// Reads the arguments of a catcher, calls it, and turns what it returns into an answer, which carries the error's
/// status unless it names one itself.
pub(crate) type CatcherFn = for<'r> fn(&'r Request, &'r Error) -> Answering<'r>;

impl Catcher {
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(
        status: Option<u16>,
        origin: Origin,
        handler: CatcherFn,
        requires: &'static [fn(&mut Requirements<'_>)],
    ) -> Catcher {
        Catcher { status, origin, handler, requires }
    }

    /// Returns the status it answers for, `None` for every error that has no catcher of its own.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns name and place of the function.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    pub(crate) fn requires(&self) -> &'static [fn(&mut Requirements<'_>)] {
        self.requires
    }

    pub(crate) fn call<'r>(&self, request: &'r Request, error: &'r Error) -> Answering<'r> {
        (self.handler)(request, error)
    }
}

/// Returns the catcher of a list for a status: its own, else the one for all.
pub(crate) fn of<'c>(catchers: &'c [&'static Catcher], status: StatusCode) -> Option<&'c Catcher> {
    let own = |catcher: &&&'static Catcher| catcher.status == Some(status.as_u16());
    let any = |catcher: &&&'static Catcher| catcher.status.is_none();
    catchers.iter().find(own).or_else(|| catchers.iter().find(any)).copied()
}

/// A list of catchers, as [`catchers!`](crate::catchers) makes it.
///
/// ```
/// use carafe::{App, Catchers, catch, catchers};
///
/// #[catch(404)]
/// fn not_found() -> &'static str {
///     "Nothing here"
/// }
///
/// /// Of a module of its own.
/// fn pages() -> Catchers {
///     catchers![not_found]
/// }
///
/// assert_eq!(App::new().catch(pages()).test().get("/").send().text(), "Nothing here");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Catchers {
    lists: &'static [&'static [Catcher]],
}

impl Catchers {
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(lists: &'static [&'static [Catcher]]) -> Catchers {
        Catchers { lists }
    }

    /// Returns all catchers in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &'static Catcher> + use<> {
        self.lists.iter().copied().flatten()
    }
}
