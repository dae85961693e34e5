//! Handlers of `App::route`: functions and closures from the request to an answer, at once or later.

use std::future::Future;
use std::sync::Arc;

use super::{Answering, Handler};
use crate::error::Result;
use crate::request::Request;
use crate::response::{Responder, Response};
use crate::returned::overrides::Overrides;

/// A handler of [`App::route`](crate::App::route): a function or closure that takes `&Request` and returns a
/// [`Responder`], or an async one.
///
/// `M` only tells the two apart. A closure names the type of its argument: `|request: &Request| …`.
///
/// ```
/// use carafe::{App, Request, Result};
///
/// async fn shown(request: &Request) -> Result<String> {
///     Ok(format!("waited for {}", request.raw_path()))
/// }
///
/// let client = App::new()
///     .route("GET", "/now", |request: &Request| format!("{} at once", request.raw_path()))
///     .route("GET", "/later", shown)
///     .test();
/// assert_eq!(client.get("/now").send().text(), "/now at once");
/// assert_eq!(client.get("/later").send().text(), "waited for /later");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a handler of `App::route`",
    label = "expected a function from `&Request` to a response, or to a `Send` future of one",
    note = "a struct is sent as JSON with `Json(…)`; a closure names its argument's type: `|request: &Request| …`"
)]
pub trait Endpoint<M> {
    #[doc(hidden)]
    fn into_handler(self) -> Handler;

    #[doc(hidden)]
    fn csrf_is_off(&self) -> bool {
        false
    }
}

/// A handler of [`App::route`](crate::App::route) to which pages of other sites may send, as with `csrf = off` in an
/// attribute: see [`App::csrf`](crate::App::csrf).
///
/// ```
/// use carafe::{App, CsrfOff, Request};
///
/// let hook = |_: &Request| "received";
/// let client = App::new().csrf(true).route("POST", "/hook", CsrfOff(hook)).route("POST", "/notes", hook).test();
/// let from = |target| client.post(target).header("sec-fetch-site", "cross-site").send().status().as_u16();
/// assert_eq!((from("/hook"), from("/notes")), (200, 403));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CsrfOff<H>(pub H);

/// Marks a handler that pages of other sites may send to.
#[derive(Debug)]
pub struct Off<M>(M);

impl<M, H: Endpoint<M>> Endpoint<Off<M>> for CsrfOff<H> {
    fn into_handler(self) -> Handler {
        self.0.into_handler()
    }

    fn csrf_is_off(&self) -> bool {
        true
    }
}

/// A handler that answers at once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not return a response",
    label = "expected a function from `&Request` to a response, or to a `Send` future of one"
)]
pub trait SyncEndpoint<'r>: Send + Sync + 'static {
    /// The type it returns.
    type Output: Responder;
    #[doc(hidden)]
    fn answer(&self, request: &'r Request) -> Self::Output;
}

impl<'r, F, R> SyncEndpoint<'r> for F
where
    F: Fn(&'r Request) -> R + Send + Sync + 'static,
    R: Responder,
{
    type Output = R;

    fn answer(&self, request: &'r Request) -> R {
        self(request)
    }
}

/// A handler that may wait.
pub trait AsyncEndpoint<'r>: Send + Sync + 'static {
    /// The type it returns.
    type Output: Responder;
    #[doc(hidden)]
    fn answer(&self, request: &'r Request) -> impl Future<Output = Self::Output> + Send + 'r;
}

impl<'r, F, Fut> AsyncEndpoint<'r> for F
where
    F: Fn(&'r Request) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: Responder> + Send + 'r,
{
    type Output = Fut::Output;

    fn answer(&self, request: &'r Request) -> impl Future<Output = Fut::Output> + Send + 'r {
        self(request)
    }
}

/// Marks a handler that answers at once.
#[derive(Debug)]
pub struct Sync_;

/// Marks a handler that may wait.
#[derive(Debug)]
pub struct Async_;

impl<F: for<'r> SyncEndpoint<'r>> Endpoint<Sync_> for F {
    fn into_handler(self) -> Handler {
        Handler::Closure(Arc::new(move |request| {
            Answering::Now(settled(self.answer(request).respond_to(request)))
        }))
    }
}

impl<F: for<'r> AsyncEndpoint<'r>> Endpoint<Async_> for F {
    fn into_handler(self) -> Handler {
        let function = Arc::new(self);
        Handler::Closure(Arc::new(move |request| {
            let function = Arc::clone(&function);
            Answering::Later(Box::pin(
                async move { settled(function.answer(request).await.respond_to(request)) },
            ))
        }))
    }
}

/// Finishes an answer as that of any other handler; no tuple says more about it.
fn settled(mut reply: Result<Response>) -> Result<Response> {
    Overrides::new().apply(&mut reply);
    reply
}
