//! Middleware: functions that stand around handlers.
//!
//! [`Middleware`] is what users write; `hooks` makes some of `before` and `after`; `next` runs one after the other.

mod hooks;
mod next;
mod stack;

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

pub use hooks::{AfterHook, AsyncAfter, AsyncBefore, BeforeHook, BeforeOutcome};
pub(crate) use hooks::{after, before};
pub use next::Next;
pub(crate) use next::{Destination, Level, answer_error, body_limit};
pub(crate) use stack::Stack;

use crate::argument::Requirements;
use crate::error::Result;
use crate::request::Request;
use crate::response::{Responder, Response};
use crate::route::Answering;

/// Middleware, which stands around handlers: it gets the request and what comes [`Next`], and makes the answer.
///
/// An async function of the same shape is one:
///
/// ```
/// use carafe::{App, Next, Request, Response, Result, abort, get, routes};
///
/// async fn signed_in(request: &Request, next: Next<'_>) -> Result<Response> {
///     if request.header("x-api-key") != Some("secret") {
///         return Err(abort(401, "A key, please"));
///     }
///     Ok(next.run(request).await)
/// }
///
/// #[get("/report")]
/// fn report() -> String {
///     "All is well".to_owned()
/// }
///
/// let client = App::new().mount("/admin", routes![report].around(signed_in)).test();
/// assert_eq!(client.get("/%61dmin/report").send().status(), 401);
/// assert_eq!(client.get("/admin/report").header("x-api-key", "secret").send().text(), "All is well");
/// ```
///
/// A middleware with settings is a type:
///
/// ```
/// use carafe::{App, Middleware, Next, Request, Response, Result};
///
/// struct ServedBy(&'static str);
///
/// impl Middleware for ServedBy {
///     async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
///         let mut response = next.run(request).await;
///         response.headers_mut().insert("x-served-by", self.0.try_into()?);
///         Ok(response)
///     }
/// }
///
/// let client = App::new().around(ServedBy("carafe")).test();
/// assert_eq!(client.get("/lost").send().header("x-served-by"), Some("carafe"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be middleware",
    label = "expected `async fn(&Request, Next<'_>) -> Result<Response>` or a type with `carafe::Middleware`",
    note = "a closure that captures something cannot be middleware: make a struct of what it captures and implement `carafe::Middleware` for it",
    note = "what only changes answers, such as `SecurityHeaders`, is given to `.after(…)`"
)]
pub trait Middleware: Send + Sync + 'static {
    /// Makes the answer, as a rule with [`Next::run`].
    ///
    /// # Errors
    ///
    /// The error that the nearest catcher answers: the group's own, else the app's.
    fn handle(&self, request: &Request, next: Next<'_>) -> impl Future<Output = Result<Response>> + Send;

    /// Marks an answer that passes no middleware: the error in place of an answer that a load balancer would refuse, or that missed the
    /// deadline. All middleware around the route is asked, innermost first.
    ///
    /// Most has nothing to say here. What does, such as [`Cors`](crate::Cors), sets headers, and neither waits nor fails.
    fn mark(&self, request: &Request, response: &mut Response) {
        let _ = (request, response);
    }

    /// States what the app must have for this to work, as [`FromRequest::requires`](crate::FromRequest::requires) does.
    fn requires(&self, requirements: &mut Requirements<'_>) {
        let _ = requirements;
    }
}

/// An async function as middleware. Implemented for every function of the right shape.
///
/// ```
/// use carafe::{App, Next, Request, Response};
///
/// async fn counted(request: &Request, next: Next<'_>) -> Response {
///     let mut response = next.run(request).await;
///     response.headers_mut().insert("x-path-length", request.path().len().into());
///     response
/// }
///
/// let client = App::new().around(counted).test();
/// assert_eq!(client.get("/abc").send().header("x-path-length"), Some("4"));
/// ```
pub trait MiddlewareFn<'r>: Send + Sync + 'static {
    /// The type it returns: `Response` or `Result<Response>`.
    type Output: Responder;
    #[doc(hidden)]
    fn answer(&self, request: &'r Request, next: Next<'r>) -> impl Future<Output = Self::Output> + Send + 'r;
}

impl<'r, F, Fut> MiddlewareFn<'r> for F
where
    F: Fn(&'r Request, Next<'r>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: Responder> + Send + 'r,
{
    type Output = Fut::Output;

    fn answer(&self, request: &'r Request, next: Next<'r>) -> impl Future<Output = Fut::Output> + Send + 'r {
        self(request, next)
    }
}

impl<F: for<'r> MiddlewareFn<'r>> Middleware for F {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        call(self, request, next).await
    }
}

/// Gives function, request and `next` one lifetime.
async fn call<'r, F: MiddlewareFn<'r>>(
    function: &'r F,
    request: &'r Request,
    next: Next<'r>,
) -> Result<Response> {
    function.answer(request, next).await.respond_to(request)
}

/// The same as a trait object.
pub(crate) trait DynMiddleware: Send + Sync {
    fn handle<'r>(&'r self, request: &'r Request, next: Next<'r>) -> Answering<'r>;

    fn mark(&self, request: &Request, response: &mut Response);

    fn requires(&self, requirements: &mut Requirements<'_>);

    fn as_any(&self) -> &dyn Any;
}

impl<M: Middleware> DynMiddleware for M {
    fn handle<'r>(&'r self, request: &'r Request, next: Next<'r>) -> Answering<'r> {
        // Called when the answer is awaited, so that a panic is caught there.
        Answering::Later(Box::pin(async move { Middleware::handle(self, request, next).await }))
    }

    fn mark(&self, request: &Request, response: &mut Response) {
        Middleware::mark(self, request, response);
    }

    fn requires(&self, requirements: &mut Requirements<'_>) {
        Middleware::requires(self, requirements);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Puts a middleware on the heap.
fn shared(middleware: impl Middleware) -> Arc<dyn DynMiddleware> {
    Arc::new(middleware)
}
