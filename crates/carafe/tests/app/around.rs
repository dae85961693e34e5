//! Hooks, state, layers, mounting, and what is wrong when an app is assembled.

use std::sync::atomic::{AtomicU32, Ordering};

use carafe::{App, Bytes, ClientIp, Request, Response, Result, State, StatusCode, abort, get, routes};
use http::HeaderValue;

struct Hits {
    count: AtomicU32,
}

#[get("/")]
fn index(hits: State<Hits>) -> String {
    hits.count.fetch_add(1, Ordering::Relaxed).to_string()
}

#[get("/<name>")]
fn plain(name: &str) -> String {
    name.to_owned()
}

#[get("/<other>")]
fn same(other: &str) -> String {
    other.to_owned()
}

#[test]
fn state_lasts_and_a_missing_one_is_told_with_its_place() {
    let app = App::new().state(Hits { count: AtomicU32::new(0) }).routes(routes![index]);
    assert_eq!(app.get("/").send().text(), "0");
    assert_eq!(app.get("/").send().text(), "1");
    let error = App::new().routes(routes![index]).check().unwrap_err().to_string();
    assert!(error.contains("fn index") && error.contains("around.rs:") && error.contains("Hits"), "{error}");
}

#[test]
fn collisions_across_lists_name_both() {
    let app = App::new().routes(routes![plain, index]).routes(routes![same, index]);
    let error = app.state(Hits { count: AtomicU32::new(0) }).check().unwrap_err().to_string();
    assert_eq!(error.lines().count(), 2, "{error}");
    for words in ["GET /<name>", "fn plain", "GET /<other>", "fn same", "around.rs:"] {
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn what_is_wrong_at_run_time_is_told_with_its_place() {
    let app = App::new().route("GET", "/<a", |_: &Request| "x").route("G T", "/", |_: &Request| "x");
    let error = app.check().unwrap_err().to_string();
    assert!(
        error.contains("rule `/<a`") && error.contains("around.rs:") && error.contains("`G T`"),
        "{error}"
    );
    let error = App::new().mount("/<x>", routes![plain]).check().unwrap_err().to_string();
    assert!(error.contains("cannot mount"), "{error}");
}

#[test]
fn parameters_of_other_frameworks_are_refused_at_run_time_as_by_the_attributes() {
    let app = App::new().route("GET", "/users/{id}", |_: &Request| "x").mount("/:tenant", routes![plain]);
    let error = app.check().unwrap_err().to_string();
    for words in [
        r"`{id}` is not a parameter here; write `<id>`, or `\{id}` for the text itself",
        r"`:tenant` is not a parameter here; write `<tenant>`, or `\:tenant` for the text itself",
    ] {
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn an_app_that_does_not_fit_answers_500_to_other_servers() {
    let app = App::new().routes(routes![index]);
    let request = http::Request::get("/").body(Bytes::new()).unwrap();
    assert_eq!(ready(app.handle(request)).status(), 500);
}

/// The output of a future that waits for nothing.
fn ready<T>(work: impl Future<Output = T>) -> T {
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(work).poll(&mut task) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn other_servers_get_heads_without_bodies() {
    let app = App::new().routes(routes![plain]);
    let response = ready(app.handle(http::Request::head("/Ann").body(Bytes::new()).unwrap()));
    assert_eq!((response.status().as_u16(), response.body().len()), (200, 0));
    assert_eq!(response.headers()["content-length"], "3");
}

#[test]
fn hooks_run_around_everything() {
    let app = App::new()
        .routes(routes![plain])
        .before(|request: &Request| -> Result {
            if request.raw_path() == "/secret" { Err(abort(401, "no")) } else { Ok(()) }
        })
        .before(|request: &Request| {
            (request.raw_path() == "/early").then(|| Response::new(Bytes::from_static(b"early")))
        })
        .after(|_: &Request, response: &mut Response| {
            response.headers_mut().append("x-after", HeaderValue::from_static("first"));
        })
        .after(|request: &Request, response: &mut Response| {
            assert_ne!(request.raw_path(), "/panic");
            response.headers_mut().append("x-after", HeaderValue::from_static("second"));
        });
    for (path, status, text) in [
        ("/Ann", 200, Some("Ann")),
        ("/early", 200, Some("early")),
        ("/secret", 401, None),
        ("/a/b", 404, None),
    ] {
        let reply = app.get(path).send();
        assert_eq!(reply.status().as_u16(), status, "{path}");
        assert!(text.is_none_or(|text| reply.text() == text), "{path}");
        let after: Vec<_> = reply.headers().get_all("x-after").iter().collect();
        assert_eq!(after, ["second", "first"], "{path}");
    }
    assert_eq!(app.get("/panic").send().status(), 500);
    assert_eq!(app.get("/Ann").send().status(), 200);
}

#[test]
fn mounted_routes_and_run_time_routes() {
    let app = App::new().state(Hits { count: AtomicU32::new(3) }).mount("/v1", routes![index, plain]).route(
        "get",
        "/at/<n:int>",
        |request: &Request| format!("{:?} {:?}", request.param("n"), request.param("m")),
    );
    assert_eq!(app.get("/v1").send().text(), "3");
    assert_eq!(app.get("/v1/Ann").send().text(), "Ann");
    assert_eq!(app.get("/at/5").send().text(), "Some(\"5\") None");
    assert_eq!(app.get("/at/x").send().status(), 404);
    let app = App::new().route("GET", "/later/<n:int>", |request: &Request| {
        let n = request.param("n").map(str::to_owned);
        async move {
            std::future::ready(()).await;
            n.filter(|n| n != "0").ok_or_else(|| abort(404, "none"))
        }
    });
    assert_eq!(app.get("/later/5").send().text(), "5");
    assert_eq!(app.get("/later/0").send().status(), 404);
}

#[test]
fn trailing_slashes_are_strict_unless_told_otherwise() {
    let app = || App::new().routes(routes![plain]);
    assert_eq!(app().get("/Ann/").send().status(), 404);
    assert_eq!(app().tolerate_trailing_slash(true).get("/Ann/").send().text(), "Ann");
}

#[derive(Clone)]
struct Stamp;

#[derive(Clone)]
struct Stamped<S>(S);

impl<S> tower_layer::Layer<S> for Stamp {
    type Service = Stamped<S>;

    fn layer(&self, inner: S) -> Stamped<S> {
        Stamped(inner)
    }
}

impl<S> tower_service::Service<http::Request<Bytes>> for Stamped<S>
where
    S: tower_service::Service<http::Request<Bytes>, Response = Response>,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, mut request: http::Request<Bytes>) -> Self::Future {
        request.extensions_mut().insert(7_u32);
        let work = self.0.call(request);
        Box::pin(async move {
            let mut response = work.await?;
            response.headers_mut().insert("x-layer", HeaderValue::from_static("here"));
            Ok(response)
        })
    }
}

#[get("/layered/<name>")]
fn layered(name: &str, q: String, request: &Request) -> (StatusCode, String) {
    (StatusCode::CREATED, format!("{name} {q} {:?} {:?}", request.extension::<u32>(), request.client_ip()))
}

#[test]
fn layers_see_requests_and_answers() {
    let app = App::new().routes(routes![layered]).layer(Stamp);
    let reply = app.get("/layered/x%2Fy?q=a+b").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (201, "x/y a b Some(7) Some(127.0.0.1)"));
    assert_eq!(reply.header("x-layer"), Some("here"));
    assert_eq!(app.get("/lost").send().header("x-layer"), Some("here"));
}

#[get("/ip")]
fn ip(ip: ClientIp) -> String {
    ip.0.to_string()
}

#[test]
fn a_layer_changes_nothing_by_itself() {
    let app = || App::new().routes(routes![ip, plain]);
    let event = |path: &str| {
        serde_json::json!({
            "resource": "/{proxy+}", "httpMethod": "GET", "path": path, "body": null, "isBase64Encoded": false,
            "headers": {"X-Forwarded-For": "203.0.113.5, 70.132.20.93"},
            "requestContext": {"stage": "prod", "identity": {"sourceIp": "203.0.113.5"}},
        })
    };
    for app in [app(), app().layer(Stamp)] {
        assert_eq!(app.event(&event("/ip"))["body"], "203.0.113.5");
        assert_eq!(app.event(&event("ip"))["statusCode"], 404);
    }
    // More than `http` has room for: said so, instead of showing the layer another path than the app.
    let long = format!("/{}", "a".repeat(70_000));
    assert_eq!(app().event(&event(&long))["statusCode"], 200);
    assert_eq!(app().layer(Stamp).event(&event(&long))["statusCode"], 414);
}
