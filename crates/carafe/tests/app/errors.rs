//! Error answers: the default ones, a catcher's, a panic's.

use carafe::testing::Client;
use carafe::{App, Error, Request, Result, StatusCode, abort, catch, catchers, get, post, routes};
use serde_json::{Value, json};

#[get("/posts/<id>")]
fn show(id: u32) -> Result<String> {
    Err(abort(404, format!("No <post> {id}")))
}

#[post("/posts")]
fn create() -> &'static str {
    "made"
}

#[get("/panics")]
fn panics() -> String {
    panic!("the secret is 42")
}

#[get("/panics/later")]
async fn panics_later() -> String {
    std::future::ready(()).await;
    panic!("the secret is 42")
}

#[get("/picky/<n>")]
fn picky(n: Picky) -> String {
    format!("{}", n.0)
}

struct Picky(u8);

impl std::str::FromStr for Picky {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Picky, Self::Err> {
        assert_ne!(text, "panic");
        text.parse().map(Picky)
    }
}

fn app() -> App {
    App::new().routes(routes![show, create, panics, panics_later, picky])
}

fn client() -> Client {
    app().test()
}

#[test]
fn programs_get_json_and_browsers_a_page() {
    let reply = client().get("/posts/7").send();
    assert_eq!(reply.status(), 404);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json::<Value>(), json!({"error": "No <post> 7", "status": 404, "request_id": "test"}));
    let page = client().get("/posts/7").header("accept", "text/html,*/*;q=0.8").send();
    assert_eq!(page.header("content-type"), Some("text/html; charset=UTF-8"));
    assert!(page.text().contains("No &lt;post&gt; 7"), "{}", page.text());
}

#[test]
fn known_path_and_unknown_method() {
    let reply = client().delete("/posts").send();
    assert_eq!((reply.status().as_u16(), reply.header("allow")), (405, Some("OPTIONS, POST")));
    let reply = client().options("/posts/7").send();
    assert_eq!((reply.status().as_u16(), reply.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
    assert_eq!(reply.text(), "");
    assert_eq!(client().options("/nowhere").send().status(), 404);
    let head = client().head("/posts/7").send();
    assert_eq!((head.status().as_u16(), head.text()), (404, ""));
}

#[test]
fn a_panic_is_a_500_and_the_next_request_works() {
    let client = client();
    for path in ["/panics", "/panics/later", "/picky/panic"] {
        let reply = client.get(path).send();
        assert_eq!(reply.status(), 500, "{path}");
        assert_eq!(reply.json::<Value>()["error"], "Internal Server Error");
        assert!(!reply.text().contains("secret"));
    }
    assert_eq!(client.get("/picky/5").send().text(), "5");
}

#[catch(404)]
fn lost(request: &Request, error: &Error) -> String {
    format!("{} at {}", error.message(), request.raw_path())
}

#[catch(default)]
async fn anything(status: StatusCode) -> carafe::Json<u16> {
    carafe::Json(status.as_u16())
}

#[catch(405)]
fn broken() -> Result<String> {
    panic!("in a catcher")
}

#[test]
fn catchers_answer_with_the_status_of_the_error() {
    let client = app().catch(catchers![lost, anything]).test();
    let reply = client.get("/posts/7").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (404, "No <post> 7 at /posts/7"));
    let reply = client.delete("/posts").send();
    assert_eq!(
        (reply.status().as_u16(), reply.text(), reply.header("allow")),
        (405, "405", Some("OPTIONS, POST"))
    );
    let reply = client.get("/panics").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (500, "500"));
}

#[test]
fn a_catcher_that_fails_leaves_the_default_answer() {
    let reply = app().catch(catchers![broken]).test().delete("/posts").send();
    assert_eq!(reply.status(), 500);
    assert_eq!(reply.json::<Value>()["status"], 500);
}

#[test]
fn an_abort_is_never_a_success() {
    assert_eq!(abort(200, "fine").status(), 500);
    assert_eq!(abort(1000, "no status").status(), 500);
    assert_eq!(abort(StatusCode::CONFLICT, "taken").status(), 409);
}
