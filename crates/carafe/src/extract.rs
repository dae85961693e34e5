//! Arguments that are read from the whole request, not from one named value.
//!
//! They do not wait: the body is there before the handler starts.

mod cookies;
mod form;
mod json;
mod pairs;
mod query;
mod request;
mod state;
mod upload;

use std::any::TypeId;

pub use cookies::Cookies;
pub use form::Form;
pub use json::Json;
pub use query::Query;
pub use request::ClientIp;
pub use state::State;
pub use upload::Upload;

use crate::error::Error;
use crate::request::Request;

/// An argument that is read from the whole request.
///
/// ```
/// use carafe::{App, Error, FromRequest, Request, abort, get, routes};
///
/// struct Token(String);
///
/// impl FromRequest<'_> for Token {
///     fn from_request(request: &Request) -> Result<Token, Error> {
///         let header = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
///         header.map(|token| Token(token.to_owned())).ok_or_else(|| abort(401, "A token, please"))
///     }
/// }
///
/// #[get("/secret")]
/// fn secret(token: Token) -> String {
///     format!("You said {}", token.0)
/// }
///
/// let app = App::new().routes(routes![secret]);
/// assert_eq!(app.get("/secret").send().status(), 401);
/// assert_eq!(app.get("/secret").header("authorization", "Bearer x").send().text(), "You said x");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "not an extractor",
    note = "implement `carafe::FromRequest` for it, or give the argument a name to read it from a parameter"
)]
pub trait FromRequest<'r>: Sized {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// The answer when it is not there or not readable; the handler is then not called.
    fn from_request(request: &'r Request) -> Result<Self, Error>;

    /// The same for an argument with a name: an upload is the file of the form's field that is called so.
    ///
    /// # Errors
    ///
    /// As above.
    fn from_argument(request: &'r Request, name: &'static str) -> Result<Self, Error> {
        let _ = name;
        Self::from_request(request)
    }

    /// What the app must have for this to work, so that it can be asked when the app is assembled.
    #[doc(hidden)]
    fn need() -> Option<Need> {
        None
    }
}

/// State that an extractor needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub(crate) type_id: TypeId,
    pub(crate) type_name: &'static str,
}
