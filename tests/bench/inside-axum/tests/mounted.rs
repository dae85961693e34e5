//! A carafe app below and behind the routes of an axum router.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use carafe::{App, Redirect, catch, catchers, get, post, routes};
use http_body_util::BodyExt as _;
use tower_service::Service as _;

#[derive(Clone, PartialEq, Debug)]
struct User(String);

#[get("/hello/<name>")]
fn hello(name: &str, request: &carafe::Request) -> String {
    let user = request.get::<User>().map_or("nobody".to_owned(), |user| user.0);
    request.insert(User("carafe".to_owned()));
    format!("Hello {name}! {} by {user}", request.path())
}

#[post("/echo")]
fn echo(text: String) -> Redirect {
    Redirect::to(hello::url(&text))
}

#[catch(404)]
fn lost(request: &carafe::Request) -> String {
    format!("carafe has nothing at {}", request.path())
}

/// Leaves a user for carafe, and tells which one came back.
async fn sign_in(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(User("axum".to_owned()));
    let mut response = next.run(request).await;
    if let Some(User(name)) = response.extensions().get().cloned() {
        response.headers_mut().insert("x-user", name.parse().unwrap());
    }
    response
}

fn router() -> Router {
    let app = App::new().routes(routes![hello, echo]).catch(catchers![lost]);
    let service = app.into_service().unwrap();
    Router::new()
        .route("/own", axum::routing::get(async || "axum's own"))
        .nest_service("/below", service.clone())
        .fallback_service(service)
        .layer(axum::middleware::from_fn(sign_in))
}

async fn answered(request: Request) -> (u16, String, Response<()>) {
    let response = router().call(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status.as_u16(), String::from_utf8(body.into()).unwrap(), Response::from_parts(parts, ()))
}

async fn got(target: &str) -> (u16, String) {
    let (status, text, _) = answered(Request::get(target).body(Body::empty()).unwrap()).await;
    (status, text)
}

#[tokio::test]
async fn an_app_answers_below_and_behind_the_routes_of_a_router() {
    let of = |status, text: &str| (status, text.to_owned());
    assert_eq!(got("/own").await, of(200, "axum's own"));
    assert_eq!(got("/hello/Ann").await, of(200, "Hello Ann! /hello/Ann by axum"));
    assert_eq!(got("/%68ello/A%2fB").await, of(200, "Hello A/B! /hello/A%2FB by axum"));
    assert_eq!(got("/below/hello/Ann").await, of(200, "Hello Ann! /hello/Ann by axum"));
    assert_eq!(got("/nothing").await, of(404, "carafe has nothing at /nothing"));
    assert_eq!(got("/below/nothing").await, of(404, "carafe has nothing at /nothing"));
    assert_eq!(got("/echo").await.0, 405);
}

#[tokio::test]
async fn bodies_go_in_and_values_come_out() {
    let form = Request::post("/echo").header("content-type", "application/x-www-form-urlencoded");
    let (status, _, response) = answered(form.body(Body::from("text=a%20b")).unwrap()).await;
    assert_eq!((status, &response.headers()["location"]), (303, &"/hello/a%20b".parse().unwrap()));
    let (status, text, response) = answered(Request::head("/hello/Ann").body(Body::empty()).unwrap()).await;
    assert_eq!((status, text.as_str(), &response.headers()["content-length"]), (200, "", &29.into()));
    assert_eq!(response.headers()["x-user"], "carafe");
    assert_eq!(response.extensions().get(), Some(&User("carafe".to_owned())));
}
