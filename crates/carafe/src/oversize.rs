//! Answers that are longer than a load balancer takes, stored elsewhere.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use carafe_lambda::Answer;
use http::StatusCode;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_SECURITY_POLICY_REPORT_ONLY, ETAG, EXPIRES, HeaderName, HeaderValue, LAST_MODIFIED, LOCATION,
    SET_COOKIE, VARY,
};

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
                    let mut request = Request::new(event, Arc::clone(&pipeline.context));
                    let response = response.map(Body::from);
                    let stored = match is_part(&response) {
                        true => Err(part_too_long()),
                        false => store.store(&request, &response).await,
                    };
                    let (response, failure) =
                        match stored.and_then(|target| redirect(target, &request, &response)) {
                            Ok(redirect) => (redirect, None),
                            Err(error) => {
                                let (mut refused, failure) = pipeline.refuse(&mut request, error).await;
                                keep_headers(&mut refused, &response);
                                (refused, failure)
                            }
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

/// Returns whether an answer is a piece of something. The client would ask for the piece again where it is sent, and get a piece of
/// the piece.
fn is_part(response: &Response) -> bool {
    response.status() == StatusCode::PARTIAL_CONTENT || response.headers().contains_key(CONTENT_RANGE)
}

fn part_too_long() -> Error {
    Error::from(
        "a part (206) is too long, and only whole answers are stored: ignore the `Range` that asks for it"
            .to_owned(),
    )
}

/// Sends the client to what was stored.
fn redirect(target: Target, request: &Request, answer: &Response) -> Result<Response> {
    let mut redirect = Redirect::to(target).respond_to(request)?;
    let query = request.raw_query();
    let mark = if query.is_empty() { "" } else { "?" };
    let own = format!("{}{mark}{query}", request.raw_path());
    if redirect.headers().get(LOCATION).is_some_and(|to| to.as_bytes() == own.as_bytes()) {
        let problem =
            "the store returned the address of the request itself, where the client would ask without end";
        return Err(Error::from(problem.to_owned()));
    }
    keep_headers(&mut redirect, answer);
    redirect.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(redirect)
}

/// Adds the headers of the answer that was too long to one in its place. What it says of its body is gone with that; the rest stays,
/// such as cookies and what middleware added.
fn keep_headers(response: &mut Response, answer: &Response) {
    let own = response.headers().clone();
    let is_kept = |name: &HeaderName, value: &HeaderValue| match *name {
        CONTENT_SECURITY_POLICY | CONTENT_SECURITY_POLICY_REPORT_ONLY => !own.contains_key(name),
        ACCEPT_RANGES | CACHE_CONTROL | ETAG | EXPIRES | LAST_MODIFIED | LOCATION => false,
        SET_COOKIE => true,
        // Middleware has marked the one in its place, too.
        VARY => own.get_all(VARY).iter().all(|own| own != value),
        _ => {
            let is_of_body = name.as_str().starts_with("content-") || OF_BODY.contains(&name.as_str());
            !is_of_body && !own.contains_key(name)
        }
    };
    for (name, value) in answer.headers().iter().filter(|(name, value)| is_kept(name, value)) {
        response.headers_mut().append(name.clone(), value.clone());
    }
}

/// Digests of the body (RFC 9530), beside `content-digest`.
const OF_BODY: [&str; 2] = ["digest", "repr-digest"];

impl fmt::Debug for Oversize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Oversize")
    }
}
