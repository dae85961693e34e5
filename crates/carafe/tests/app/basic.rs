//! Names and passwords with every request.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use carafe::testing::Client;
use carafe::{App, Basic, Error, Request, Result, Routes, catch, catchers, get, post, routes};

#[get("/who")]
fn who(login: Basic) -> String {
    format!("{} {}", login.user(), login.password())
}

#[get("/maybe")]
fn maybe(login: Option<Basic>) -> String {
    login.map_or("nobody".to_owned(), |login| login.user().to_owned())
}

#[get("/checked")]
fn checked(login: Basic) -> Result<String> {
    login.check("ann", "open: s\u{e9}same")?;
    Ok("in".to_owned())
}

#[post("/send")]
fn send() -> &'static str {
    "sent"
}

/// Status, text and challenge.
fn sent(client: &Client, target: &str, authorization: Option<&str>) -> (u16, String, Option<String>) {
    let mut call = client.get(target);
    if let Some(value) = authorization {
        call = call.header("authorization", value);
    }
    let reply = call.send();
    let challenge = reply.header("www-authenticate").map(str::to_owned);
    (reply.status().as_u16(), reply.text().to_owned(), challenge)
}

fn basic(text: impl AsRef<[u8]>) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

const CHALLENGE: &str = "Basic realm=\"Restricted\", charset=\"UTF-8\"";

#[test]
fn whatever_cannot_be_read_is_a_401_that_asks() {
    let client = App::new().routes(routes![who, maybe]).test();
    let of = |pair: &str| Some(pair.to_owned());
    let no_padding = format!("Basic {}", STANDARD_NO_PAD.encode("ann:a"));
    assert!(basic("ann:a").ends_with('=') && !no_padding.ends_with('='));
    let long = "x".repeat(8000);
    for (what, header, expected) in [
        ("as it should be", basic("ann:secret"), of("ann secret")),
        ("the scheme in capitals", basic("ann:secret").replace("Basic", "BASIC"), of("ann secret")),
        ("the scheme in small letters", basic("ann:secret").replace("Basic", "basic"), of("ann secret")),
        ("two spaces", basic("ann:secret").replace(' ', "  "), of("ann secret")),
        ("without padding", no_padding, of("ann a")),
        ("colons in the password", basic("ann:a:b:"), of("ann a:b:")),
        ("no password", basic("ann:"), of("ann ")),
        ("no name", basic(":secret"), of(" secret")),
        ("neither", basic(":"), of(" ")),
        ("UTF-8", basic("zo\u{eb}:\u{1f511}"), of("zo\u{eb} \u{1f511}")),
        ("long", basic(format!("ann:{long}")), of(&format!("ann {long}"))),
        ("no colon", basic("ann"), None),
        ("Latin-1", basic(b"zo\xeb:x"), None),
        ("a line end in the name", basic("a\nb:x"), None),
        ("a NUL in the password", basic("ann:\0"), None),
        ("not base64", "Basic ann:secret".to_owned(), None),
        ("base64 for URLs", basic("ann:???>>>").replace('+', "-").replace('/', "_"), None),
        ("nothing behind", "Basic".to_owned(), None),
        ("only a space behind", "Basic ".to_owned(), None),
        ("two values", format!("{} {}", basic("ann:a"), "YW5uOmI="), None),
    ] {
        let (status, text, challenge) = sent(&client, "/who", Some(&header));
        match &expected {
            Some(expected) => assert_eq!((status, &text), (200, expected), "{what}"),
            None => assert_eq!((status, challenge.as_deref()), (401, Some(CHALLENGE)), "{what}"),
        }
        // Optional means that it may be absent, not that it may be broken.
        assert_eq!(sent(&client, "/maybe", Some(&header)).0, status, "{what}");
    }
    for other in [None, Some("Bearer YW5uOmE="), Some("Basically YW5uOmE="), Some("")] {
        let (status, _, challenge) = sent(&client, "/who", other);
        assert_eq!((status, challenge.as_deref()), (401, Some(CHALLENGE)), "{other:?}");
        assert_eq!(sent(&client, "/maybe", other).1, "nobody", "{other:?}");
    }
}

#[test]
fn a_check_refuses_all_but_one() {
    let client = App::new().routes(routes![checked]).test();
    assert_eq!(sent(&client, "/checked", Some(&basic("ann:open: s\u{e9}same"))).1, "in");
    for wrong in [
        "ann:open: sesame",
        "ann:",
        "ann:open: s\u{e9}sam",
        "ann:open: s\u{e9}same ",
        "Ann:open: s\u{e9}same",
        ":open: s\u{e9}same",
        ":",
    ] {
        let (status, _, challenge) = sent(&client, "/checked", Some(&basic(wrong)));
        assert_eq!((status, challenge.as_deref()), (401, Some(CHALLENGE)), "{wrong}");
    }
}

#[test]
fn guards_stand_around_groups() {
    fn is_boss(login: &Basic) -> bool {
        login.user() == "boss" && login.password().len() == 3
    }

    let staff = || routes![who].around(Basic::users([("ann", "a"), ("bob", "b")]).realm("The \"staff\""));
    let boss = routes![who, send].around(Basic::guard(is_boss));
    let app = App::new()
        .realm("Everybody")
        .mount("/staff", staff())
        .mount("/boss", boss)
        .routes(routes![who, maybe]);
    let client = app.test();
    let staff_realm = "Basic realm=\"The \\\"staff\\\"\", charset=\"UTF-8\"";
    let realm = "Basic realm=\"Everybody\", charset=\"UTF-8\"";
    for (target, pair, status, challenge) in [
        ("/staff/who", "ann:a", 200, None),
        ("/%73taff/who", "bob:b", 200, None),
        ("/staff/who", "ann:b", 401, Some(staff_realm)),
        ("/staff/who", "bob:a", 401, Some(staff_realm)),
        ("/staff/who", "eve:a", 401, Some(staff_realm)),
        ("/staff/lost", "eve:a", 401, Some(staff_realm)),
        ("/staff/lost", "ann:a", 404, None),
        ("/boss/who", "boss:abc", 200, None),
        ("/boss/who", "boss:abcd", 401, Some(realm)),
        ("/who", "anybody:at all", 200, None),
        ("/maybe", "broken", 401, Some(realm)),
    ] {
        let (got, _, told) = sent(&client, target, Some(&basic(pair)));
        assert_eq!((got, told.as_deref()), (status, challenge), "{target} {pair}");
    }
    assert_eq!(sent(&client, "/staff/who", None).2.as_deref(), Some(staff_realm));
    assert_eq!(sent(&client, "/boss/who", None).2.as_deref(), Some(realm));
    assert_eq!(client.get("/maybe").send().text(), "nobody");
    // Nobody's, and not everybody's.
    let nobody: [(&str, &str); 0] = [];
    let client = App::new().routes(routes![who].around(Basic::users(nobody))).test();
    assert_eq!(sent(&client, "/who", Some(&basic(":"))).0, 401);
}

#[test]
fn what_cannot_be_meant_is_told_at_the_start() {
    let problems = |app: App| app.check().map_err(|problems| problems.to_string()).err().unwrap_or_default();
    let guarded = |guard| App::new().routes(Routes::default().mount("/a", routes![send].around(guard)));
    let empty = problems(guarded(Basic::users([("ann", "")])));
    assert!(empty.contains("the password of `ann` is empty"), "{empty}");
    let colon = problems(guarded(Basic::users([("a:b", "c")])));
    assert!(colon.contains("`a:b`") && colon.contains("colon"), "{colon}");
    for realm in ["caf\u{e9}", "two\nlines"] {
        for told in
            [problems(App::new().realm(realm)), problems(guarded(Basic::users([("a", "b")]).realm(realm)))]
        {
            assert!(told.contains(&format!("`realm({realm:?})`")), "{told}");
        }
    }
    assert_eq!(problems(guarded(Basic::users([("ann", "a")]))), "");
}

#[test]
fn an_app_that_takes_it_is_protected_from_other_sites() {
    let foreign =
        |app: App| app.test().post("/send").header("sec-fetch-site", "cross-site").send().status().as_u16();
    assert_eq!(foreign(App::new().routes(routes![send])), 200);
    assert_eq!(foreign(App::new().routes(routes![send, who])), 403);
    assert_eq!(foreign(App::new().routes(routes![send, maybe])), 403);
    let staff = routes![who].around(Basic::users([("ann", "a")]));
    assert_eq!(foreign(App::new().routes(routes![send]).mount("/staff", staff)), 403);
}

#[test]
fn the_refusal_is_an_error_like_any_other() {
    #[catch(401)]
    fn stranger(request: &Request, error: &Error) -> String {
        format!("{} {}", request.path(), error.message())
    }

    let client = App::new().routes(routes![who]).catch(catchers![stranger]).test();
    let (status, text, challenge) = sent(&client, "/who", None);
    assert_eq!((status, challenge.as_deref()), (401, Some(CHALLENGE)), "the catcher's answer asks, too");
    assert_eq!(text, "/who This takes a name and a password");
}

#[test]
fn a_password_is_not_shown() {
    #[get("/")]
    fn shown(login: Basic) -> String {
        format!("{login:?}")
    }

    let (_, text, _) = sent(&App::new().routes(routes![shown]).test(), "/", Some(&basic("ann:sesame")));
    assert!(text.contains("ann") && !text.contains("sesame"), "{text}");
}
