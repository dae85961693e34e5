//! Pages for those who are logged in.

use std::fmt;
use std::ops::Deref;

use carafe_router::canonical;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

use super::session::Session;
use crate::{
    FromRequest, Middleware, Next, OptionalFromRequest, Redirect, Request, Requirements, Responder as _,
    Response, Result, Target, abort,
};

/// What the session has, as an argument: who has none gets a 401. Where people have a session before they log in, with a
/// cart perhaps, look at what is in it. `Option<LoggedIn<T>>` is for pages that are for
/// everybody.
///
/// ```
/// use carafe::{App, LoggedIn, Result, Session, get, post, routes};
///
/// # #[post("/login")] fn login(session: Session<String>) -> Result { session.set("Ann".to_owned()) }
/// #[get("/me")]
/// fn me(name: LoggedIn<String>) -> String {
///     format!("You are {}", *name)
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![login, me]).test();
/// assert_eq!(client.get("/me").send().status(), 401);
/// client.post("/login").send();
/// assert_eq!(client.get("/me").send().text(), "You are Ann");
/// ```
#[derive(Clone)]
pub struct LoggedIn<T>(pub T);

/// Keeps the data to itself.
impl<T> fmt::Debug for LoggedIn<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoggedIn")
    }
}

impl<T> Deref for LoggedIn<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Send + 'static> FromRequest<'_> for LoggedIn<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        let session = Session::<T>::from_request(request).await?;
        session.into_inner().map(LoggedIn).ok_or_else(refused)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Session<T>>();
    }
}

impl<T: DeserializeOwned + Send + 'static> OptionalFromRequest<'_> for LoggedIn<T> {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        Ok(Session::<T>::from_request(request).await?.into_inner().map(LoggedIn))
    }
}

fn refused() -> crate::Error {
    // Without `WWW-Authenticate`: no scheme is registered for cookies, and for `Basic` browsers would ask for a password.
    abort(401, "Log in first")
}

/// Middleware for a group of routes that are for those who are logged in, with a [`Session<T>`](Session): any session, unless
/// [`LoginRequired::only_if`] says otherwise.
///
/// A browser of somebody who is not is sent to the login page, with the page that was asked for as the query parameter
/// `next`: [`Redirect::to_local`] leads back there. Other clients, whose `Accept` does not name `text/html`, get a 401. The
/// login page itself may be in the group.
///
/// ```
/// use carafe::{App, LoggedIn, LoginRequired, Redirect, Result, Session, get, post, routes};
///
/// #[get("/login")]
/// fn login_page() -> &'static str {
///     "<form method=post><input name=name><button>Log in</button></form>" // posts to its own address, `next` and all
/// }
///
/// #[post("/login?<next>")]
/// fn login(name: String, next: Option<String>, session: Session<String>) -> Result<Redirect> {
///     session.set(name)?; // and the password?
///     Ok(Redirect::to_local(next, report::url()))
/// }
///
/// #[get("/report")]
/// fn report(name: LoggedIn<String>) -> String {
///     format!("All is well, {}", *name)
/// }
///
/// let private = routes![report].around(LoginRequired::<String>::at(login_page::url()));
/// let client = App::new().secret_from("APP_SECRET").routes(routes![login_page, login]).routes(private).test();
/// assert_eq!(client.get("/report").send().status(), 401);
/// let reply = client.get("/report").header("accept", "text/html").send();
/// assert_eq!(reply.header("location"), Some("/login?next=%2Freport"));
/// let reply = client.post("/login?next=%2Freport").form(&[("name", "Ann")]).follow_redirects().send();
/// assert_eq!(reply.text(), "All is well, Ann");
/// ```
pub struct LoginRequired<T> {
    page: Target,
    is_logged_in: fn(&T) -> bool,
}

impl<T> LoginRequired<T> {
    /// Makes the middleware for this login page.
    pub fn at(page: impl Into<Target>) -> LoginRequired<T> {
        LoginRequired { page: page.into(), is_logged_in: |_| true }
    }

    /// Says which sessions are of somebody who is logged in; without it all are. For apps whose visitors have a session
    /// before, with a cart perhaps.
    ///
    /// ```
    /// use carafe::{LoginRequired, get};
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Visitor { user: Option<String>, cart: Vec<u32> }
    ///
    /// #[get("/login")]
    /// fn login_page() -> &'static str { "…" }
    ///
    /// let guard = LoginRequired::at(login_page::url()).only_if(|visitor: &Visitor| visitor.user.is_some());
    /// ```
    #[must_use]
    pub fn only_if(self, is_logged_in: fn(&T) -> bool) -> LoginRequired<T> {
        LoginRequired { is_logged_in, ..self }
    }
}

impl<T: DeserializeOwned + Send + 'static> Middleware for LoginRequired<T> {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        let session = request.extract::<Session<T>>().await?;
        if session.get().is_some_and(self.is_logged_in) {
            return Ok(next.run(request).await);
        }
        let page = match &self.page {
            Target::Link(link) => request.url_for(link)?,
            Target::Text(text) => text.clone().into_owned(),
        };
        if canonical(path_of(&page)).as_deref() == Some(request.path()) {
            return Ok(next.run(request).await);
        }
        let is_page = |accept: &str| accept.to_ascii_lowercase().contains("text/html");
        if !request.header("accept").is_some_and(is_page) {
            return Err(refused());
        }
        Redirect::to(with_next(&page, request)).respond_to(request)
    }

    fn requires(&self, requirements: &mut Requirements<'_>) {
        requirements.extractor::<Session<T>>();
        if matches!(&self.page, Target::Text(text) if path_of(text).is_empty()) {
            requirements.problem("`LoginRequired::at`: the address of the login page has no path");
        }
    }
}

/// Returns an address up to its query or fragment.
fn path_of(page: &str) -> &str {
    page.split(['?', '#']).next().unwrap_or_default()
}

/// Adds the page that was asked for. What was sent by another method cannot be asked for again.
fn with_next(page: &str, request: &Request) -> String {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return page.to_owned();
    }
    let query = request.raw_query();
    let wanted = match &*query {
        "" => request.raw_path().to_owned(),
        query => format!("{}?{query}", request.raw_path()),
    };
    let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}next={}{fragment}", utf8_percent_encode(&wanted, NON_ALPHANUMERIC))
}

impl<T> fmt::Debug for LoginRequired<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginRequired").field("page", &self.page).finish_non_exhaustive()
    }
}
