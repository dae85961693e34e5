//! The constants that `routes![]` and `catchers![]` find beside a function.

use super::clash::Signpost;
use crate::catcher::Catcher;
use crate::route::Route;

/// A function with route attributes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: it has no route",
    label = "no route attribute",
    note = "put an attribute such as `#[get(\"/path\")]` on it"
)]
pub trait ListedRoutes {
    /// One for each attribute and method.
    const ROUTES: &'static [Route];
    /// The keys by which two that answer the same requests are found.
    const SIGNPOSTS: &'static [Signpost];
}

/// A function with `#[catch(…)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a catcher",
    label = "no `#[catch(…)]`",
    note = "put `#[catch(404)]` or `#[catch(default)]` on it"
)]
pub trait ListedCatchers {
    /// The catcher.
    const CATCHERS: &'static [Catcher];
    /// The keys by which two that answer for the same errors are found.
    const SIGNPOSTS: &'static [Signpost];
}
