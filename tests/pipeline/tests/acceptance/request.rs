//! What a request tells: path, route, methods, and the values beside it.

use std::task::{Context, Poll, Waker};

use tower_service::Service as _;
use web::http::Extensions;
use web::{App, Body, Next, Request, Response, get, post, routes};

use crate::support::told;

/// Writes into headers what middleware sees.
async fn seen(request: &Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        ("x-path", request.path().to_owned()),
        ("x-raw", request.raw_path().to_owned()),
        ("x-route", request.route().unwrap_or("none").to_owned()),
        ("x-methods", request.allowed_methods().join(" ")),
    ] {
        response.headers_mut().insert(name, value.try_into().unwrap());
    }
    response
}

#[get("/posts/<id>/<rest:path>", crate = web)]
#[post("/posts/<id>/<rest:path>", crate = web)]
fn show(id: u32, rest: &str, request: &Request) -> String {
    format!("{id} {rest} {}", request.param("rest").unwrap())
}

#[test]
fn middleware_sees_path_route_and_methods() {
    let client = App::new().mount("/v1", routes![show]).around(seen).test();
    let seen = |method: &str, target: &str| {
        let reply = client.request(method, target).send();
        ["x-path", "x-raw", "x-route", "x-methods"].map(|name| reply.header(name).unwrap().to_owned())
    };
    let methods = "GET HEAD OPTIONS POST";
    let route = "/v1/posts/<id>/<rest:path>";
    let raw = "/%761/p%6fsts/7/a%2fb%25/%c3%a9/~%21/%7e;x=1";
    assert_eq!(seen("GET", raw), ["/v1/posts/7/a%2Fb%25/%C3%A9/~!/~;x=1", raw, route, methods]);
    assert_eq!(seen("POST", "/v1/posts/7/x")[2..], [route, methods]);
    for method in ["PUT", "OPTIONS"] {
        assert_eq!(seen(method, "/v1/posts/7/%78"), ["/v1/posts/7/x", "/v1/posts/7/%78", "none", methods]);
    }
    assert_eq!(seen("GET", "/v1/posts/seven/x")[2..], ["none", ""]);
    // No magic with dots and slashes.
    assert_eq!(seen("GET", "/v1//posts/../%2e%2E/x")[0], "/v1//posts/../../x");
    // A path that is no text is as it was sent.
    assert_eq!(seen("GET", "/v1/%ff/%61")[..3], ["/v1/%ff/%61", "/v1/%ff/%61", "none"]);
    let reply = client.get("/v1/posts/7/a%2Fb").send();
    assert_eq!(told(&reply), (200, "7 a/b a/b"));
}

#[derive(Clone, Debug, PartialEq)]
struct User(&'static str);

#[derive(Clone, Debug, PartialEq)]
struct Visits(u8);

async fn sign_in(request: &Request, next: Next<'_>) -> Response {
    assert_eq!(request.get::<User>(), None);
    request.insert(User("nobody"));
    request.insert(User("ann"));
    let response = next.run(request).await;
    assert_eq!(request.get::<User>(), Some(User("bob")));
    response
}

#[get("/", crate = web)]
fn index(request: &Request) -> String {
    let user = request.get::<User>().unwrap().0.to_owned();
    request.insert(User("bob"));
    request.insert(Visits(1));
    format!("{user} {:?}", request.get::<Outside>())
}

/// What a layer puts beside a request.
#[derive(Clone, Debug, PartialEq)]
struct Outside(u8);

fn answered(app: App, extensions: Extensions) -> Response {
    let mut request = web::http::Request::get("/").body(Body::empty()).unwrap();
    *request.extensions_mut() = extensions;
    let mut answering = app.into_service().unwrap().call(request);
    match answering.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response,
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => panic!("nothing here waits"),
    }
}

#[test]
fn values_stand_beside_a_request_and_leave_with_the_response() {
    let app = || App::new().routes(routes![index].around(sign_in));
    assert_eq!(told(&app().test().get("/").send()), (200, "ann None"));
    let mut extensions = Extensions::new();
    extensions.insert(Outside(3));
    let response = answered(app(), extensions);
    assert_eq!(response.body().bytes(), "ann Some(Outside(3))");
    assert_eq!(response.extensions().get(), Some(&User("bob")));
    assert_eq!(response.extensions().get(), Some(&Visits(1)));
    // They are of one request: the next begins without.
    let client = app().test();
    assert_eq!(client.get("/").send().text(), client.get("/").send().text());
}
