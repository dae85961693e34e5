//! `Session<T>` in a cookie.

use std::time::Duration;

use carafe::testing::{Client, Reply};
use carafe::{App, Error, Next, Request, Response, Result, Session, abort, get, post, routes};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::outside::{SECRET, opened, sealed, second};

#[derive(Debug, Serialize, Deserialize)]
struct Account {
    name: String,
    visits: u32,
}

#[post("/login/<name>")]
fn login(name: String, session: Session<Account>) -> Result {
    session.set(Account { name, visits: 0 })
}

#[get("/who")]
fn who(session: Session<Account>) -> String {
    session.get().map_or("nobody".to_owned(), |account| format!("{} {}", account.name, account.visits))
}

#[post("/visit?<by>")]
fn visit(by: u32, session: Session<Account>) -> Result<String> {
    let before = session.get();
    session.update(|account| account.visits += by)?;
    Ok(format!(
        "{:?} {:?}",
        before.map(|account| account.visits),
        session.get().map(|account| account.visits)
    ))
}

#[post("/logout")]
fn logout(session: Session<Account>) -> Result<String> {
    session.clear()?;
    Ok(format!("{:?}", session.get()))
}

#[post("/refused")]
fn refused(session: Session<Account>) -> Result {
    session.set(Account { name: "Eve".to_owned(), visits: 0 })?;
    Err(abort(409, "no"))
}

#[post("/panic")]
fn panics(session: Session<Account>) -> Result {
    session.clear()?;
    panic!("half way")
}

#[post("/long/<bytes>")]
fn long(bytes: usize, session: Session<Account>) -> String {
    let set = session.set(Account { name: "x".repeat(bytes), visits: 0 });
    format!(
        "{}, {}",
        set.map_or_else(|error| error.to_string(), |()| "set".to_owned()),
        session.get().is_some()
    )
}

#[get("/open")]
fn open() -> &'static str {
    "open"
}

#[get("/cached")]
fn cached(session: Session<Account>) -> (carafe::Headers, String) {
    let mut headers = carafe::Headers::new();
    headers.insert("cache-control", "private, max-age=60".parse().unwrap());
    (headers, format!("{:?}", session.get().is_some()))
}

fn app() -> App {
    App::new()
        .secret_from("CARAFE_TEST_SECRET")
        .routes(routes![login, who, visit, logout, refused, panics, long, open, cached])
}

fn logged_in() -> Client {
    let client = app().test();
    assert_eq!(client.post("/login/Ann").send().status(), 204);
    client
}

fn set_cookie(reply: &Reply) -> Option<&str> {
    reply.header("set-cookie")
}

const TWO_WEEKS: u64 = 14 * 24 * 60 * 60;

/// Asks who it is with a session that ends so far away, and returns the answer and whether there is a new cookie.
fn who_with(client: &Client, away: i64) -> (String, bool) {
    let value = sealed(
        SECRET,
        "carafe session 1",
        "__Host-session",
        &json!({"expires": second(away), "data": {"name": "Ann", "visits": 3}}),
    );
    client.forget_cookies();
    let reply = client.get("/who").cookie("__Host-session", &value).send();
    (reply.text().to_owned(), set_cookie(&reply).is_some())
}

#[test]
fn it_is_there_from_login_to_logout() {
    let client = app().test();
    assert_eq!(client.get("/who").send().text(), "nobody");
    let reply = client.post("/login/Ann").send();
    let line = set_cookie(&reply).unwrap();
    assert!(line.starts_with("__Host-session="), "{line}");
    assert!(line.ends_with("; Path=/; Max-Age=1209600; SameSite=Lax; HttpOnly; Secure"), "{line}");
    assert_eq!(client.get("/who").send().text(), "Ann 0");
    let other = app().test();
    assert_eq!(other.get("/who").send().text(), "nobody");
    let reply = client.post("/logout").send();
    assert_eq!(reply.text(), "None");
    assert_eq!(
        set_cookie(&reply),
        Some(
            "__Host-session=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax; HttpOnly; Secure"
        )
    );
    assert_eq!((client.cookie("__Host-session"), client.get("/who").send().text()), (None, "nobody"));
    // Nothing came: nothing has to go.
    assert_eq!(set_cookie(&client.post("/logout").send()), None);
}

#[test]
fn only_the_name_of_the_scheme_is_read() {
    let client = app().test().plain_http();
    let reply = client.post("/login/Ann").send();
    let line = set_cookie(&reply).unwrap();
    assert!(line.starts_with("session=") && line.ends_with("; SameSite=Lax; HttpOnly"), "{line}");
    assert_eq!(client.get("/who").send().text(), "Ann 0");
    let over_http = client.cookie("session").unwrap();
    let over_https = logged_in().cookie("__Host-session").unwrap();
    let (http, https) = (app().test().plain_http(), app().test());
    for (client, name, value, expected) in [
        (&http, "session", &over_http, "Ann 0"),
        (&http, "__Host-session", &over_https, "nobody"),
        (&http, "session", &over_https, "nobody"),
        (&https, "__Host-session", &over_https, "Ann 0"),
        (&https, "session", &over_http, "nobody"),
        (&https, "session", &over_https, "nobody"),
        (&https, "__Host-session", &over_http, "nobody"),
    ] {
        assert_eq!(client.get("/who").cookie(name, value).send().text(), expected, "{name}");
    }
    let assumed = app().assume_https(true).test().plain_http();
    assert_eq!(assumed.get("/who").cookie("__Host-session", &over_https).send().text(), "Ann 0");
}

#[test]
fn a_cookie_is_set_only_when_something_changed() {
    let client = logged_in();
    for (method, path) in [("GET", "/who"), ("POST", "/visit?by=0"), ("GET", "/open")] {
        assert_eq!(set_cookie(&client.request(method, path).send()), None, "{path}");
    }
    let reply = client.post("/visit?by=2").send();
    assert_eq!((reply.text(), set_cookie(&reply).is_some()), ("Some(0) Some(2)", true));
    assert_eq!(client.get("/who").send().text(), "Ann 2");
    // Another login is a new session, also of the same account.
    client.post("/login/Ann").send();
    assert!(set_cookie(&client.post("/login/Ann").send()).is_some());
    client.forget_cookies();
    let reply = client.post("/visit?by=2").send();
    assert_eq!((reply.text(), set_cookie(&reply)), ("None None", None));
}

#[test]
fn changes_are_sent_whatever_the_answer_but_after_a_panic() {
    let client = logged_in();
    assert_eq!(client.post("/refused").send().status(), 409);
    assert_eq!(client.get("/who").send().text(), "Eve 0");
    let reply = client.post("/panic").send();
    assert_eq!((reply.status().as_u16(), set_cookie(&reply)), (500, None));
    assert_eq!(client.get("/who").send().text(), "Eve 0");
}

#[test]
fn it_is_renewed_at_half_of_its_life() {
    let client = app().test();
    let life = i64::try_from(TWO_WEEKS).unwrap();
    // A few seconds around half, for the time that the test takes.
    for (away, expected) in [(life, false), (life / 2 + 60, false), (life / 2 - 1, true), (60, true)] {
        assert_eq!(who_with(&client, away), ("Ann 3".to_owned(), expected), "{away}");
    }
    for away in [0, -1, -life] {
        assert_eq!(who_with(&client, away), ("nobody".to_owned(), false), "{away}");
    }
    let client = app().session_lifetime(Duration::from_secs(1000)).test();
    for (away, expected) in [(1000, false), (560, false), (499, true)] {
        assert_eq!(who_with(&client, away), ("Ann 3".to_owned(), expected), "{away}");
    }
    // The new cookie has the same data and a whole life.
    let reply = client.post("/login/Zo%C3%AB").send();
    let content =
        opened(SECRET, "carafe session 1", "__Host-session", reply.cookie("__Host-session").unwrap());
    assert_eq!(content["data"], json!({"name": "Zoë", "visits": 0}));
    let expires = content["expires"].as_u64().unwrap();
    assert!((second(990)..=second(1000)).contains(&expires), "{expires}");
    assert!(set_cookie(&reply).unwrap().contains("; Max-Age=1000; "));
}

#[test]
fn it_has_the_room_of_a_cookie() {
    let client = app().test();
    // 4096 - 14 bytes of base64 are 3061 bytes: 29 of the envelope, 31 around the data, 23 around the name.
    let reply = client.post("/long/2978").send();
    assert_eq!((reply.text(), set_cookie(&reply).is_some()), ("set, true", true));
    let (pair, _) = set_cookie(&reply).unwrap().split_once("; ").unwrap();
    assert!((4093..=4097).contains(&pair.len()), "{}", pair.len());
    assert!(client.get("/who").send().text().starts_with("xxx"));
    client.forget_cookies();
    let reply = client.post("/long/2982").send();
    assert!(reply.text().contains("and may have 4082: keep less in it, or use a store"), "{}", reply.text());
    assert!(reply.text().ends_with(", false") && set_cookie(&reply).is_none());
}

#[test]
fn answers_are_for_this_caller_only() {
    let client = logged_in();
    let of = |path: &str| client.get(path).send().header("cache-control").map(str::to_owned);
    assert_eq!(of("/who").as_deref(), Some("no-store"));
    assert_eq!(of("/cached").as_deref(), Some("private, max-age=60"));
    assert_eq!(of("/open"), None);
    client.forget_cookies();
    assert_eq!(of("/who").as_deref(), Some("no-store"));
}

#[test]
fn what_no_longer_fits_the_type_is_none() {
    let client = app().test();
    for data in [json!({"name": "Ann"}), json!("Ann"), json!(null), json!({"carafe session id": "x"})] {
        let content = json!({"expires": second(600), "data": data});
        let value = sealed(SECRET, "carafe session 1", "__Host-session", &content);
        let reply = client.get("/who").cookie("__Host-session", &value).send();
        assert_eq!(reply.text(), "nobody", "{data}");
    }
    // An encrypted cookie that says nothing of its end is no session.
    for content in [
        json!({"data": {"name": "Ann", "visits": 0}}),
        json!({"expires": null, "data": {"name": "Ann", "visits": 0}}),
    ] {
        let value = sealed(SECRET, "carafe session 1", "__Host-session", &content);
        assert_eq!(client.get("/who").cookie("__Host-session", &value).send().text(), "nobody", "{content}");
    }
}

#[test]
fn its_name_can_be_another() {
    let client = app().session_name("shop").test();
    let reply = client.post("/login/Ann").send();
    assert!(set_cookie(&reply).unwrap().starts_with("__Host-shop="));
    assert_eq!(client.get("/who").send().text(), "Ann 0");
    for name in ["", "a b", "größe", "a;b"] {
        let problems = app().session_name(name).check().unwrap_err();
        assert!(problems.to_string().contains("letters, digits and"), "{problems}");
    }
    let problems = app().session_lifetime(Duration::from_millis(999)).check().unwrap_err();
    assert!(problems.to_string().contains("a second at least"), "{problems}");
}

/// Changes the session before and after the handler.
async fn around(request: &Request, next: Next<'_>) -> Result<Response> {
    let session = request.extract::<Session<Account>>().await?;
    session.update(|account| account.visits += 10)?;
    let response = next.run(request).await;
    // What the handler did is there for who looks now.
    let session = request.extract::<Session<Account>>().await?;
    session.update(|account| account.visits += 100)?;
    Ok(response)
}

#[test]
fn middleware_and_handler_share_it() {
    let client = app().around(around).test();
    client.post("/login/Ann").send();
    assert_eq!(client.get("/who").send().text(), "Ann 110");
    assert_eq!(client.post("/visit?by=1").send().text(), "Some(220) Some(221)");
    assert_eq!(client.get("/who").send().text(), "Ann 331");
}

#[get("/twice")]
fn twice(one: Session<Account>, other: Result<Session<Account>, Error>) -> Result<String> {
    one.set(Account { name: "One".to_owned(), visits: 1 })?;
    one.set(Account { name: "Two".to_owned(), visits: 2 })?;
    one.update(|account| account.visits += 1)?;
    Ok(format!("{:?} {:?}", one.into_inner(), other?.get().is_some()))
}

#[test]
fn what_was_lent_stays_while_it_is_replaced() {
    let client = App::new().secret_from("CARAFE_TEST_SECRET").routes(routes![twice, who]).test();
    assert_eq!(client.get("/twice").send().text(), "Some(Account { name: \"Two\", visits: 3 }) false");
    assert_eq!(client.get("/who").send().text(), "Two 3");
}

#[get("/cart")]
fn cart(session: Session<Vec<u32>>) -> String {
    format!("{:?}", session.get())
}

#[get("/name")]
fn name(name: carafe::LoggedIn<String>) -> String {
    name.0
}

#[test]
fn an_app_has_one_type_of_session() {
    let problems = app().routes(routes![cart, name]).check().unwrap_err().to_string();
    let told: Vec<&str> = problems.lines().collect();
    assert_eq!(told.len(), 2, "{problems}");
    for (line, start) in told.iter().zip(["`fn cart`", "`fn name`"]) {
        assert!(
            line.starts_with(start) && line.contains("where another needs `Session<session"),
            "{problems}"
        );
        assert!(
            line.ends_with("::Account>`: they would overwrite each other, so put both into one type"),
            "{problems}"
        );
    }
}
