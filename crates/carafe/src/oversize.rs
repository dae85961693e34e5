//! Answers that are longer than a load balancer takes, stored elsewhere.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use carafe_lambda::Answer;
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, ETAG, EXPIRES, HeaderValue, LAST_MODIFIED, LOCATION};

use crate::body::Body;
use crate::error::{Error, Result};
use crate::pipeline::Pipeline;
use crate::request::Request;
use crate::response::{Redirect, Responder as _, Response, Target};

/// An async function of request and answer that stores the answer and returns where. Implemented for every function of the right
/// shape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot store answers for `App::oversize`",
    label = "expected an async function of `&Request` and `&Response` to a `Result` of a URL, a path or a link"
)]
pub trait OversizeStore<'r>: Send + Sync + 'static {
    #[doc(hidden)]
    fn store(
        &self,
        request: &'r Request,
        response: &'r Response,
    ) -> impl Future<Output = Result<Target>> + Send + 'r;
}

impl<'r, F, Fut, T, E> OversizeStore<'r> for F
where
    F: Fn(&'r Request, &'r Response) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'r,
    T: Into<Target>,
    E: Into<Error>,
{
    fn store(
        &self,
        request: &'r Request,
        response: &'r Response,
    ) -> impl Future<Output = Result<Target>> + Send + 'r {
        let storing = self(request, response);
        async { storing.await.map(Into::into).map_err(Into::into) }
    }
}

/// Binds a store to an app that is assembled.
type Bind = dyn Fn(&Arc<Pipeline>) -> carafe_lambda::Oversize + Send + Sync;

/// What an app does with an answer that is too long.
#[derive(Clone)]
pub(crate) struct Oversize(Arc<Bind>);

impl Oversize {
    pub(crate) fn new(store: impl for<'r> OversizeStore<'r>) -> Oversize {
        let store = Arc::new(store);
        Oversize(Arc::new(move |pipeline| {
            let (pipeline, store) = (Arc::clone(pipeline), Arc::clone(&store));
            carafe_lambda::Oversize::new(move |event, response| {
                let (pipeline, store) = (Arc::clone(&pipeline), Arc::clone(&store));
                async move {
                    let request = Request::new(event, Arc::clone(&pipeline.context));
                    let response = response.map(Body::from);
                    let stored = store.store(&request, &response).await;
                    let (response, failure) =
                        match stored.and_then(|target| redirect(target, &request, &response)) {
                            Ok(redirect) => (redirect, None),
                            Err(error) => pipeline.refuse(&request, error).await,
                        };
                    Answer::new(response.map(Body::into_bytes)).with_failure(failure)
                }
            })
        }))
    }

    /// Makes it answer for an app that is assembled.
    pub(crate) fn with(&self, pipeline: &Arc<Pipeline>) -> carafe_lambda::Oversize {
        (self.0)(pipeline)
    }
}

/// Sends the client to what was stored. What the answer says of itself is gone with it; the rest stays, such as cookies and what
/// middleware added.
fn redirect(target: Target, request: &Request, response: &Response) -> Result<Response> {
    let mut redirect = Redirect::to(target).respond_to(request)?;
    let gone = [ACCEPT_RANGES, CACHE_CONTROL, ETAG, EXPIRES, LAST_MODIFIED, LOCATION];
    for (name, value) in response.headers() {
        let is_gone = gone.contains(name)
            || (name.as_str().starts_with("content-") && name != "content-security-policy");
        if !is_gone {
            redirect.headers_mut().append(name.clone(), value.clone());
        }
    }
    redirect.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(redirect)
}

impl fmt::Debug for Oversize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Oversize")
    }
}
