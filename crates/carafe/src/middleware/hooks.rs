//! Middleware that only looks at the request (`before`) or only at the answer (`after`).

use std::future::Future;

use super::{Middleware, Next};
use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::Response;

/// The outcome of a `before` hook: `()` or `None` to continue, a response or an error to answer at once.
///
/// ```
/// use carafe::{App, Plain, Request, Responder, Response, Result, get, routes};
///
/// fn closed(request: &Request) -> Result<Option<Response>> {
///     if request.query("preview").is_some() {
///         return Ok(None);
///     }
///     Plain("We open on Monday").respond_to(request).map(Some)
/// }
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Open"
/// }
///
/// let client = App::new().before(closed).routes(routes![index]).test();
/// assert_eq!(client.get("/").send().text(), "We open on Monday");
/// assert_eq!(client.get("/?preview").send().text(), "Open");
/// ```
pub trait BeforeOutcome {
    #[doc(hidden)]
    fn into_outcome(self) -> Result<Option<Response>>;
}

impl BeforeOutcome for () {
    fn into_outcome(self) -> Result<Option<Response>> {
        Ok(None)
    }
}

impl BeforeOutcome for Option<Response> {
    fn into_outcome(self) -> Result<Option<Response>> {
        Ok(self)
    }
}

impl<T: BeforeOutcome, E: Into<Error>> BeforeOutcome for Result<T, E> {
    fn into_outcome(self) -> Result<Option<Response>> {
        self.map_err(Into::into)?.into_outcome()
    }
}

/// A function that runs before handlers, sync or async; `M` only tells the two apart.
///
/// ```
/// use carafe::{App, Request, get, routes};
///
/// fn note(request: &Request) {
///     println!("{} begins", request.raw_path());
/// }
///
/// async fn check(request: &Request) -> carafe::Result {
///     request.header("x-key").map(|_| ()).ok_or_else(|| carafe::abort(401, "a key, please"))
/// }
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Hello"
/// }
///
/// let client = App::new().before(note).before(check).routes(routes![index]).test();
/// assert_eq!(client.get("/").send().status(), 401);
/// assert_eq!(client.get("/").header("x-key", "1").send().status(), 200);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run before a handler",
    label = "expected a function from `&Request` to `()`, `Option<Response>` or a `Result` of them, sync or async",
    note = "a closure names its argument's type: `|request: &Request| …`"
)]
pub trait BeforeHook<M>: Send + Sync + 'static {
    #[doc(hidden)]
    fn run(&self, request: &Request) -> impl Future<Output = Result<Option<Response>>> + Send;
}

/// Marks a hook that does not wait, and what it returns.
#[derive(Debug)]
pub struct Now;

/// Marks a hook that may wait.
#[derive(Debug)]
pub struct Later;

impl<F, R> BeforeHook<(Now, R)> for F
where
    F: Fn(&Request) -> R + Send + Sync + 'static,
    R: BeforeOutcome,
{
    async fn run(&self, request: &Request) -> Result<Option<Response>> {
        self(request).into_outcome()
    }
}

/// An async function from the request. Implemented for every function of the right shape.
///
/// ```
/// use carafe::{App, Request, Result, State, abort};
///
/// struct Banned(&'static str);
///
/// async fn let_in(request: &Request) -> Result {
///     let banned = request.extract::<State<Banned>>().await?;
///     if request.header("x-name") == Some(banned.0) { Err(abort(403, "Not you")) } else { Ok(()) }
/// }
///
/// let client = App::new().state(Banned("bob")).before(let_in).test();
/// assert_eq!(client.get("/").header("x-name", "bob").send().status(), 403);
/// assert_eq!(client.get("/").send().status(), 404);
/// ```
pub trait AsyncBefore<'r>: Send + Sync + 'static {
    /// The type it returns.
    type Output: BeforeOutcome;
    #[doc(hidden)]
    fn run(&self, request: &'r Request) -> impl Future<Output = Self::Output> + Send + 'r;
}

impl<'r, F, Fut> AsyncBefore<'r> for F
where
    F: Fn(&'r Request) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: BeforeOutcome> + Send + 'r,
{
    type Output = Fut::Output;

    fn run(&self, request: &'r Request) -> impl Future<Output = Fut::Output> + Send + 'r {
        self(request)
    }
}

impl<F: for<'r> AsyncBefore<'r>> BeforeHook<Later> for F {
    async fn run(&self, request: &Request) -> Result<Option<Response>> {
        AsyncBefore::run(self, request).await.into_outcome()
    }
}

/// A function that runs on every answer, sync or async; `M` only tells the two apart.
///
/// ```
/// use carafe::middleware::AfterHook;
/// use carafe::{App, Request, Response};
///
/// struct Header(&'static str);
///
/// impl AfterHook<Header> for Header {
///     async fn run(&self, _: &Request, response: &mut Response) {
///         response.headers_mut().insert("x-served-by", self.0.parse().unwrap());
///     }
/// }
///
/// let reply = App::new().after(Header("carafe")).test().get("/").send();
/// assert_eq!(reply.header("x-served-by"), Some("carafe"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run after a handler",
    label = "expected a function of `&Request` and `&mut Response`, sync or async",
    note = "a closure names its arguments' types: `|request: &Request, response: &mut Response| …`"
)]
pub trait AfterHook<M>: Send + Sync + 'static {
    /// Changes the answer. A type with settings implements this, with itself for `M`.
    fn run(&self, request: &Request, response: &mut Response) -> impl Future<Output = ()> + Send;

    /// Marks an answer that passes no middleware, as [`Middleware::mark`] does.
    fn mark(&self, request: &Request, response: &mut Response) {
        let _ = (request, response);
    }
}

impl<F> AfterHook<Now> for F
where
    F: Fn(&Request, &mut Response) + Send + Sync + 'static,
{
    async fn run(&self, request: &Request, response: &mut Response) {
        self(request, response);
    }
}

/// An async function of request and answer. Implemented for every function of the right shape.
///
/// ```
/// use carafe::{App, Request, Response, State};
///
/// struct Version(&'static str);
///
/// async fn version(request: &Request, response: &mut Response) {
///     if let Ok(version) = request.extract::<State<Version>>().await {
///         response.headers_mut().insert("x-version", version.0.parse().unwrap());
///     }
/// }
///
/// let client = App::new().state(Version("7")).after(version).test();
/// assert_eq!(client.get("/").send().header("x-version"), Some("7"));
/// ```
pub trait AsyncAfter<'r>: Send + Sync + 'static {
    #[doc(hidden)]
    fn run(&self, request: &'r Request, response: &'r mut Response) -> impl Future<Output = ()> + Send + 'r;
}

impl<'r, F, Fut> AsyncAfter<'r> for F
where
    F: Fn(&'r Request, &'r mut Response) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'r,
{
    fn run(&self, request: &'r Request, response: &'r mut Response) -> impl Future<Output = ()> + Send + 'r {
        self(request, response)
    }
}

impl<F: for<'r> AsyncAfter<'r>> AfterHook<Later> for F {
    async fn run(&self, request: &Request, response: &mut Response) {
        AsyncAfter::run(self, request, response).await;
    }
}

struct Before<H, M>(H, std::marker::PhantomData<fn() -> M>);

impl<H: BeforeHook<M>, M: 'static> Middleware for Before<H, M> {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        match self.0.run(request).await? {
            Some(early) => Ok(early),
            None => Ok(next.run(request).await),
        }
    }
}

struct After<H, M>(H, std::marker::PhantomData<fn() -> M>);

impl<H: AfterHook<M>, M: 'static> Middleware for After<H, M> {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        let mut response = next.run(request).await;
        self.0.run(request, &mut response).await;
        Ok(response)
    }

    fn mark(&self, request: &Request, response: &mut Response) {
        self.0.mark(request, response);
    }
}

/// Makes middleware of a function that runs before.
pub(crate) fn before<M: 'static>(hook: impl BeforeHook<M>) -> impl Middleware {
    Before(hook, std::marker::PhantomData)
}

/// Makes middleware of a function that runs after.
pub(crate) fn after<M: 'static>(hook: impl AfterHook<M>) -> impl Middleware {
    After(hook, std::marker::PhantomData)
}
