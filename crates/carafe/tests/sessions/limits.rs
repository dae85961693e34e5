//! What sessions do not do: end up in caches, outlive their limits, or change where nobody saves them.

use std::time::{Duration, UNIX_EPOCH};

use carafe::{
    App, Cookie, Flash, Headers, LoginRequired, Next, Request, Response, Result, Session, SignedCookies,
    Timeout, catch, catchers, get, post, routes,
};
use serde_json::json;

use super::outside::{SECRET, sealed, second};

#[post("/login/<name>")]
fn login(name: String, session: Session<String>) -> Result {
    session.set(name)
}

#[get("/who")]
fn who(session: Session<String>) -> String {
    format!("{:?}", session.get())
}

fn public() -> Headers {
    let mut headers = Headers::new();
    headers.insert("cache-control", "public, max-age=60".parse().unwrap());
    headers
}

#[get("/public")]
fn public_page(session: Session<String>) -> (Headers, String) {
    (public(), format!("{:?}", session.get()))
}

fn make_public(_: &Request, response: &mut Response) {
    response.headers_mut().extend(public());
}

fn app() -> App {
    App::new().secret_from("CARAFE_TEST_SECRET")
}

#[test]
fn an_answer_with_a_cookie_is_not_for_caches() {
    // Past half of its life, it is renewed.
    let content = json!({"expires": second(60), "data": "Ann"});
    let old = sealed(SECRET, "carafe session 1", "__Host-session", &content);
    for app in [
        app().routes(routes![public_page]),
        app().routes(routes![public_page].after(make_public)),
        app().routes(routes![public_page]).after(make_public),
    ] {
        let client = app.test();
        // Nothing is sent, so the handler has its way.
        let reply = client.get("/public").send();
        assert_eq!(reply.header("cache-control"), Some("public, max-age=60"));
        let reply = client.get("/public").cookie("__Host-session", &old).send();
        assert!(reply.header("set-cookie").is_some());
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn a_shorter_lifetime_ends_longer_sessions() {
    let client = app().session_lifetime(Duration::from_secs(600)).routes(routes![who]).test();
    // Clocks may differ by a minute.
    for (away, expected) in
        [(599, "Some(\"Ann\")"), (650, "Some(\"Ann\")"), (670, "None"), (1_209_600, "None")]
    {
        let content = json!({"expires": second(away), "data": "Ann"});
        let value = sealed(SECRET, "carafe session 1", "__Host-session", &content);
        client.forget_cookies();
        assert_eq!(client.get("/who").cookie("__Host-session", &value).send().text(), expected, "{away}");
    }
}

#[test]
fn a_lifetime_is_one_that_browsers_keep() {
    let day = 24 * 60 * 60;
    for (seconds, is_one) in
        [(0, false), (1, true), (400 * day, true), (400 * day + 1, false), (u64::MAX, false)]
    {
        let app = app().session_lifetime(Duration::from_secs(seconds)).routes(routes![who]);
        assert_eq!(app.check().is_ok(), is_one, "{seconds}");
    }
    for name in ["__Host-shop", "__host-shop", "__Secure-shop"] {
        let problems = app().session_name(name).routes(routes![who]).check().unwrap_err();
        assert!(problems.to_string().contains("has a prefix, which carafe adds by itself"), "{problems}");
    }
}

#[test]
fn a_signed_value_can_have_ended_in_1970() {
    #[post("/note")]
    fn note(cookies: SignedCookies) -> Result {
        cookies.set(Cookie::new("note", "old").expires(UNIX_EPOCH))
    }
    #[get("/note")]
    fn noted(cookies: SignedCookies) -> String {
        format!("{:?}", cookies.get("note"))
    }

    let client = app().routes(routes![note, noted]).test();
    let reply = client.post("/note").send();
    let line = reply.header("set-cookie").unwrap();
    let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
    assert_eq!(client.get("/note").cookie(name, value).send().text(), "None");
}

async fn in_middleware(request: &Request, next: Next<'_>) -> Result<Response> {
    let session = request.extract::<Session<String>>().await?;
    let changed = session.set("Eve".to_owned());
    request.insert(changed.map_err(|error| error.to_string()).err().unwrap_or_default());
    Ok(next.run(request).await)
}

#[get("/told")]
fn told(request: &Request) -> String {
    request.get::<String>().unwrap_or_default()
}

#[test]
fn a_change_that_nobody_saves_is_an_error() {
    let reply = app().around(in_middleware).routes(routes![told]).test().get("/told").send();
    assert!(reply.text().contains("nothing would save this change of the session"), "{}", reply.text());
    // Where a route needs sessions, middleware may change them as well.
    let reply = app().around(in_middleware).routes(routes![told, who]).test().get("/told").send();
    assert_eq!((reply.text(), reply.header("set-cookie").is_some()), ("", true));
}

#[test]
fn a_change_that_a_timeout_left_half_done_is_not_saved() {
    #[post("/slow")]
    async fn slow(session: Session<String>, flash: Flash) -> Result {
        session.set("Eve".to_owned())?;
        flash.info("half way")?;
        std::future::pending().await
    }
    #[catch(504)]
    fn late() -> &'static str {
        "later"
    }

    let group = routes![slow].around(Timeout::after(Duration::from_millis(1)));
    for app in [app().routes(group.clone()), app().routes(group.catch(catchers![late]))] {
        let reply = app.test().post("/slow").send();
        assert_eq!((reply.status().as_u16(), reply.header("set-cookie")), (504, None));
    }
}

#[test]
fn a_cookie_may_be_as_long_as_browsers_keep_it() {
    #[post("/session/<length>")]
    fn session(length: usize, session: Session<String>) -> Result {
        session.set("x".repeat(length))
    }
    #[post("/flash/<length>")]
    fn flash(length: usize, flash: Flash) -> Result {
        flash.info("x".repeat(length))
    }

    #[post("/is-refused")]
    fn is_refused(session: Session<String>) -> bool {
        session.set("x".repeat(4096)).is_err()
    }

    let client = app().routes(routes![session, flash, is_refused]).test();
    for path in ["/session", "/flash"] {
        let kept = |length: &usize| {
            client.forget_cookies();
            let reply = client.post(&format!("{path}/{length}")).send();
            let line = reply.header("set-cookie")?;
            line.split_once(';').map(|(pair, _)| pair.len() - "=".len())
        };
        let lengths: Vec<usize> = (0..4096).collect();
        let refused = lengths.partition_point(|length| kept(length).is_some());
        let longest = lengths[refused - 4..refused].iter().filter_map(kept).max();
        assert_eq!(longest, Some(4096), "{path}");
    }
    // A cookie that is not ours makes no more room.
    let reply = client.post("/is-refused").cookie("__Host-session", "broken").send();
    assert_eq!(reply.text(), "true");
}

#[test]
fn a_message_that_is_refused_changes_nothing() {
    #[post("/add/<length>")]
    fn add(length: usize, flash: Flash) -> bool {
        flash.info("x".repeat(length)).is_ok()
    }
    #[get("/read")]
    fn read(flash: Flash) -> String {
        flash.take().len().to_string()
    }

    let client = app().routes(routes![add, read]).test();
    assert_eq!(client.post("/add/1").send().text(), "true");
    let reply = client.post("/add/5000").send();
    assert_eq!((reply.text(), reply.header("set-cookie")), ("false", None));
    assert_eq!(client.get("/read").send().text(), "1");
}

#[test]
fn many_changes_in_one_request_are_only_many() {
    #[post("/count/<times>")]
    fn count(times: u32, session: Session<u32>) -> Result<String> {
        session.set(0)?;
        for _ in 0..times {
            session.update(|count| *count += 1)?;
        }
        Ok(format!("{:?}", session.get()))
    }

    assert_eq!(app().routes(routes![count]).test().post("/count/3000").send().text(), "Some(3000)");
}

#[test]
fn a_guard_can_tell_visitors_from_users() {
    #[get("/login")]
    fn login_page() -> &'static str {
        "Who are you?"
    }
    #[get("/private")]
    fn private() -> &'static str {
        "private"
    }

    let guard = |page: &'static str| LoginRequired::at(page).only_if(|name: &String| name != "visitor");
    let client =
        app().routes(routes![login, login_page]).routes(routes![private].around(guard("/login#form"))).test();
    for (name, expected) in [("visitor", 401), ("Ann", 200)] {
        client.post(&format!("/login/{name}")).send();
        assert_eq!(client.get("/private").send().status().as_u16(), expected, "{name}");
    }
    client.forget_cookies();
    let reply = client.get("/private").header("accept", "text/html").send();
    assert_eq!(reply.header("location"), Some("/login?next=%2Fprivate#form"));
}
