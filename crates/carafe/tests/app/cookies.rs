//! Cookies read, set and deleted.

use std::time::Duration;

use carafe::testing::Client;
use carafe::{App, Cookie, Cookies, Request, Result, SameSite, abort, get, routes};

#[get("/read/<name>")]
fn read(name: &str, cookies: Cookies) -> String {
    format!("{:?}", cookies.get(name))
}

#[get("/names")]
fn names(cookies: Cookies) -> String {
    cookies.iter().map(|(name, _)| name).collect::<Vec<_>>().join("|")
}

#[get("/set")]
fn set(cookies: Cookies) -> Result<&'static str> {
    cookies.set(("a", "0"))?;
    cookies.set(("a", "1"))?;
    cookies.set(Cookie::new("b", "2").same_site(SameSite::Strict).max_age(Duration::from_secs(60)))?;
    cookies.delete("c")?;
    Ok("set")
}

#[get("/fail")]
fn fail(cookies: Cookies) -> Result<String> {
    cookies.set(("a", "1"))?;
    Err(abort(409, "no"))
}

#[get("/set/<value>")]
fn set_value(value: String, cookies: Cookies) -> Result<&'static str> {
    cookies.set(("a", value))?;
    Ok("set")
}

/// Sets two cookies of one name for each path, and for a domain.
#[get("/paths")]
fn paths(cookies: Cookies) -> Result<&'static str> {
    for value in ["1", "2"] {
        cookies.set(("a", value))?;
        cookies.set(Cookie::new("a", value).path("/x"))?;
        cookies.set(Cookie::new("a", value).domain("example.com"))?;
    }
    Ok("set")
}

/// Answers whether the value can be set, and sets another one if not.
#[get("/long?<name>&<value>")]
fn long(name: usize, value: usize, cookies: Cookies) -> Result<String> {
    let outcome = cookies.set(("n".repeat(name), "é".repeat(value)));
    if outcome.is_err() {
        cookies.set(("other", "1"))?;
    }
    Ok(outcome.map_or_else(|error| error.to_string(), |()| "set".to_owned()))
}

#[get("/https")]
fn https(request: &Request) -> bool {
    request.is_https()
}

fn app() -> App {
    App::new().routes(routes![read, names, set, fail, set_value, paths, long, https])
}

fn client() -> Client {
    app().test()
}

#[test]
fn what_came() {
    for (header, name, value) in [
        ("a=1;b=2", "b", Some("2")),
        ("a=x=y", "a", Some("x=y")),
        // White space of HTTP is cut off, other characters belong to the value.
        ("a=\u{a0}x\u{a0} ; b=2", "a", Some("\u{a0}x\u{a0}")),
        // So a name that looks like another one is another name.
        ("\u{a0}a=1", "a", None),
        ("\u{2000}__Host-sid=1", "__Host-sid", None),
        ("a=%20x", "a", Some(" x")),
        ("a=%22%C3%BC%22; b=%2", "a", Some("\"ü\"")),
        ("a=%22%C3%BC%22; b=%2", "b", Some("%2")),
        ("a=%31; b=2; c=%33; d=%34", "c", Some("3")),
        ("a=%31; b=2; c=%33; d=%34", "b", Some("2")),
        ("a=caf%E9", "a", Some("caf%E9")),
        ("a=100%", "a", Some("100%")),
        ("a=1+1", "a", Some("1+1")),
        // Names that user agents keep, though no server should set them (RFC 6265 §5.2).
        ("foo[bar]=1", "foo[bar]", Some("1")),
        ("user:id=1", "user:id", Some("1")),
        ("x=0; a/b=1", "a/b", Some("1")),
        ("a@b=1", "a@b", Some("1")),
        ("k{guid}=1", "k{guid}", Some("1")),
        ("größe=1", "größe", Some("1")),
        (" a = 1 ;\tb\t=\t2", "a", Some("1")),
        (" a = 1 ;\tb\t=\t2", "b", Some("2")),
        ("a b=1", "a b", Some("1")),
        ("\"a\"=1", "\"a\"", Some("1")),
        ("(a,b)=1", "(a,b)", Some("1")),
        ("=1; a=2", "", None),
        ("a=1; b c=2; d=3", "d", Some("3")),
        ("a=1; b c=2; d=3", "b c", Some("2")),
        ("a=x y; b=2", "a", Some("x y")),
        ("a=YWI9PQ==; b=1", "a", Some("YWI9PQ==")),
        // The most specific path comes first (RFC 6265 §5.4).
        ("a=1; a=2", "a", Some("1")),
        ("a=\"quoted\"", "a", Some("quoted")),
        ("lone; a=", "a", Some("")),
        ("lone", "lone", None),
    ] {
        // As an event, because no HTTP client lets all of these through.
        let path: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = client().event(&serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": format!("/read/{path}"),
            "queryStringParameters": {}, "headers": {"host": "localhost", "cookie": header},
            "body": "", "isBase64Encoded": false,
        }));
        let status = if name.is_empty() { 404 } else { 200 };
        assert_eq!(reply["statusCode"], status, "{header}");
        if status == 200 {
            assert_eq!(reply["body"], format!("{value:?}"), "{header}");
        }
    }
}

#[test]
fn what_has_no_name_is_no_cookie() {
    for (header, names) in [("=1; a=2", "a"), (" =1; a=2; =", "a"), ("a\tb=1; c=2", "c"), ("=\t1", "")] {
        assert_eq!(client().get("/names").header("cookie", header).send().text(), names, "{header:?}");
    }
}

#[test]
fn a_cookie_replaces_one_of_its_name_path_and_domain() {
    let reply = app().test().multi_value_headers().get("/paths").send();
    let mut lines: Vec<_> = reply.headers().get_all("set-cookie").iter().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "a=2; Path=/; Domain=example.com; SameSite=Lax; HttpOnly; Secure",
            "a=2; Path=/; SameSite=Lax; HttpOnly; Secure",
            "a=2; Path=/x; SameSite=Lax; HttpOnly; Secure",
        ]
    );
}

#[test]
fn a_cookie_is_written_as_its_header() {
    let cookie = Cookie::new("a", "x y").path("/b").max_age(Duration::from_secs(60));
    assert_eq!(cookie.to_string(), "a=x%20y; Path=/b; Max-Age=60; SameSite=Lax; HttpOnly; Secure");
}

#[test]
fn what_goes() {
    let reply = client().get("/set").send();
    // A load balancer sends several of a name in an order of its own.
    let mut lines: Vec<_> = reply.headers().get_all("set-cookie").iter().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "a=1; Path=/; SameSite=Lax; HttpOnly; Secure",
            "b=2; Path=/; Max-Age=60; SameSite=Strict; HttpOnly; Secure",
            "c=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax; HttpOnly; Secure",
        ]
    );
    let failed = client().get("/fail").send();
    assert_eq!((failed.status().as_u16(), failed.cookie("a")), (409, Some("1")));
}

#[test]
fn several_cookies_arrive_in_both_header_modes() {
    let names = |reply: &carafe::testing::Reply| ["a", "b", "c"].map(|name| reply.cookie(name).is_some());
    assert_eq!(names(&client().get("/set").send()), [true; 3]);
    assert_eq!(names(&client().multi_value_headers().get("/set").send()), [true; 3]);
}

#[test]
fn any_text_can_be_a_value() {
    for (text, sent) in [
        ("Post created", "Post%20created"),
        ("a,b", "a%2Cb"),
        ("ü", "%C3%BC"),
        ("a;b", "a%3Bb"),
        ("a\r\nx: y", "a%0D%0Ax:%20y"),
        ("\"100%\"", "%22100%25%22"),
        ("%41", "%2541"),
        ("YWI9PQ==", "YWI9PQ=="),
    ] {
        let client = client();
        let path: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = client.get(&format!("/set/{path}")).send();
        assert_eq!(
            reply.header("set-cookie"),
            Some(format!("a={sent}; Path=/; SameSite=Lax; HttpOnly; Secure").as_str())
        );
        assert_eq!((reply.cookie("a"), client.cookie("a").as_deref()), (Some(text), Some(text)));
        assert_eq!(client.get("/read/a").send().text(), format!("{:?}", Some(text)));
        client.forget_cookies();
        assert_eq!(client.get("/read/a").cookie("a", text).send().text(), format!("{:?}", Some(text)));
    }
}

#[test]
fn what_no_browser_keeps_is_an_error_where_it_is_set() {
    // `é` is six bytes, encoded.
    let reply = client().get("/long?name=4&value=682").send();
    assert_eq!((reply.text(), reply.cookie("nnnn").is_some()), ("set", true));
    let reply = client().get("/long?name=5&value=682").send();
    assert!(reply.text().contains("name and value have 4097 bytes, and may have 4096"), "{}", reply.text());
    assert_eq!(
        (reply.status().as_u16(), reply.cookie("nnnnn"), reply.cookie("other")),
        (200, None, Some("1"))
    );
    // An error that is handed on is a 500 like others.
    let reply = client().get(&format!("/set/{}", "x".repeat(4_096))).send();
    assert_eq!((reply.status().as_u16(), reply.header("set-cookie")), (500, None));
    assert!(!reply.text().contains("4096"), "{}", reply.text());
}

#[test]
fn only_http_is_not_https() {
    for (proto, expected) in [
        (Some("http"), "false"),
        (Some("HTTP"), "false"),
        (Some("https"), "true"),
        (Some(""), "true"),
        (None, "true"),
    ] {
        let mut event = serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/https",
            "queryStringParameters": {}, "headers": {"host": "localhost"}, "body": "", "isBase64Encoded": false,
        });
        if let Some(proto) = proto {
            event["headers"]["x-forwarded-proto"] = proto.into();
        }
        assert_eq!(client().event(&event)["body"], expected, "{proto:?}");
        assert_eq!(app().assume_https(true).test().event(&event)["body"], "true", "{proto:?}");
    }
}

#[test]
fn cookies_are_limited_to_https_where_the_request_came_so() {
    for (proto, https) in [(Some("http"), false), (Some("https"), true), (None, true)] {
        let mut event = serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/set/1",
            "queryStringParameters": {}, "headers": {"host": "localhost"}, "body": "", "isBase64Encoded": false,
        });
        if let Some(proto) = proto {
            event["headers"]["x-forwarded-proto"] = proto.into();
        }
        let secure = |https| if https { "; Secure" } else { "" };
        let line = |https| format!("a=1; Path=/; SameSite=Lax; HttpOnly{}", secure(https));
        assert_eq!(client().event(&event)["headers"]["set-cookie"], line(https), "{proto:?}");
        let assumed = app().assume_https(true).test();
        assert_eq!(assumed.event(&event)["headers"]["set-cookie"], line(true), "{proto:?}");
    }
    // Over plain HTTP the client keeps and returns it, as a browser does.
    let client = client().plain_http();
    client.get("/set/1").send();
    assert_eq!(client.get("/read/a").send().text(), "Some(\"1\")");
}
