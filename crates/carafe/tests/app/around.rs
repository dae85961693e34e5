//! Hooks, state, layers, mounting, and what is wrong when an app is assembled.

use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use carafe::{
    App, Body, ClientIp, FromRequest, Request, Response, Result, State, StatusCode, abort, get, routes,
};
use http::HeaderValue;
use tower_service::Service as _;

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
fn an_app_shows_its_routes() {
    let shown = format!("{:?}", App::new().routes(routes![plain]));
    assert!(shown.starts_with("App {") && shown.contains("/<name>"), "{shown}");
}

#[test]
fn state_lasts_and_a_missing_one_is_told_with_its_place() {
    let client = App::new().state(Hits { count: AtomicU32::new(0) }).routes(routes![index]).test();
    assert_eq!(client.get("/").send().text(), "0");
    assert_eq!(client.get("/").send().text(), "1");
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
        error.contains("pattern `/<a`") && error.contains("around.rs:") && error.contains("`G T`"),
        "{error}"
    );
    let error =
        App::new().route("GET", r"/<a:re:\bx>-<b>", |_: &Request| "x").check().unwrap_err().to_string();
    assert!(error.contains(r"`\b` looks around") && error.contains("leave it out"), "{error}");
    let error = App::new().mount("/<x>", routes![plain]).check().unwrap_err().to_string();
    assert!(error.contains("cannot mount"), "{error}");
}

#[test]
fn an_app_that_does_not_fit_is_no_service() {
    let problems = App::new().routes(routes![index]).into_service().unwrap_err();
    assert!(problems.to_string().contains("Hits"), "{problems}");
}

/// The output of a future that waits for nothing.
fn ready<T>(work: impl Future<Output = T>) -> T {
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(work).poll(&mut task) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn other_servers_get_heads_without_bodies() {
    let app = App::new().routes(routes![plain]);
    let mut service = app.into_service().unwrap();
    let response = ready(service.call(http::Request::head("/Ann").body(Body::empty()).unwrap())).unwrap();
    assert_eq!((response.status().as_u16(), response.body().len()), (200, 0));
    assert_eq!(response.headers()["content-length"], "3");
}

/// Adds a word to a header.
fn add(response: &mut Response, word: &str) {
    let before = response.headers().get("x-after").map(|value| value.to_str().unwrap());
    let words: Vec<&str> = before.into_iter().chain([word]).collect();
    let value = words.join(" ").parse().unwrap();
    response.headers_mut().insert("x-after", value);
}

/// The first is outermost, so what a `before` answers passes the `after`s in front of it.
#[test]
fn hooks_run_around_everything() {
    let client = App::new()
        .routes(routes![plain])
        .before(|request: &Request| -> Result {
            if request.raw_path() == "/secret" { Err(abort(401, "no")) } else { Ok(()) }
        })
        .before(|request: &Request| {
            (request.raw_path() == "/early").then(|| Response::new(Body::from("early")))
        })
        .after(|_: &Request, response: &mut Response| {
            add(response, "first");
        })
        .after(|request: &Request, response: &mut Response| {
            assert_ne!(request.raw_path(), "/panic");
            add(response, "second");
        })
        .test();
    for (path, status, text) in [
        ("/Ann", 200, Some("Ann")),
        ("/early", 200, Some("early")),
        ("/secret", 401, None),
        ("/a/b", 404, None),
    ] {
        let reply = client.get(path).send();
        assert_eq!(reply.status().as_u16(), status, "{path}");
        assert!(text.is_none_or(|text| reply.text() == text), "{path}");
        assert_eq!(reply.header("x-after"), Some("second first"), "{path}");
    }
    assert_eq!(client.get("/panic").send().status(), 500);
    assert_eq!(client.get("/Ann").send().status(), 200);
}

#[get("/to-root")]
fn to_root() -> carafe::Redirect {
    carafe::Redirect::to(root::url())
}

#[get("/")]
fn root() -> &'static str {
    "root"
}

#[test]
fn a_prefix_says_whether_its_root_has_a_slash_at_the_end() {
    let own = || routes![root, to_root];
    for (app, root, other) in [
        (App::new().mount("/sub", own()), "/sub", "/sub/"),
        (App::new().mount("/sub/", own()), "/sub/", "/sub"),
        (App::new().mount("/a b/", own()), "/a%20b/", "/a%20b"),
        (App::new().mount("/a/", routes![].mount("/b", own())), "/a/b", "/a/b/"),
        (App::new().mount("/a", routes![].mount("/b/", own())), "/a/b/", "/a/b"),
        (App::new().mount("/a/", routes![].mount("/", own())), "/a/", "/a"),
        (App::new().mount("/a", routes![].mount("/", own())), "/a", "/a/"),
        (App::new().mount("/", routes![].mount("/a/", own())), "/a/", "/a"),
        (App::new().mount("/a/", routes![].routes(own())), "/a/", "/a"),
    ] {
        let client = app.test();
        assert_eq!(client.get(root).send().text(), "root", "{root}");
        assert_eq!(client.get(other).send().status(), 404, "{other}");
        let below = format!("{}/to-root", root.trim_end_matches('/'));
        assert_eq!(client.get(&below).send().header("location"), Some(root), "{below}");
    }
    let client = App::new().mount("/", own()).test();
    assert_eq!(client.get("/to-root").send().header("location"), Some("/"));
    // The 404s of a group are its own, however its prefix ends.
    let group = || own().after(|_: &Request, response: &mut Response| add(response, "group"));
    for prefix in ["/sub", "/sub/"] {
        let client = App::new().mount(prefix, group()).test();
        for (path, expected) in
            [("/sub", true), ("/sub/", true), ("/sub/x", true), ("/subx", false), ("/", false)]
        {
            let reply = client.get(path).send();
            assert_eq!(reply.header("x-after").is_some(), expected, "{prefix} {path}");
        }
    }
}

#[test]
fn mounted_routes_and_run_time_routes() {
    let client = App::new()
        .state(Hits { count: AtomicU32::new(3) })
        .mount("/v1", routes![index, plain])
        .route("get", "/at/<n:int>", |request: &Request| {
            format!("{:?} {:?}", request.param("n"), request.param("m"))
        })
        .test();
    assert_eq!(client.get("/v1").send().text(), "3");
    assert_eq!(client.get("/v1/Ann").send().text(), "Ann");
    assert_eq!(client.get("/at/5").send().text(), "Some(\"5\") None");
    assert_eq!(client.get("/at/x").send().status(), 404);
    let client = App::new()
        .route("GET", "/later/<n:int>", |request: &Request| {
            let n = request.param("n").map(str::to_owned);
            async move {
                std::future::ready(()).await;
                n.filter(|n| n != "0").ok_or_else(|| abort(404, "none"))
            }
        })
        .test();
    assert_eq!(client.get("/later/5").send().text(), "5");
    assert_eq!(client.get("/later/0").send().status(), 404);
}

#[test]
fn trailing_slashes_are_strict_unless_told_otherwise() {
    let app = || App::new().routes(routes![plain]);
    assert_eq!(app().test().get("/Ann/").send().status(), 404);
    assert_eq!(app().tolerate_trailing_slash(true).test().get("/Ann/").send().text(), "Ann");
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

impl<S> tower_service::Service<http::Request<Body>> for Stamped<S>
where
    S: tower_service::Service<http::Request<Body>, Response = Response>,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut std::task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
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
    (StatusCode::CREATED, format!("{name} {q} {:?} {:?}", request.get::<u32>(), request.client_ip()))
}

#[test]
fn layers_see_requests_and_answers() {
    let client = App::new().routes(routes![layered]).layer(Stamp).test();
    let reply = client.get("/layered/x%2Fy?q=a+b").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (201, "x/y a b Some(7) Some(127.0.0.1)"));
    assert_eq!(reply.header("x-layer"), Some("here"));
    assert_eq!(client.get("/lost").send().header("x-layer"), Some("here"));
}

#[get("/ip")]
fn ip(ip: ClientIp) -> String {
    ip.0.to_string()
}

#[get("/maybe-ip")]
fn maybe_ip(ip: Option<ClientIp>) -> String {
    format!("{:?}", ip.map(|ip| ip.0))
}

#[test]
fn the_address_of_the_client_may_be_unknown() {
    let client = App::new().routes(routes![ip, maybe_ip]).test();
    let get = |path: &str, headers: serde_json::Value| {
        client.event(&serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": path, "queryStringParameters": {},
            "headers": headers, "body": "", "isBase64Encoded": false,
        }))
    };
    let known = serde_json::json!({"x-forwarded-for": "203.0.113.5"});
    assert_eq!(get("/ip", known.clone())["body"], "203.0.113.5");
    assert_eq!(get("/maybe-ip", known)["body"], "Some(203.0.113.5)");
    assert_eq!(get("/ip", serde_json::json!({}))["statusCode"], 400);
    assert_eq!(get("/maybe-ip", serde_json::json!({}))["body"], "None");
}

/// An extractor that is not there at once.
struct Late(u8);

impl FromRequest<'_> for Late {
    async fn from_request(_: &Request) -> Result<Self> {
        let mut has_waited = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut has_waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        Ok(Late(7))
    }
}

#[get("/late")]
fn late(Late(value): Late) -> String {
    value.to_string()
}

#[get("/late/named")]
fn late_named(value: Late) -> String {
    value.0.to_string()
}

#[test]
fn extractors_may_wait_whether_the_argument_has_a_name_or_a_pattern() {
    let client = App::new().routes(routes![late, late_named]).test();
    assert_eq!(client.get("/late").send().text(), "7");
    assert_eq!(client.get("/late/named").send().text(), "7");
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
    for client in [app().test(), app().layer(Stamp).test()] {
        assert_eq!(client.event(&event("/ip"))["body"], "203.0.113.5");
        assert_eq!(client.event(&event("ip"))["statusCode"], 404);
    }
    // More than `http` has room for: said so, instead of showing the layer another path than the app.
    let long = format!("/{}", "a".repeat(70_000));
    assert_eq!(app().test().event(&event(&long))["statusCode"], 200);
    assert_eq!(app().layer(Stamp).test().event(&event(&long))["statusCode"], 414);
}
