//! tower: layers of tower-http around an app, and an app as a service of another server.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test that is how a failure shows, in its helpers too"
)]
#![allow(clippy::needless_pass_by_value, reason = "handlers take their arguments by value")]

use std::convert::Infallible;
use std::io::Read as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::trace::TraceLayer;
use tower_service::Service as _;
use tracing::Span;
use web::http::{HeaderValue, Method, Request, StatusCode};
use web::testing::Client;
use web::{App, Body, Bytes, Service, catch, catchers, get, post, routes};

#[get("/long", crate = web)]
fn long() -> String {
    "carafe ".repeat(1000)
}

#[get("/hello/<name>", crate = web)]
fn hello(name: &str, request: &web::Request) -> String {
    format!("Hello {name}! {}", request.path())
}

#[post("/echo", crate = web)]
fn echo(request: &web::Request) -> Bytes {
    request.body().clone()
}

#[get("/panic", crate = web)]
fn falls() -> String {
    panic!("the handler fell")
}

#[catch(413, crate = web)]
fn too_much() -> String {
    "too much for this app".to_owned()
}

/// The statuses that a trace layer saw.
type Seen = Arc<Mutex<Vec<String>>>;

fn layered(seen: &Seen) -> App {
    let seen = Arc::clone(seen);
    let on_response = move |response: &web::Response, _: Duration, _: &Span| {
        seen.lock().unwrap().push(response.status().as_u16().to_string());
    };
    let trace = TraceLayer::new_for_http().on_response(on_response);
    App::new()
        .routes(routes![long, hello, echo, falls])
        .layer(trace)
        .layer(RequestBodyLimitLayer::new(1000))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(CorsLayer::permissive())
}

fn client() -> (Client, Seen) {
    let seen = Seen::default();
    (layered(&seen).test(), seen)
}

fn unzipped(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn compression_makes_an_answer_that_decodes() {
    let (client, _) = client();
    let plain = client.get("/long").send();
    assert_eq!((plain.header("content-encoding"), plain.text().len()), (None, 7000));
    let reply = client.get("/long").header("accept-encoding", "gzip").send();
    assert_eq!((reply.status().as_u16(), reply.header("content-encoding")), (200, Some("gzip")));
    assert_eq!(reply.header("content-type"), plain.header("content-type"));
    assert!(reply.header("vary").is_some_and(|vary| vary.contains("accept-encoding")), "{reply:?}");
    assert!(reply.bytes().len() < 700, "{}", reply.bytes().len());
    assert_eq!(unzipped(reply.bytes()), plain.text());
    let head = client.head("/long").header("accept-encoding", "gzip").send();
    assert_eq!((head.status().as_u16(), head.bytes().len()), (200, 0));
}

#[test]
fn a_limit_answers_413_with_the_apps_page() {
    let (client, seen) = client();
    assert_eq!(client.post("/echo").body(vec![b'x'; 1000]).send().bytes().len(), 1000);
    assert_eq!(*seen.lock().unwrap(), ["200"]);
    // The layer knows the length beforehand and answers itself; what stands around it still works.
    let reply = client.post("/echo").body(vec![b'x'; 1001]).send();
    assert_eq!((reply.status().as_u16(), reply.refusal()), (413, None));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    // Where it counts while it reads, the error is the app's to answer.
    let reply = catching().test().post("/echo").body(vec![b'x'; 1001]).send();
    assert_eq!((reply.status().as_u16(), reply.text()), (413, "too much for this app"));
}

/// An app whose layer does not tell the limit the length.
fn catching() -> App {
    app().layer(RequestBodyLimitLayer::new(1000)).layer(Wrapping(WithoutLength))
}

/// Takes the length off a request.
#[derive(Clone)]
struct WithoutLength(Service);

impl tower_service::Service<Request<Body>> for WithoutLength {
    type Response = web::Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Answering {
        request.headers_mut().remove("content-length");
        Box::pin(self.0.call(request))
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<web::Response, Infallible>> + Send>>;

#[test]
fn errors_pass_the_layers_too() {
    let (client, seen) = client();
    let reply = client.get("/nothing").header("origin", "https://example.com").send();
    assert_eq!((reply.status().as_u16(), reply.header("access-control-allow-origin")), (404, Some("*")));
    assert_eq!(reply.json::<serde_json::Value>()["error"], "Not Found");
    assert_eq!(client.post("/long").send().status(), 405);
    let reply = client.get("/panic").send();
    assert_eq!((reply.status().as_u16(), reply.header("access-control-allow-origin")), (500, Some("*")));
    assert_eq!(reply.json::<serde_json::Value>()["error"], "Internal Server Error");
    assert_eq!(*seen.lock().unwrap(), ["404", "405", "500"]);
    let call = client.options("/long").header("origin", "https://example.com");
    let reply = call.header("access-control-request-method", "GET").send();
    assert_eq!((reply.status().as_u16(), reply.header("access-control-allow-methods")), (200, Some("*")));
}

#[test]
fn layers_see_the_canonical_path() {
    #[derive(Clone)]
    struct Guard(Service);

    impl tower_service::Service<Request<Body>> for Guard {
        type Response = web::Response;
        type Error = Infallible;
        type Future = Answering;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request<Body>) -> Answering {
            if request.uri().path().starts_with("/hello/") {
                return Box::pin(self.0.call(request));
            }
            let mut response = web::Response::new(Body::from(request.uri().path().to_owned()));
            *response.status_mut() = StatusCode::FORBIDDEN;
            Box::pin(std::future::ready(Ok(response)))
        }
    }

    let client = App::new().routes(routes![hello, long]).layer(Wrapping(Guard)).test();
    assert_eq!(client.get("/%68ello/A%2fB").send().text(), "Hello A/B! /hello/A%2FB");
    let reply = client.get("/l%6Fng?x=1").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (403, "/long"));
}

/// A layer of a function.
struct Wrapping<S>(fn(Service) -> S);

impl<S> tower_layer::Layer<Service> for Wrapping<S> {
    type Service = S;

    fn layer(&self, inner: Service) -> S {
        (self.0)(inner)
    }
}

// --- into_service -----------------------------------------------------------------------------------------------

fn is_a_service<S>(service: S) -> S
where
    S: tower_service::Service<Request<Full<Bytes>>, Response = web::Response, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
{
    service
}

fn app() -> App {
    App::new().routes(routes![hello, long, echo, falls]).catch(catchers![too_much])
}

fn request(method: Method, target: &str, body: &'static str) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = target.parse().unwrap();
    request
}

#[tokio::test]
async fn an_app_is_a_service() {
    let mut service = is_a_service(app().into_service().unwrap());
    let mut other = service.clone();
    let (one, two) = tokio::join!(
        service.call(request(Method::GET, "/hello/Ann", "")),
        other.call(request(Method::POST, "/echo", "hi"))
    );
    let one = one.unwrap();
    assert_eq!(
        (one.status().as_u16(), one.body().bytes().as_ref()),
        (200, b"Hello Ann! /hello/Ann".as_slice())
    );
    assert_eq!(one.headers()["content-type"], "text/html; charset=UTF-8");
    assert_eq!(two.unwrap().into_body().into_bytes(), "hi");
    let lost = service.call(request(Method::GET, "/nothing", "")).await.unwrap();
    assert_eq!(lost.status(), 404);
    let panicked = service.call(request(Method::GET, "/panic", "")).await.unwrap();
    assert_eq!(panicked.status(), 500);
    let head = service.call(request(Method::HEAD, "/long", "")).await.unwrap();
    assert_eq!((head.body().len(), &head.headers()["content-length"]), (0, &HeaderValue::from(7000)));
}

#[test]
fn what_does_not_fit_together_is_told() {
    let twice = App::new().routes(routes![hello]).routes(routes![hello]);
    let problems = twice.into_service().map(|_| ()).unwrap_err();
    assert!(problems.to_string().contains("fn hello"), "{problems}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_an_error_of_the_app() {
    let limited = http_body_util::Limited::new(Full::<Bytes>::from("four"), 3);
    let request = Request::post("/echo").body(limited).unwrap();
    let response = app().into_service().unwrap().call(request).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.body().bytes().as_ref()),
        (413, b"too much for this app".as_slice())
    );
    let broken = http_body_util::StreamBody::new(Broken);
    let request = Request::post("/echo").body(broken).unwrap();
    let response = app().into_service().unwrap().call(request).await.unwrap();
    assert_eq!(response.status(), 400);
}

/// A body that breaks off.
struct Broken;

impl futures_core::Stream for Broken {
    type Item = Result<hyper::body::Frame<Bytes>, std::io::Error>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Err(std::io::Error::other("the line is cut"))))
    }
}

#[tokio::test]
async fn hyper_serves_an_app() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = layered(&Seen::default()).into_service().unwrap();
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let connection = hyper::server::conn::http1::Builder::new();
        connection.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).await
    });
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut sent = request(Method::GET, "/hello/%41nn", "");
    sent.headers_mut().insert("host", HeaderValue::from_static("localhost"));
    let response = sender.send_request(sent).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-length"]),
        (200, &HeaderValue::from(21))
    );
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "Hello Ann! /hello/Ann");
    let response = sender.send_request(request(Method::POST, "/echo", "hi")).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hi");
    let response = sender.send_request(request(Method::HEAD, "/long", "")).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-length"]),
        (200, &HeaderValue::from(7000))
    );
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "");
    // The client leaves, and so the server ends.
    drop(sender);
    connection.await.unwrap().unwrap();
    serving.await.unwrap().unwrap();
}

/// Counts how often it is put on.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl tower_layer::Layer<Service> for Counting {
    type Service = Service;

    fn layer(&self, inner: Service) -> Service {
        self.0.fetch_add(1, Ordering::Relaxed);
        inner
    }
}

#[test]
fn a_layer_is_put_on_once_and_not_for_a_check() {
    let layer = Counting::default();
    let count = || layer.0.load(Ordering::Relaxed);
    let app = App::new().routes(routes![long]).layer(layer.clone());
    app.check().unwrap();
    assert_eq!(count(), 0);
    let client = app.test();
    client.get("/long").send();
    client.get("/long").send();
    assert_eq!(count(), 1);
    app.into_service().unwrap();
    assert_eq!(count(), 2);
}
