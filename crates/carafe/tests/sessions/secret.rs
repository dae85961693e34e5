//! The app's secret: where it comes from, and how another takes its place.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carafe::{App, Flash, LoggedIn, LoginRequired, Result, Session, SignedCookies, get, post, routes};

#[post("/login")]
fn login(session: Session<String>, flash: Flash, cookies: SignedCookies) -> Result {
    session.set("Ann".to_owned())?;
    flash.info("Hello")?;
    cookies.set(("theme", "dark"))
}

#[get("/")]
fn index(session: Session<String>, flash: Flash, cookies: SignedCookies) -> String {
    format!("{:?} {} {:?}", session.get(), flash.take().len(), cookies.get("theme"))
}

fn secret(byte: u8) -> String {
    STANDARD.encode([byte; 32])
}

fn app() -> App {
    App::new().routes(routes![login, index])
}

#[test]
fn of_several_the_first_writes_and_all_read() {
    let (old, new) = (secret(1), secret(2));
    let before = app().secret(&old).test();
    before.post("/login").send();
    let cookies =
        ["__Host-session", "__Host-flash", "__Host-theme"].map(|name| (name, before.cookie(name).unwrap()));
    let read = |secret: &str| {
        let client = app().secret(secret).test();
        let call = cookies.iter().fold(client.get("/"), |call, (name, value)| call.cookie(name, value));
        call.send().text().to_owned()
    };
    let (all, none) = ("Some(\"Ann\") 1 Some(\"dark\")", "None 0 None");
    assert_eq!(read(&old), all);
    assert_eq!(read(&format!("{new},{old}")), all);
    assert_eq!(read(&format!("{new}, {new} ,{old}")), all);
    assert_eq!(read(&new), none);
    // What is written after the change is the new secret's.
    let during = app().secret(&format!("{new},{old}")).test();
    during.post("/login").send();
    let after = app().secret(&new).test();
    let theme = during.cookie("__Host-theme").unwrap();
    let session = during.cookie("__Host-session").unwrap();
    let call = after.get("/").cookie("__Host-session", &session).cookie("__Host-theme", &theme);
    assert_eq!(call.send().text(), "Some(\"Ann\") 0 Some(\"dark\")");
}

#[test]
fn without_one_it_does_not_start() {
    let app = || app().secret_from("CARAFE_NO_SECRET");
    assert_eq!(app().check(), Ok(()));
    let problems = app().into_service().unwrap_err().to_string();
    assert_eq!(
        problems,
        "`CARAFE_NO_SECRET` is not set: it holds base64 of at least 32 random bytes, as `openssl rand -base64 32` prints \
         it; of several, separated by commas, the first writes and all read"
    );
    // What was given in words wins.
    assert!(app().secret(&secret(1)).into_service().is_ok());
}

#[test]
fn one_that_is_too_short_is_told_and_not_shown() {
    for (text, clause) in [
        ("c2hvcnQ=", "has a secret of 5 bytes"),
        ("", "has a secret of 0 bytes"),
        ("no base64 at all, is this", "has a secret that is not base64, in place 1"),
    ] {
        let problems = app().secret(text).check().unwrap_err().to_string();
        assert!(problems.contains(&format!("`App::secret` got {clause}")), "{problems}");
        assert!(problems.contains("`openssl rand -base64 32`"), "{problems}");
        assert!(text.is_empty() || !problems.contains(text), "{problems}");
    }
    // A variable that is there counts wherever the app is checked. `PATH` is no secret.
    let problems = app().secret_from("PATH").check().unwrap_err().to_string();
    assert!(problems.starts_with("`PATH` has a secret that is not base64: it holds base64"), "{problems}");
}

#[get("/in")]
fn inside(name: LoggedIn<String>) -> String {
    name.0
}

#[get("/maybe")]
fn maybe(name: Option<LoggedIn<String>>) -> String {
    format!("{:?}", name.map(|name| name.0))
}

#[get("/open")]
fn open() -> &'static str {
    "open"
}

#[test]
fn who_needs_one_says_so_when_the_app_is_assembled() {
    for (routes, name) in [
        (routes![index], "`fn index`"),
        (routes![inside], "`fn inside`"),
        (routes![maybe], "`fn maybe`"),
        (routes![open].around(LoginRequired::<String>::at("/login")), "middleware"),
    ] {
        let app = || App::new().routes(routes.clone());
        let problems = app().check().unwrap_err().to_string();
        assert!(problems.starts_with(name), "{problems}");
        assert!(
            problems.ends_with("needs the app to have a secret: add `.secret_from(\"APP_SECRET\")`"),
            "{problems}"
        );
        assert_eq!(app().secret_from("CARAFE_NO_SECRET").check(), Ok(()));
    }
}
