//! Cookies read, set and deleted.

use std::time::Duration;

use carafe::testing::Client;
use carafe::{App, Cookie, Cookies, Result, SameSite, abort, get, routes};

#[get("/read/<name>")]
fn read(name: &str, cookies: Cookies) -> String {
    format!("{:?}", cookies.get(name))
}

#[get("/set")]
fn set(cookies: Cookies) -> &'static str {
    cookies.set(("a", "0"));
    cookies.set(("a", "1"));
    cookies.set(
        Cookie::new("b", "2")
            .http_only()
            .secure()
            .same_site(SameSite::Strict)
            .max_age(Duration::from_secs(60)),
    );
    cookies.delete("c");
    "set"
}

#[get("/fail")]
fn fail(cookies: Cookies) -> Result<String> {
    cookies.set(("a", "1"));
    Err(abort(409, "no"))
}

#[get("/bad/<value>")]
fn bad(value: String, cookies: Cookies) -> &'static str {
    cookies.set(("a", value));
    "never"
}

fn app() -> App {
    App::new().routes(routes![read, set, fail, bad])
}

fn client() -> Client {
    app().test()
}

#[test]
fn what_came() {
    for (header, name, value) in [
        ("a=1;b=2", "b", Some("2")),
        ("a=x=y", "a", Some("x=y")),
        ("a=%20x", "a", Some("%20x")),
        ("a=1; b c=2; d=3", "d", Some("3")),
        ("a=x y; b=2", "a", Some("x y")),
        ("a=YWI9PQ==; b=1", "a", Some("YWI9PQ==")),
        ("a=1; a=2", "a", Some("2")),
        ("a=\"quoted\"", "a", Some("quoted")),
        ("lone; a=", "a", Some("")),
        ("lone", "lone", None),
    ] {
        let reply = client().get(&format!("/read/{name}")).header("cookie", header).send();
        assert_eq!(reply.text(), format!("{value:?}"), "{header}");
    }
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
            "a=1; Path=/",
            "b=2; Path=/; Max-Age=60; SameSite=Strict; HttpOnly; Secure",
            "c=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
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
fn a_value_that_no_cookie_can_have_is_a_500() {
    for value in ["a;b", "a%0D%0Ax", "%C3%BC", "a,b"] {
        let reply = client().get(&format!("/bad/{value}")).send();
        assert_eq!((reply.status().as_u16(), reply.header("set-cookie")), (500, None), "{value}");
    }
}
