//! What a router finds for a path.

use crate::captures::Captures;

/// What a path leads to.
///
/// ```
/// use carafe_router::{Found, Pattern, RouterBuilder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = RouterBuilder::new();
/// builder.insert("GET", Pattern::parse("/posts/<id:int>")?, "post");
/// let router = builder.build()?;
/// let status = |method, path| match router.find(method, path, |_, _, _| true) {
///     Found::Route { .. } => 200,
///     Found::MethodNotAllowed { .. } => 405,
///     Found::BadPath => 400,
///     _ => 404,
/// };
/// assert_eq!([status("GET", "/posts/7"), status("PUT", "/posts/7")], [200, 405]);
/// assert_eq!([status("GET", "/posts/x"), status("GET", "/posts/%FF")], [404, 400]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Found<'r, T> {
    /// A route.
    #[non_exhaustive]
    Route {
        /// The value that was inserted with it.
        value: &'r T,
        /// The number of the call to `insert`, from 0.
        index: usize,
        /// The values of its parameters.
        captures: Captures,
    },
    /// Routes for other methods only.
    #[non_exhaustive]
    MethodNotAllowed {
        /// The methods of these routes, sorted, with HEAD where GET is, and OPTIONS.
        allow: Vec<&'r str>,
        /// The values of these routes in the order; at least one.
        routes: Vec<&'r T>,
    },
    /// No route.
    NotFound,
    /// A path that decodes to something that is not UTF-8.
    BadPath,
}
