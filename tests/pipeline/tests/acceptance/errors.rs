//! Catchers: which one answers, and what it may take.

use web::{
    App, Error, FromRequest, Html, Next, Request, Response, Result, StatusCode, abort, catch, catchers, get,
    routes,
};

use crate::support::{logged, note_error, told};

struct Refuses;

impl FromRequest<'_> for Refuses {
    async fn from_request(_: &Request) -> Result<Self> {
        Err(abort(403, "extractor"))
    }
}

#[get("/handler", crate = web)]
fn handler() -> Result<String> {
    Err(abort(403, "handler"))
}

#[get("/extractor", crate = web)]
fn extractor(_refuses: Refuses) -> String {
    "never".to_owned()
}

#[get("/gone", crate = web)]
fn gone() -> StatusCode {
    StatusCode::GONE
}

#[get("/none", crate = web)]
fn none() -> Option<String> {
    None
}

async fn refuse(request: &Request, next: Next<'_>) -> Result<Response> {
    match request.header("x-refuse") {
        None => Ok(next.run(request).await),
        Some(_) => Err(abort(403, "middleware")),
    }
}

async fn refuse_outside(request: &Request, next: Next<'_>) -> Result<Response> {
    match request.header("x-refuse-outside") {
        None => Ok(next.run(request).await),
        Some(_) => Err(abort(403, "app's middleware")),
    }
}

#[catch(403, crate = web)]
async fn inner_403(error: &Error) -> String {
    tokio::task::yield_now().await;
    format!("inner 403: {}", error.message())
}

#[catch(403, crate = web)]
fn group_403(error: &Error) -> String {
    format!("group 403: {}", error.message())
}

#[catch(default, crate = web)]
fn app_default(status: StatusCode, error: &Error) -> String {
    format!("app default {}: {}", status.as_u16(), error.message())
}

#[catch(404, crate = web)]
fn app_404() -> Html<String> {
    Html("app 404".to_owned())
}

fn app() -> App {
    let inner = routes![handler, gone].catch(catchers![inner_403]);
    let group = routes![handler, extractor, gone, none].around(refuse).catch(catchers![group_403]);
    App::new()
        .around(note_error)
        .around(refuse_outside)
        .routes(routes![extractor])
        .mount("/group", group.mount("/inner", inner))
        .catch(catchers![app_default, app_404])
}

#[test]
fn the_nearest_catcher_answers() {
    let client = app().test();
    for (target, header, answer) in [
        ("/group/handler", "x", (403, "group 403: handler")),
        ("/group/extractor", "x", (403, "group 403: extractor")),
        ("/group/handler", "x-refuse", (403, "group 403: middleware")),
        ("/group/inner/handler", "x", (403, "inner 403: handler")),
        // Who stands outside is not answered from inside.
        ("/group/inner/handler", "x-refuse", (403, "group 403: middleware")),
        ("/group/inner/handler", "x-refuse-outside", (403, "app default 403: app's middleware")),
        ("/group/handler", "x-refuse-outside", (403, "app default 403: app's middleware")),
        ("/extractor", "x", (403, "app default 403: extractor")),
        // A group without a catcher for the status leaves it to the next.
        ("/group/gone", "x", (410, "app default 410: Gone")),
        ("/group/inner/gone", "x", (410, "app default 410: Gone")),
        ("/group/none", "x", (404, "app 404")),
        ("/group/nothing", "x", (404, "app 404")),
        ("/nothing", "x", (404, "app 404")),
    ] {
        let reply = client.get(target).header(header, "1").send();
        assert_eq!(told(&reply), answer, "{target} {header}");
        assert!(reply.header("x-error").unwrap().starts_with(&answer.0.to_string()), "{target}");
    }
    assert_eq!(told(&client.post("/group/inner/gone").send()), (405, "app default 405: Method Not Allowed"));
    assert_eq!(client.post("/group/inner/gone").send().header("allow"), Some("GET, HEAD, OPTIONS"));
}

// --- catchers that fail, refuse, or say more ----------------------------------------------------------------------

#[catch(403, crate = web)]
fn refusing(_refuses: Refuses) -> String {
    "never".to_owned()
}

#[catch(404, crate = web)]
fn failing() -> Result<String> {
    Err(abort(409, "The catcher failed"))
}

#[catch(410, crate = web)]
fn falling() -> String {
    panic!("the catcher fell")
}

#[catch(405, crate = web)]
fn own_status() -> (StatusCode, String) {
    (StatusCode::IM_A_TEAPOT, "not this way".to_owned())
}

#[catch(default, crate = web)]
fn never_for_catchers() -> String {
    "for handlers only".to_owned()
}

fn failing_app() -> App {
    let catchers = catchers![refusing, failing, falling, own_status, never_for_catchers];
    App::new().around(note_error).routes(routes![handler, gone]).catch(catchers)
}

#[test]
fn a_catcher_that_fails_leaves_the_default_page() {
    let client = failing_app().test();
    let document = |target: &str| client.get(target).send().json::<serde_json::Value>();
    assert_eq!(client.get("/handler").send().status(), 403);
    // One that refuses before the catcher runs says nothing about the error.
    assert_eq!(document("/handler")["error"], "handler");
    assert_eq!(client.get("/nothing").send().status(), 409);
    assert_eq!(document("/nothing")["error"], "The catcher failed");
    assert_eq!(client.get("/gone").send().status(), 500);
    assert_eq!(document("/gone")["error"], "Internal Server Error");
    // What was wrong in the first place is what middleware is told.
    assert_eq!(client.get("/gone").send().header("x-error"), Some("410 Gone"));
    let log = logged(failing_app(), "/gone");
    assert!(log.contains("the catcher fell"), "{log}");
    let reply = client.post("/gone").send();
    assert_eq!((told(&reply), reply.header("allow")), ((418, "not this way"), Some("GET, HEAD, OPTIONS")));
}
