//! Features: parts of an app that belong together and can be attached at once.

use super::App;

/// Part of an app that installs its own routes, state, middleware and checks.
///
/// ```
/// use carafe::{App, Feature, FromRequest, Next, Request, Requirements, Response, Result, get, routes};
///
/// /// Gives every request a number, and a page that tells the last one.
/// struct Numbers;
///
/// #[derive(Clone, Copy)]
/// struct Number(u32);
///
/// async fn count(request: &Request, next: Next<'_>) -> Response {
///     request.insert(Number(1));
///     next.run(request).await
/// }
///
/// impl Feature for Numbers {
///     fn attach(self, app: App) -> App {
///         app.around(count)
///     }
/// }
///
/// impl FromRequest<'_> for Number {
///     async fn from_request(request: &Request) -> Result<Self> {
///         Ok(request.get().unwrap_or(Number(0)))
///     }
///
///     fn requires(requirements: &mut Requirements<'_>) {
///         requirements.feature::<Numbers>();
///     }
/// }
///
/// #[get("/")]
/// fn index(number: Number) -> u32 {
///     number.0
/// }
///
/// let app = || App::new().routes(routes![index]);
/// assert!(app().check().unwrap_err().to_string().contains("Numbers"));
/// assert_eq!(app().attach(Numbers).test().get("/").send().text(), "1");
/// ```
pub trait Feature: 'static {
    /// Adds the feature's parts to the app.
    fn attach(self, app: App) -> App;
}
