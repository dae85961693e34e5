//! An app as a service of another server: what goes in, and what comes out.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use web::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use web::http::{self, HeaderValue, StatusCode, Uri};
use web::{App, Body, Request, Response, Service, any, catch, catchers, get, post, routes};

use crate::support::{asked, served};

type HttpRequest = http::Request<Body>;
type Answering = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

/// A layer of two functions: one for requests, which may answer itself, and one for responses.
#[derive(Clone, Copy)]
struct Both {
    on_request: fn(&mut HttpRequest) -> Option<Response>,
    on_response: fn(&mut Response),
}

const NEITHER: Both = Both { on_request: |_| None, on_response: |_| () };

#[derive(Clone)]
struct Wrapped(Both, Service);

impl tower_layer::Layer<Service> for Both {
    type Service = Wrapped;

    fn layer(&self, inner: Service) -> Wrapped {
        Wrapped(*self, inner)
    }
}

impl tower_service::Service<HttpRequest> for Wrapped {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: HttpRequest) -> Answering {
        let Wrapped(both, mut inner) = self.clone();
        Box::pin(async move {
            if let Some(response) = (both.on_request)(&mut request) {
                return Ok(response);
            }
            let mut response = inner.call(request).await?;
            (both.on_response)(&mut response);
            Ok(response)
        })
    }
}

// --- extensions ---------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq)]
struct Hosts(&'static str);

#[derive(Clone, Debug, PartialEq)]
struct Layers(&'static str);

#[derive(Clone, Debug, PartialEq)]
struct Inserted(&'static str);

#[derive(Clone, Debug, PartialEq)]
struct Answers(&'static str);

#[get("/extensions", crate = web)]
fn extensions(request: &Request) -> Response {
    let given = (request.get::<Hosts>(), request.get::<Layers>());
    request.insert(Inserted("inserted"));
    request.insert(Answers("inserted"));
    let mut response = Response::new(Body::from(format!("{given:?}")));
    response.extensions_mut().insert(Answers("answered"));
    response
}

#[tokio::test]
async fn only_what_was_inserted_leaves_with_the_response() {
    let plain = || App::new().routes(routes![extensions]);
    let on_request = |request: &mut HttpRequest| {
        request.extensions_mut().insert(Layers("layer's"));
        None
    };
    // What leaves is there for the layers as well.
    let on_response = |response: &mut Response| {
        assert_eq!(response.extensions().get(), Some(&Inserted("inserted")));
        assert_eq!(response.extensions().get::<Layers>(), None);
    };
    for (app, layers) in
        [(plain(), "None"), (plain().layer(Both { on_request, on_response }), "Some(Layers(\"layer's\"))")]
    {
        let mut request = asked("GET", "/extensions");
        request.extensions_mut().insert(Hosts("host's"));
        let response = served(app, request).await;
        let text = format!("(Some(Hosts(\"host's\")), {layers})");
        assert_eq!(response.body().bytes(), text.as_bytes());
        let extensions = response.extensions();
        assert_eq!((extensions.get::<Hosts>(), extensions.get::<Layers>()), (None, None));
        assert_eq!(extensions.get(), Some(&Inserted("inserted")));
        assert_eq!(extensions.get(), Some(&Answers("answered")));
    }
}

// --- lengths ------------------------------------------------------------------------------------------------------

/// Says of itself what is not so.
#[any("/status/<status>", crate = web)]
fn wrong(status: u16) -> Response {
    let mut response = Response::new(Body::from("all of it"));
    *response.status_mut() = status.try_into().unwrap();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(999));
    response.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    response
}

#[get("/nothing", crate = web)]
fn nothing() {}

#[get("/text", crate = web)]
fn text() -> &'static str {
    "all of it"
}

#[post("/echo", crate = web)]
fn echo(request: &Request) -> String {
    request.body().len().to_string()
}

#[catch(413, crate = web)]
fn too_much() -> &'static str {
    "too much for this app"
}

fn app() -> App {
    App::new().routes(routes![wrong, nothing, text, echo, host]).catch(catchers![too_much])
}

#[tokio::test]
async fn the_length_is_that_of_what_is_sent() {
    for make in [app as fn() -> App, || app().layer(NEITHER)] {
        for (method, target, status, body) in [
            ("GET", "/status/200", 200, "all of it"),
            ("GET", "/status/304", 304, ""),
            ("HEAD", "/status/304", 304, ""),
            ("GET", "/status/204", 204, ""),
            ("HEAD", "/status/204", 204, ""),
            ("GET", "/nothing", 204, ""),
            ("HEAD", "/nothing", 204, ""),
        ] {
            let response = served(make(), asked(method, target)).await;
            assert_eq!(response.status(), status, "{method} {target}");
            assert_eq!(response.body().bytes(), body.as_bytes(), "{method} {target}");
            assert_eq!(response.headers().get(CONTENT_LENGTH), None, "{method} {target}");
            assert_eq!(response.headers().get(TRANSFER_ENCODING), None, "{method} {target}");
        }
        let response = served(make(), asked("HEAD", "/text")).await;
        assert_eq!((response.status().as_u16(), response.body().len()), (200, 0));
        assert_eq!(response.headers()[CONTENT_LENGTH], "9");
        let response = served(make(), asked("HEAD", "/status/200")).await;
        assert_eq!((response.status().as_u16(), response.body().len()), (200, 0));
        assert_eq!(response.headers().get(TRANSFER_ENCODING), None);
    }
}

#[tokio::test]
async fn a_body_over_what_an_event_holds_is_refused() {
    const MOST: usize = 6 * 1024 * 1024;
    for make in [app as fn() -> App, || app().layer(NEITHER)] {
        for (len, status, text) in [(MOST, 200, "6291456"), (MOST + 1, 413, "too much for this app")] {
            let request = http::Request::post("/echo").body(Body::from(vec![b'x'; len])).unwrap();
            let response = served(make(), request).await;
            assert_eq!(
                (response.status().as_u16(), response.body().bytes().as_ref()),
                (status, text.as_bytes())
            );
        }
    }
}

// --- where it goes ------------------------------------------------------------------------------------------------

/// Lets nobody below `/admin`.
const GUARD: Both = Both {
    on_request: |request| {
        let mut refused = Response::new(Body::empty());
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        request.uri().path().starts_with("/admin/").then_some(refused)
    },
    ..NEITHER
};

#[get("/admin/<rest:path>", crate = web)]
fn admin(rest: &str) -> String {
    format!("secret {}", rest.len())
}

#[tokio::test]
async fn a_path_that_has_no_room_in_its_canonical_spelling_passes_no_guard() {
    let guarded = || App::new().routes(routes![admin]).layer(GUARD);
    let uri = |path: String| Uri::from_maybe_shared(web::Bytes::from(path)).unwrap();
    for (path, status) in [
        ("/admin/x".to_owned(), 401),
        ("/%61dmin/x".to_owned(), 401),
        (format!("/%61dmin/{}", "{".repeat(100)), 401),
        (format!("/%61dmin/{}", "{".repeat(21_900)), 414),
    ] {
        let mut request = asked("GET", "/");
        *request.uri_mut() = uri(path.clone());
        let response = served(guarded(), request).await;
        assert_eq!(response.status(), status, "{}", path.len());
        assert!(!response.body().bytes().starts_with(b"secret"), "{}", path.len());
        // The same where Lambda asks.
        let answer = guarded().test().event(&serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": path, "queryStringParameters": {},
            "headers": {"host": "localhost"}, "body": "", "isBase64Encoded": false,
        }));
        assert_eq!(answer["statusCode"], status, "{}", path.len());
    }
}

#[get("/host", crate = web)]
fn host(request: &Request) -> String {
    format!("{} {}", request.host().unwrap_or("nobody"), request.path())
}

#[tokio::test]
async fn an_authority_is_the_host() {
    let moved = Both {
        on_request: |request| {
            request.headers_mut().insert("x-seen", HeaderValue::from_static("1"));
            None
        },
        ..NEITHER
    };
    for make in [app as fn() -> App, || app().layer(NEITHER), || app().layer(NEITHER).layer(NEITHER)] {
        for target in ["/host", "/h%6Fst", "/%68ost", "/host?x=1", "/h%6fst?x=%20"] {
            let request = asked("GET", &format!("http://example.com{target}"));
            let response = served(make().layer(moved), request).await;
            assert_eq!(response.body().bytes(), b"example.com /host".as_slice(), "{target}");
            let mut request = asked("GET", target);
            request.headers_mut().insert(HOST, HeaderValue::from_static("other.example"));
            let response = served(make(), request).await;
            assert_eq!(response.body().bytes(), b"other.example /host".as_slice(), "{target}");
            let response = served(make(), asked("GET", &format!("http://example.com{target}"))).await;
            assert_eq!(response.body().bytes(), b"example.com /host".as_slice(), "{target}");
        }
    }
}
