//! One request from start to end: hooks, route, handler, catcher, cookies, hooks.

use std::sync::Arc;

use carafe_lambda::Failure;
use carafe_router::{Captures, Found, Router};
use http::header::{ALLOW, SET_COOKIE};
use http::{HeaderValue, Method, StatusCode};

use crate::error::{Error, Result};
use crate::hooks::Hooks;
use crate::page::{add_headers, page};
use crate::request::Request;
use crate::response::{Response, unless_modified};
use crate::route::{Catcher, Entry, PathValues};
use crate::shared::Shared;

/// An app, assembled.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) router: Router<Entry>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) catchers: Vec<Catcher>,
    pub(crate) hooks: Hooks,
}

impl Core {
    /// Answers one request, and says for the log why the answer is not what the handler wanted if nobody handled that.
    /// `noted` is the request as the log knows it, if layers have made another of it.
    pub(crate) async fn answer(
        &self,
        request: &mut Request,
        noted: Option<&carafe_lambda::Event>,
    ) -> (Response, Option<Failure>) {
        let mut failure = None;
        let handled = match guarded(|| self.hooks.before(request)).and_then(|early| early) {
            Ok(Some(early)) => Ok(early),
            Ok(None) => self.handle(request, noted).await,
            Err(error) => Err(error),
        };
        let mut response = match handled.and_then(|response| complete(response, request)) {
            Ok(response) => response,
            Err(error) => self.caught(request, error, &mut failure).await,
        };
        if let Err(error) = guarded(|| self.hooks.after(request, &mut response)) {
            failure = error.failure();
            response = page(request, &error);
        }
        (response, failure)
    }

    /// Finds the route and calls its function.
    async fn handle(&self, request: &mut Request, noted: Option<&carafe_lambda::Event>) -> Result<Response> {
        let accepts = |entry: &Entry, captures: &Captures, path: &str| {
            entry.accepts.is_none_or(|accepts| accepts(&PathValues::new(captures, path)))
        };
        let found = guarded(|| self.router.find(request.method().as_str(), request.raw_path(), accepts))?;
        match found {
            Found::Route { value: entry, captures, .. } => {
                noted.unwrap_or(request.event()).note_route(entry.pattern.to_text());
                request.routed(entry, captures);
                guarded_async(entry.handler.call(request)).await?
            }
            Found::MethodNotAllowed { allow, .. } => {
                let allow = HeaderValue::try_from(allow.join(", "))?;
                if request.method() == Method::OPTIONS {
                    let mut response = Response::default();
                    *response.status_mut() = StatusCode::NO_CONTENT;
                    response.headers_mut().insert(ALLOW, allow);
                    return Ok(response);
                }
                Err(Error::bare(StatusCode::METHOD_NOT_ALLOWED).with_header(ALLOW, allow))
            }
            Found::BadPath => Err(Error::new(StatusCode::BAD_REQUEST, "The path is not UTF-8 text")),
            // `Found::NotFound`, and what a later version of the router may add.
            _ => Err(Error::bare(StatusCode::NOT_FOUND)),
        }
    }

    /// The answer for an error: a catcher's, or the default page.
    async fn caught(&self, request: &Request, error: Error, failure: &mut Option<Failure>) -> Response {
        *failure = error.failure();
        let own = |catcher: &&Catcher| catcher.status == Some(error.status().as_u16());
        let any = |catcher: &&Catcher| catcher.status.is_none();
        let catcher = self.catchers.iter().find(own).or_else(|| self.catchers.iter().find(any));
        let Some(catcher) = catcher else { return self.last_words(request, &error) };
        let answered =
            guarded_async(catcher.handler.call(request, &error)).await.and_then(|answered| answered);
        match answered.and_then(|response| complete(response, request)) {
            Ok(mut response) => {
                add_headers(&mut response, &error);
                response
            }
            Err(second) => {
                *failure = second.failure().or(failure.take());
                page(request, &second)
            }
        }
    }

    /// The default page, with the cookies that were set before things went wrong.
    fn last_words(&self, request: &Request, error: &Error) -> Response {
        let response = page(request, error);
        // If it is the cookies that cannot be sent, the page goes without.
        with_cookies(response, request).unwrap_or_else(|_| page(request, error))
    }
}

/// The answer with all that the app and the request have to say about it.
fn complete(response: Response, request: &Request) -> Result<Response> {
    if response.extensions().is_empty() {
        return with_cookies(response, request);
    }
    // A template may run an author's code.
    #[cfg(feature = "templates")]
    let response = guarded(|| crate::response::rendered(response, &request.shared().templates))??;
    with_cookies(unless_modified(response, request.event()), request)
}

/// The answer with the cookies that anyone set on the way.
fn with_cookies(mut response: Response, request: &Request) -> Result<Response> {
    if let Some(jar) = request.touched_cookies() {
        for value in jar.headers()? {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    Ok(response)
}

/// A panic is an error like any other.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T> {
    carafe_lambda::caught_sync(work).map_err(Error::from_panic)
}

async fn guarded_async<T>(work: impl Future<Output = T>) -> Result<T> {
    carafe_lambda::caught(work).await.map_err(Error::from_panic)
}
