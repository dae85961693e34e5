//! What a client can send in place of a cookie of ours: nothing of it is read, and nothing of it is a panic.

use std::collections::BTreeMap;

use carafe::testing::Client;
use carafe::{App, EncryptedCookies, Flash, Result, Session, SignedCookies, get, post, routes};

#[post("/set")]
fn set(session: Session<String>, flash: Flash, signed: SignedCookies, sealed: EncryptedCookies) -> Result {
    session.set("Ann".to_owned())?;
    flash.info("Hello")?;
    signed.set(("signed", "s"))?;
    sealed.set(("sealed", "e"))
}

#[get("/")]
fn read(session: Session<String>, flash: Flash, signed: SignedCookies, sealed: EncryptedCookies) -> String {
    format!(
        "{:?} {} {:?} {:?}",
        session.get(),
        flash.take().len(),
        signed.get("signed"),
        sealed.get("sealed")
    )
}

const NAMES: [&str; 4] = ["__Host-session", "__Host-flash", "__Host-signed", "__Host-sealed"];
const ALL: &str = "Some(\"Ann\") 1 Some(\"s\") Some(\"e\")";
const NONE: &str = "None 0 None None";

fn client() -> Client {
    App::new().secret_from("CARAFE_TEST_SECRET").routes(routes![set, read]).test()
}

/// Returns the cookies that the app sets.
fn ours() -> BTreeMap<&'static str, String> {
    let client = client();
    client.post("/set").send();
    NAMES.iter().map(|name| (*name, client.cookie(name).unwrap())).collect()
}

fn read_with<'a>(client: &Client, cookies: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let header: Vec<String> = cookies.map(|(name, value)| format!("{name}={value}")).collect();
    let reply = client.get("/").header("cookie", &header.join("; ")).send();
    assert_eq!(reply.status(), 200, "{header:?}");
    client.forget_cookies();
    reply.text().to_owned()
}

#[test]
fn any_byte_changed_in_all_of_them_is_nothing() {
    let (client, ours) = (client(), ours());
    assert_eq!(read_with(&client, ours.iter().map(|(name, value)| (*name, value.as_str()))), ALL);
    let longest = ours.values().map(String::len).max().unwrap();
    for place in 0..longest {
        for other in [b'A', b'b', b'_', b'.', b'0', b'%', b'~', b'='] {
            let changed: Vec<(&str, String)> = ours
                .iter()
                .map(|(name, value)| {
                    let mut value = value.clone().into_bytes();
                    // The shorter ones are changed once more, further to the front.
                    let place = place % value.len();
                    value[place] = if value[place] == other { b'-' } else { other };
                    (*name, String::from_utf8(value).unwrap())
                })
                .collect();
            let read = read_with(&client, changed.iter().map(|(name, value)| (*name, value.as_str())));
            assert_eq!(read, NONE, "{changed:?}");
        }
    }
}

#[test]
fn under_each_others_names_they_are_nothing() {
    let (client, ours) = (client(), ours());
    for turn in 1..NAMES.len() {
        let turned = NAMES.iter().enumerate().map(|(place, name)| {
            let other = NAMES[(place + turn) % NAMES.len()];
            (*name, ours[other].as_str())
        });
        assert_eq!(read_with(&client, turned), NONE, "{turn}");
    }
}

#[test]
fn another_apps_cookies_are_nothing() {
    let other = App::new()
        .secret("b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3RoZXI")
        .routes(routes![set, read])
        .test();
    other.post("/set").send();
    assert_eq!(other.get("/").send().text(), ALL);
    other.post("/set").send();
    let values = NAMES.map(|name| (name, other.cookie(name).unwrap()));
    assert_eq!(read_with(&client(), values.iter().map(|(name, value)| (*name, value.as_str()))), NONE);
}

#[test]
fn what_is_no_cookie_of_ours_is_nothing() {
    let client = client();
    for value in [
        "",
        "1",
        "1.",
        "1..",
        "1...",
        "1.AAAA.0.s",
        "AQ",
        "AQEBAQEBAQEBAQEBAQ",
        "AAAA",
        "%",
        "%00",
        "\"\"",
        "a b",
        "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.99999999999999999999999.s",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB",
    ] {
        assert_eq!(read_with(&client, NAMES.iter().map(|name| (*name, value))), NONE, "{value:?}");
    }
}
