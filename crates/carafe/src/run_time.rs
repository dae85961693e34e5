//! What a handler of `App::route` may return: an answer, or a future of one.

use std::future::Future;

use crate::error::Error;
use crate::response::{IntoResponse, Response};
use crate::route::BoxFuture;

/// What a closure given to [`App::route`](crate::App::route) returns: a response, or a future of one that owns what it
/// needs of the request.
///
/// `M` only tells the two apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a route made at run time",
    label = "no response, and no future of one that is `Send` and `'static`",
    note = "a struct is sent as JSON with `Json(…)`; an `async move` block takes what it needs out of the request first"
)]
pub trait RunTimeReply<M> {
    /// The answer, at once or later.
    #[doc(hidden)]
    fn into_future(self) -> BoxFuture<'static, Result<Response, Error>>;
}

/// Marks an answer that is there.
#[derive(Debug)]
pub struct Now;

/// Marks an answer that has to be waited for.
#[derive(Debug)]
pub struct Later;

impl<R: IntoResponse> RunTimeReply<Now> for R {
    fn into_future(self) -> BoxFuture<'static, Result<Response, Error>> {
        Box::pin(std::future::ready(self.into_response()))
    }
}

impl<F> RunTimeReply<Later> for F
where
    F: Future<Output: IntoResponse> + Send + 'static,
{
    fn into_future(self) -> BoxFuture<'static, Result<Response, Error>> {
        Box::pin(async { self.await.into_response() })
    }
}
