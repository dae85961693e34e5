//! Features: parts of an app that belong together and can be attached at once.

use std::any::Any;

use super::App;
use crate::argument::Requirements;

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

// Here instead of beside the other methods, so that what stands below an app need not know what one is.
impl Requirements<'_> {
    /// Attaches a feature to the app, unless it is attached already: once, for the whole app, when the app is assembled. Its
    /// middleware is outermost, as though it had been given first; all else counts as given last, so that a state of the
    /// feature replaces one of the same type that the app was given. An app whose routes need no such thing has nothing of it.
    ///
    /// ```
    /// use carafe::{App, Feature, FromRequest, Request, Requirements, Response, Result, get, routes};
    ///
    /// /// Says on every answer of an app that some of its pages depend on the language.
    /// #[derive(Default)]
    /// struct Languages;
    ///
    /// impl Feature for Languages {
    ///     fn attach(self, app: App) -> App {
    ///         app.after(|_: &Request, response: &mut Response| {
    ///             response.headers_mut().insert("vary", "accept-language".parse().unwrap());
    ///         })
    ///     }
    /// }
    ///
    /// struct Language(String);
    ///
    /// impl FromRequest<'_> for Language {
    ///     async fn from_request(request: &Request) -> Result<Self> {
    ///         Ok(Language(request.header("accept-language").unwrap_or("en").to_owned()))
    ///     }
    ///
    ///     fn requires(requirements: &mut Requirements<'_>) {
    ///         requirements.attach::<Languages>();
    ///     }
    /// }
    ///
    /// #[get("/")]
    /// fn index(language: Language) -> String {
    ///     language.0
    /// }
    ///
    /// assert_eq!(App::new().routes(routes![index]).test().get("/lost").send().header("vary"), Some("accept-language"));
    /// assert_eq!(App::new().test().get("/lost").send().header("vary"), None);
    /// ```
    pub fn attach<F: Feature + Default>(&mut self) {
        if !self.has_feature::<F>() {
            self.note_attachment(attached::<F>);
        }
    }
}

/// Makes the app that has the feature in front of all it has.
fn attached<F: Feature + Default>(app: &dyn Any) -> Option<Box<dyn Any>> {
    Some(Box::new(app.downcast_ref::<App>()?.with_first(F::default())))
}
