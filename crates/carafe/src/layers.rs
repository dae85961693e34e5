//! Tower layers around the app. Only an app that has one pays for `http` types.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use carafe_lambda::Failure;
use http::Uri;
use tower_layer::Layer;
use tower_service::Service;

use crate::error::Error;
use crate::lifecycle::Core;
use crate::request::Request;
use crate::response::Response;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Answering = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;
type HttpRequest = http::Request<Bytes>;

/// What a layer wraps: the app, or the layers before it.
///
/// A tower service from `http::Request<Bytes>` to `http::Response<Bytes>` that is always ready.
#[derive(Clone)]
pub struct Inner(Arc<dyn Step>);

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inner")
    }
}

trait Step: Send + Sync {
    fn take(&self, request: HttpRequest) -> Answering;
}

impl Service<HttpRequest> for Inner {
    type Response = Response;
    type Error = BoxError;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest) -> Answering {
        self.0.take(request)
    }
}

/// The service a layer made. It is cloned for each request, as tower has it.
struct Layered<S>(Mutex<S>);

impl<S> Step for Layered<S>
where
    S: Service<HttpRequest, Response = Response> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    fn take(&self, request: HttpRequest) -> Answering {
        let mut service = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async move {
            poll_fn(|task| service.poll_ready(task)).await.map_err(Into::into)?;
            service.call(request).await.map_err(Into::into)
        })
    }
}

/// One layer, ready to be put around what is there.
///
/// It carries along all that apps with layers need, and that nothing else points to: so what an app without layers is
/// linked from has none of it.
#[derive(Clone)]
pub(crate) struct Wrap {
    put_around: Arc<dyn Fn(Inner) -> Inner + Send + Sync>,
    innermost: fn(&Arc<Core>) -> Inner,
    through: Through,
}

/// Sends a request through all layers.
type Through = for<'a> fn(&'a Inner, carafe_lambda::Event, &'a Core) -> Answered<'a>;

type Answered<'a> = Pin<Box<dyn Future<Output = (Response, Option<Failure>)> + Send + 'a>>;

pub(crate) fn wrap<L>(layer: L) -> Wrap
where
    L: Layer<Inner> + Send + Sync + 'static,
    L::Service: Service<HttpRequest, Response = Response> + Clone + Send + 'static,
    <L::Service as Service<HttpRequest>>::Error: Into<BoxError>,
    <L::Service as Service<HttpRequest>>::Future: Send,
{
    Wrap {
        put_around: Arc::new(move |inner| Inner(Arc::new(Layered(Mutex::new(layer.layer(inner)))))),
        innermost: |core| Inner(Arc::new(App(Arc::clone(core)))),
        through: |outermost, event, core| Box::pin(outermost.answer(event, core)),
    }
}

/// The layers around an app.
pub(crate) struct Layers {
    outermost: Inner,
    through: Through,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layers")
    }
}

impl Layers {
    /// The last added is outermost. `None` without any.
    pub(crate) fn around(core: &Arc<Core>, wraps: &[Wrap]) -> Option<Layers> {
        let first = wraps.first()?;
        let put = |inner, wrap: &Wrap| (wrap.put_around)(inner);
        Some(Layers { outermost: wraps.iter().fold((first.innermost)(core), put), through: first.through })
    }

    /// A request through all of them.
    pub(crate) fn answer<'a>(&'a self, event: carafe_lambda::Event, core: &'a Core) -> Answered<'a> {
        (self.through)(&self.outermost, event, core)
    }
}

/// What came, so that the far side of the layers finds what `http` has no room for.
#[derive(Clone)]
struct Given {
    request: carafe_lambda::Event,
    uri: Uri,
}

struct App(Arc<Core>);

impl Step for App {
    fn take(&self, request: HttpRequest) -> Answering {
        let core = Arc::clone(&self.0);
        Box::pin(async move {
            let (mut request, noted) = from_http(request, &core);
            let (mut response, failure) = core.answer(&mut request, noted.as_ref()).await;
            if let Some(failure) = failure {
                response.extensions_mut().insert(failure);
            }
            Ok(response)
        })
    }
}

impl Inner {
    /// A request through all layers. An error of a layer is an error like any other.
    async fn answer(&self, event: carafe_lambda::Event, core: &Core) -> (Response, Option<Failure>) {
        let mut request = match event.clone().into_http() {
            Ok(request) => request,
            Err(status) => {
                let request = Request::new(event, Arc::clone(&core.shared));
                return (crate::page::page(&request, &Error::bare(status)), None);
            }
        };
        let given = Given { request: event.clone(), uri: request.uri().clone() };
        request.extensions_mut().insert(given);
        match self.0.take(request).await {
            Ok(mut response) => {
                let failure = response.extensions_mut().remove();
                (response, failure)
            }
            Err(error) => {
                let error = Error::from_source(error);
                let failure = error.failure();
                let request = Request::new(event, Arc::clone(&core.shared));
                (crate::page::page(&request, &error), failure)
            }
        }
    }
}

/// The request that layers have left, with what only the event had.
fn from_http(request: HttpRequest, core: &Core) -> (Request, Option<carafe_lambda::Event>) {
    let (mut parts, body) = request.into_parts();
    let given: Option<Given> = parts.extensions.remove();
    let mut builder = carafe_lambda::Event::builder().method(parts.method).body(body);
    match &given {
        Some(Given { request, uri }) if *uri == parts.uri => {
            builder = builder.path(request.raw_path()).raw_query(&request.raw_query());
        }
        _ => {
            builder = builder.path(parts.uri.path());
            builder = builder.raw_query(parts.uri.query().unwrap_or_default());
        }
    }
    for (name, value) in &parts.headers {
        builder = builder.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    if let Some(Given { request, .. }) = &given {
        builder = builder.context(request.context().clone()).source(request.source());
        if let Some(address) = request.peer() {
            builder = builder.peer(address);
        }
    }
    let request = Request::new(builder.build(), Arc::clone(&core.shared)).with_extensions(parts.extensions);
    (request, given.map(|given| given.request))
}
