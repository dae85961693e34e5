//! Reading arguments: from a request that is there to a response that is not yet JSON, with routing and the handler in
//! between. The first one has no argument, so the others can be told from it.

use carafe::{App, Bytes, Cookies, Form, Json, Routes, get, post, routes};
use carafe_lambda::{Event, Service as _};
use work::{Order, Post};

use crate::{Visit, at_once, context};

#[get("/none")]
fn none() {}

#[get("/path/<name>/<number>")]
fn path(name: &str, number: u32) {
    std::hint::black_box((name, number));
}

#[get("/query")]
fn query(q: String, page: Option<u32>, tag: Vec<String>) {
    std::hint::black_box((q, page, tag));
}

#[post("/fields")]
fn fields(title: String, rating: f64, published: bool) {
    std::hint::black_box((title, rating, published));
}

#[post("/form")]
fn form(post: Form<Post>) {
    std::hint::black_box(post);
}

#[post("/json")]
fn json(order: Json<Order>) {
    std::hint::black_box(order);
}

#[get("/cookies")]
fn cookies(cookies: Cookies) {
    std::hint::black_box(cookies.get("lang"));
}

#[post("/bytes")]
fn bytes(body: Bytes) {
    std::hint::black_box(body);
}

fn plain() -> Routes {
    routes![none, path, query, fields, form, json, bytes]
}

/// The request of a scenario at another path.
fn request(scenario: &scenarios::Scenario, path: &str) -> Event {
    let request = Event::from_payload(scenario.event.clone().into(), context()).expect("a request");
    let mut builder = Event::builder().method(request.method().clone()).path(path);
    for (name, value) in request.query() {
        builder = builder.query(name, value);
    }
    for (name, value) in request.headers() {
        builder = builder.header(name, value);
    }
    builder.body(request.body().clone()).context(context()).build()
}

pub(crate) fn each(visit: &mut impl Visit) {
    let assembled = |routes| carafe::__private::assembled(&App::new().routes(routes)).expect("fits together");
    let app = assembled(plain());
    // Apart, because an app that takes cookies is protected from other sites on all its routes.
    let with_cookies = assembled(routes![cookies]);
    let mut piece = |name: &str, scenario: scenarios::Scenario, path: &str| {
        let app = if path == "/cookies" { &with_cookies } else { &app };
        let answer = at_once(app.call(request(&scenario, path)));
        assert_eq!(answer.response.status(), 204, "{name}: {:?}", answer.response.body());
        visit.piece(
            &format!("arguments: {name}"),
            || request(&scenario, path),
            |request| at_once(app.call(request)),
        );
    };
    piece("none", scenarios::hello(), "/none");
    piece("two of the path", scenarios::hello(), "/path/Ann/7");
    piece("three of the query", scenarios::query(), "/query");
    piece("three form fields", scenarios::form(), "/fields");
    piece("a form of ten fields", scenarios::form(), "/form");
    piece("JSON", scenarios::order(), "/json");
    piece("a cookie", scenarios::hello(), "/cookies");
    piece("the body", scenarios::form(), "/bytes");
}
