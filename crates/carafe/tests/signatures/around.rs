//! Extractors, and everything around handlers: catchers, hooks, a layer, state, a mount, routes made at run time.

use std::time::Duration;

use carafe::testing::Client;
use carafe::{
    App, Bytes, ClientIp, Context, Cookies, Error, File, Form, FromRequest, Headers, Json, Query, Request,
    Response, Result, State, Upload, abort, catch, catchers, get, post, routes,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, Serialize)]
struct Filter {
    q: String,
    #[serde(default)]
    page: u32,
}

struct Db {
    name: &'static str,
}

#[get("/query")]
fn query(filter: Query<Filter>) -> Filter {
    filter.0
}

#[post("/form")]
async fn form(filter: Form<Filter>, db: State<Db>) -> String {
    tokio::time::sleep(Duration::from_millis(1)).await;
    format!("{:?} {}", filter.0, db.name)
}

#[post("/json")]
fn json(filter: Json<Filter>) -> Filter {
    filter.0
}

#[post("/upload")]
fn upload(title: String, tags: Vec<String>, file: Upload, more: Option<Upload>) -> String {
    let kind = file.content_type().map(|kind| kind.to_string());
    format!("{title} {tags:?} {:?} {kind:?} {} {}", file.file_name(), file.bytes().len(), more.is_some())
}

#[post("/bytes")]
fn bytes(body: Bytes) -> Bytes {
    body
}

#[get("/cookies")]
fn cookies(cookies: Cookies) -> Result<String> {
    cookies.set(("seen", "1"))?;
    cookies.delete("old")?;
    Ok(format!("{:?} {:?}", cookies.get("a"), cookies.get("b")))
}

#[get("/who")]
fn who(ip: ClientIp, headers: Headers, context: Context) -> String {
    let agent = headers.get("user-agent").and_then(|agent| agent.to_str().ok().map(str::to_owned));
    format!("{ip:?} {agent:?} {}", !context.request_id.is_empty())
}

#[get("/refused")]
fn refused() -> Result<String> {
    Err(abort(409, "taken"))
}

#[get("/panic/<how>")]
fn panics(how: &str) -> String {
    panic!("{how}")
}

#[get("/file")]
fn file() -> File {
    File::new("a.css", "a {}").download()
}

#[catch(404)]
fn lost(request: &Request) -> String {
    format!("Nothing at {}", request.raw_path())
}

#[catch(409)]
fn conflict(error: &Error) -> (carafe::StatusCode, Filter) {
    (carafe::StatusCode::IM_A_TEAPOT, Filter { q: error.message().to_owned(), page: 9 })
}

#[catch(500)]
fn broken() -> Result<String> {
    Err(abort(503, "worse"))
}

pub(crate) fn app() -> App {
    App::new()
        .state(Db { name: "db" })
        .routes(routes![query, form, json, upload, bytes, cookies, who, refused, panics, file])
        .mount("/v1", routes![query])
        .route("PURGE", "/at/<n:int>", |request: &Request| request.param("n").unwrap_or("?").to_owned())
        .route("GET", "/later", |request: &Request| {
            let path = request.raw_path().to_owned();
            async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                path
            }
        })
        .catch(catchers![lost, conflict, broken])
        .before(|request: &Request| -> Result {
            if request.query("forbidden").is_some() { Err(abort(403, "no")) } else { Ok(()) }
        })
        .after(|_: &Request, response: &mut Response| {
            response.headers_mut().insert("x-after", http::HeaderValue::from_static("1"));
        })
}

fn client() -> Client {
    app().test()
}

#[test]
fn answers() {
    let client = client();
    let reply = client.post("/upload").field("title", "T").field("tags", "a").field("tags", "b");
    let reply = reply.file("file", "x.png", "image/png", b"\0\xff").send();
    assert_eq!(reply.text(), r#"T ["a", "b"] "x.png" Some("image/png") 2 false"#);
    for (path, status, text) in [
        ("/query?q=x&page=2", 200, r#"{"q":"x","page":2}"#),
        ("/v1/query?q=x", 200, r#"{"q":"x","page":0}"#),
        ("/refused", 418, r#"{"q":"taken","page":9}"#),
        ("/none", 404, "Nothing at /none"),
        ("/later", 200, "/later"),
    ] {
        let reply = client.get(path).send();
        assert_eq!((reply.status().as_u16(), reply.text()), (status, text), "{path}");
        assert_eq!(reply.header("x-after"), Some("1"), "{path}");
    }
    assert_eq!(client.get("/query?q=x&forbidden").send().status(), 403);
    assert_eq!(client.get("/panic/at").send().status(), 503);
    assert_eq!(client.request("PURGE", "/at/5").send().text(), "5");
}

/// Not there at once.
struct Late;

impl FromRequest<'_> for Late {
    async fn from_request(_: &Request) -> Result<Self> {
        tokio::task::yield_now().await;
        Ok(Late)
    }
}

/// A handler of arguments that are all at hand needs no future on the heap.
#[test]
fn arguments_that_are_at_hand_do_not_wait() {
    use carafe::__private::via::*;
    use carafe::__private::waits;

    assert!(waits!(Late, FreeInQuery) && waits!(Late, Unnamed));
    assert!(waits!(Result<Late>, FreeInForm) && !waits!(Result<Cookies>, FreeInForm));
    assert!(!waits!(u32, FreeInQuery) && !waits!(Option<String>, FreeInForm));
    assert!(!waits!(&Request, FreeInQuery));
    assert!(!waits!(Json<Filter>, FreeInForm) && !waits!(Json<Filter>, Unnamed));
    assert!(!waits!(State<Db>, FreeInQuery) && !waits!(Cookies, FreeInQuery));
}
