//! The app as a tower service, and tower layers around it. Only an app that has either pays for `http` types.

mod leaving;

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use carafe_lambda::{EventBuilder, Failure};
use http::{StatusCode, Uri};
use http_body_util::{BodyExt as _, Limited};
use tower_layer::Layer;

use crate::body::Body;
use crate::error::{Error, causes};
use crate::pipeline::Pipeline;
use crate::request::Request;
use crate::response::Response;
use leaving::leaving;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type ServiceFuture = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;
type HttpRequest = http::Request<Bytes>;

/// An app as a tower service: from a request with any body to a [`Response`], always ready, without an error of its
/// own. What [`App::into_service`](crate::App::into_service) returns, and what a layer wraps.
///
/// ```
/// use carafe::{App, Body, get, routes};
/// use tower_service::Service as _;
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Hello World!"
/// }
///
/// # fn main() -> carafe::Result {
/// let mut service = App::new().routes(routes![index]).into_service()?;
/// let request = carafe::http::Request::get("/").body(Body::empty())?;
/// let answering = service.call(request); // on any server's runtime
/// # drop(answering);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Service(Arc<dyn Step>);

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

trait Step: Send + Sync {
    fn take(&self, request: HttpRequest) -> ServiceFuture;

    /// Answers a request whose body did not arrive.
    fn refuse(&self, request: http::request::Parts, error: Error) -> ServiceFuture;
}

impl<B> tower_service::Service<http::Request<B>> for Service
where
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = ServiceFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> ServiceFuture {
        let step = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = Limited::new(body, MOST_BODY).collect().await;
            match body {
                Ok(body) => step.take(http::Request::from_parts(parts, body.to_bytes())).await,
                Err(error) => step.refuse(parts, unreadable(error)).await,
            }
        })
    }
}

/// The most bytes of a body: what the largest event of Lambda has room for (6 MB).
const MOST_BODY: usize = 6 * 1024 * 1024;

/// Makes the error for a body that did not arrive: too long for a layer, or cut off.
fn unreadable(error: BoxError) -> Error {
    if causes(&*error).any(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>) {
        return Error::bare(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Error::new(StatusCode::BAD_REQUEST, "The body did not arrive").with_source(error)
}

/// The innermost service: the app itself.
struct Innermost(Arc<Pipeline>);

impl Step for Innermost {
    fn take(&self, request: HttpRequest) -> ServiceFuture {
        let pipeline = Arc::clone(&self.0);
        Box::pin(async move {
            let mut request = from_http(request, &pipeline);
            let answer = pipeline.answer(&mut request).await;
            Ok(leaving(&request, answer))
        })
    }

    fn refuse(&self, parts: http::request::Parts, error: Error) -> ServiceFuture {
        let pipeline = Arc::clone(&self.0);
        Box::pin(async move {
            let mut request = from_http(http::Request::from_parts(parts, Bytes::new()), &pipeline);
            let answer = pipeline.refuse(&mut request, error).await;
            Ok(leaving(&request, answer))
        })
    }
}

/// The service that a layer made. It is cloned for each request, as tower has it.
struct Layered<S> {
    service: Mutex<S>,
    inner: Service,
}

impl<S, B> Step for Layered<S>
where
    S: tower_service::Service<
            http::Request<Body>,
            Response = http::Response<B>,
            Error: Into<BoxError>,
            Future: Send,
        > + Clone
        + Send
        + 'static,
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    fn take(&self, request: HttpRequest) -> ServiceFuture {
        let mut service = self.service.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let inner = self.inner.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let copy = parts.clone();
            let request = http::Request::from_parts(parts, Body::from(body));
            let answering = async {
                poll_fn(|task| service.poll_ready(task)).await.map_err(Into::into)?;
                let (parts, body) = service.call(request).await.map_err(Into::into)?.into_parts();
                let body = body.collect().await.map_err(Into::into)?.to_bytes();
                Ok::<_, BoxError>(http::Response::from_parts(parts, Body::from(body)))
            };
            // An error of a layer is an error like any other.
            match answering.await {
                Ok(response) => Ok(response),
                Err(error) => inner.0.refuse(copy, Error::from(error)).await,
            }
        })
    }

    fn refuse(&self, request: http::request::Parts, error: Error) -> ServiceFuture {
        self.inner.0.refuse(request, error)
    }
}

/// One layer, ready to be put around what is there.
///
/// It carries along all that apps with layers need, and that nothing else points to: so what an app without layers is
/// linked from has none of it.
#[derive(Clone)]
pub(crate) struct Wrap {
    put_around: Arc<dyn Fn(Service) -> Service + Send + Sync>,
    innermost: fn(&Arc<Pipeline>) -> Service,
    through: Through,
}

/// Sends an event through all layers.
type Through = for<'a> fn(&'a Service, carafe_lambda::Event, &'a Pipeline) -> Answered<'a>;

type Answered<'a> = Pin<Box<dyn Future<Output = (Response, Option<Failure>)> + Send + 'a>>;

pub(crate) fn wrap<L, B>(layer: L) -> Wrap
where
    L: Layer<Service> + Send + Sync + 'static,
    L::Service: tower_service::Service<
            http::Request<Body>,
            Response = http::Response<B>,
            Error: Into<BoxError>,
            Future: Send,
        > + Clone
        + Send
        + 'static,
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    Wrap {
        put_around: Arc::new(move |inner: Service| {
            let service = Mutex::new(layer.layer(inner.clone()));
            Service(Arc::new(Layered { service, inner }))
        }),
        innermost,
        through: |outermost, event, pipeline| Box::pin(through(outermost, event, pipeline)),
    }
}

/// The layers around an app.
#[derive(Clone)]
pub(crate) struct Layers {
    outermost: Service,
    through: Through,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layers")
    }
}

impl Layers {
    /// Puts the layers around an app, the last one outermost. `None` without any.
    pub(crate) fn around(pipeline: &Arc<Pipeline>, wraps: &[Wrap]) -> Option<Layers> {
        let first = wraps.first()?;
        let put = |inner, wrap: &Wrap| (wrap.put_around)(inner);
        Some(Layers {
            outermost: wraps.iter().fold((first.innermost)(pipeline), put),
            through: first.through,
        })
    }

    /// Sends an event through all of them.
    pub(crate) fn answer<'a>(&'a self, event: carafe_lambda::Event, pipeline: &'a Pipeline) -> Answered<'a> {
        (self.through)(&self.outermost, event, pipeline)
    }
}

/// Makes an app and its layers a service.
pub(crate) fn service(pipeline: &Arc<Pipeline>, wraps: &[Wrap]) -> Service {
    if wraps.is_empty() {
        return innermost(pipeline);
    }
    let layered = wraps.iter().fold(innermost(pipeline), |inner, wrap| (wrap.put_around)(inner));
    Service(Arc::new(Outermost(layered)))
}

fn innermost(pipeline: &Arc<Pipeline>) -> Service {
    Service(Arc::new(Innermost(Arc::clone(pipeline))))
}

/// The request as it came, so that the far side of the layers finds what `http` has no room for.
#[derive(Clone)]
struct Given {
    /// The event, where Lambda asks.
    event: Option<carafe_lambda::Event>,
    /// The URI as it came.
    sent: Uri,
    /// The URI as the outermost layer saw it.
    uri: Uri,
}

impl Given {
    /// Notes what came, and lets layers see the path in its canonical spelling, like everything behind them.
    ///
    /// The error is the status for a path that `http` has no room for in that spelling.
    fn note(request: &mut HttpRequest, event: Option<carafe_lambda::Event>) -> Result<(), StatusCode> {
        let sent = request.uri().clone();
        if let Some(uri) = canonical(&sent)? {
            *request.uri_mut() = uri;
        }
        let given = Given { event, sent, uri: request.uri().clone() };
        request.extensions_mut().insert(given);
        Ok(())
    }
}

/// Stands in front of an app's layers where another server asks.
struct Outermost(Service);

impl Step for Outermost {
    fn take(&self, mut request: HttpRequest) -> ServiceFuture {
        match Given::note(&mut request, None) {
            Ok(()) => self.0.0.take(request),
            Err(status) => self.refuse(request.into_parts().0, Error::bare(status)),
        }
    }

    fn refuse(&self, request: http::request::Parts, error: Error) -> ServiceFuture {
        self.0.0.refuse(request, error)
    }
}

/// Sends an event through all layers.
async fn through(
    outermost: &Service,
    event: carafe_lambda::Event,
    pipeline: &Pipeline,
) -> (Response, Option<Failure>) {
    let mut request = match event.clone().into_http() {
        Ok(request) => request,
        Err(status) => {
            let mut request = Request::new(event, Arc::clone(&pipeline.context));
            return pipeline.refuse(&mut request, Error::bare(status)).await;
        }
    };
    if let Err(status) = Given::note(&mut request, Some(event.clone())) {
        let mut request = Request::new(event, Arc::clone(&pipeline.context));
        return pipeline.refuse(&mut request, Error::bare(status)).await;
    }
    let Ok(mut response) = outermost.0.take(request).await;
    let failure = response.extensions_mut().remove();
    (response, failure)
}

/// Returns the URI with its path in the canonical spelling, where that is another one.
fn canonical(uri: &Uri) -> Result<Option<Uri>, StatusCode> {
    let Some(path) = carafe_router::canonical(uri.path()).filter(|path| *path != uri.path()) else {
        return Ok(None);
    };
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.into_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().map_err(|_| StatusCode::URI_TOO_LONG)?);
    Uri::from_parts(parts).map(Some).map_err(|_| StatusCode::URI_TOO_LONG)
}

/// Makes a request of what layers have left, with what only the event had.
fn from_http(request: HttpRequest, pipeline: &Pipeline) -> Request {
    let (mut parts, body) = request.into_parts();
    let given: Option<Given> = parts.extensions.remove();
    let builder = carafe_lambda::Event::builder().method(parts.method).body(body);
    let untouched = given.as_ref().filter(|given| given.uri == parts.uri);
    let event = given.as_ref().and_then(|given| given.event.clone());
    let mut builder = match (untouched, &event) {
        (Some(_), Some(event)) => builder.path(event.raw_path()).raw_query(&event.raw_query()),
        (Some(Given { sent, .. }), None) => on_path(builder, sent),
        (None, _) => on_path(builder, &parts.uri),
    };
    if let Some(authority) = parts.uri.authority().filter(|_| !parts.headers.contains_key(http::header::HOST))
    {
        builder = builder.header("host", authority.as_str());
    }
    for (name, value) in &parts.headers {
        builder = builder.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    if let Some(event) = &event {
        builder = builder.context(event.context().clone()).source(event.source());
        if let Some(address) = event.peer() {
            builder = builder.peer(address);
        }
    }
    Request::new(builder.build(), Arc::clone(&pipeline.context))
        .with_extensions(parts.extensions)
        .with_origin(event)
}

fn on_path(builder: EventBuilder, uri: &Uri) -> EventBuilder {
    builder.path(uri.path()).raw_query(uri.query().unwrap_or_default())
}
