//! The client of tests: cookies, redirects, and what a load balancer refuses.

use web::{App, Cookie, Cookies, Headers, Redirect, Request, Result, get, post, routes};

use crate::support::told;

#[post("/sign-in", crate = web)]
fn sign_in(name: String, cookies: Cookies) -> Result<Redirect> {
    cookies.set(("name", name))?;
    cookies.set(Cookie::new("where", "admin").path("/admin"))?;
    Ok(Redirect::to(who::url()))
}

#[post("/sign-out", crate = web)]
fn sign_out(cookies: Cookies) -> Result {
    cookies.delete("name")
}

#[get("/who", crate = web)]
fn who(cookies: Cookies) -> String {
    format!("{} {}", cookies.get("name").unwrap_or("nobody"), cookies.get("where").unwrap_or("nowhere"))
}

#[get("/admin/who", crate = web)]
fn who_in_admin(cookies: Cookies) -> String {
    who(cookies)
}

#[post("/again", crate = web)]
fn again(request: &Request) -> Redirect {
    let _ = request;
    Redirect::temporary("/echo")
}

#[post("/echo", crate = web)]
fn echo(request: &Request) -> String {
    format!("{} {}", request.method(), request.body().len())
}

#[get("/round", crate = web)]
fn round() -> Redirect {
    Redirect::to(round::url())
}

#[get("/away", crate = web)]
fn away() -> Redirect {
    Redirect::to("https://example.com/who")
}

fn app() -> App {
    App::new().routes(routes![sign_in, sign_out, who, who_in_admin, again, echo, round, away, values])
}

#[test]
fn it_keeps_cookies() {
    let client = app().test();
    assert_eq!(client.get("/who").send().text(), "nobody nowhere");
    let reply = client.post("/sign-in").form(&[("name", "ann")]).send();
    assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some("/who")));
    assert_eq!((reply.cookie("name"), reply.cookie("where")), (Some("ann"), Some("admin")));
    assert_eq!(client.get("/who").send().text(), "ann nowhere");
    assert_eq!(client.get("/admin/who").send().text(), "ann admin");
    assert_eq!(client.get("/who").cookie("name", "eve").send().text(), "eve nowhere");
    assert_eq!(client.cookie("name").as_deref(), Some("ann"));
    client.post("/sign-out").send();
    assert_eq!((client.cookie("name"), client.get("/who").send().text()), (None, "nobody nowhere"));
    client.post("/sign-in").form(&[("name", "ann")]).send();
    client.forget_cookies();
    assert_eq!(client.get("/admin/who").send().text(), "nobody nowhere");
}

#[test]
fn it_follows_redirects_when_told() {
    let client = app().test();
    let call = || client.post("/sign-in").form(&[("name", "ann")]);
    assert_eq!(call().send().status(), 303);
    assert_eq!(told(&call().follow_redirects().send()), (200, "ann nowhere"));
    // 307 sends the same again.
    assert_eq!(told(&client.post("/again").body("12345").follow_redirects().send()), (200, "POST 5"));
    assert_eq!(client.get("/round").follow_redirects().send().status(), 303);
    let reply = client.get("/away").follow_redirects().send();
    assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some("https://example.com/who")));
}

#[get("/values", crate = web)]
fn values(tag: Vec<String>, headers: Headers) -> String {
    format!("{} {}", tag.join(","), headers.get_all("x-forwarded-for").iter().count())
}

#[test]
fn of_several_values_the_last_arrives_unless_told() {
    assert_eq!(app().test().get("/values?tag=a&tag=b").send().text(), "b 1");
    assert_eq!(app().test().multi_value_headers().get("/values?tag=a&tag=b").send().text(), "a,b 1");
}

#[test]
fn what_a_load_balancer_refuses_is_refused() {
    let client = app().test();
    let sent = |bytes: usize| client.post("/echo").body(vec![b'x'; bytes]).send();
    let hops = |count: usize| {
        let hops = vec!["10.0.0.1"; count].join(", ");
        client.get("/who").header("x-forwarded-for", &hops).send()
    };
    for (reply, status) in [(sent(3_000_000), 413), (hops(40), 463)] {
        assert_eq!(reply.status(), status);
        assert!(reply.refusal().is_some_and(|reason| !reason.is_empty()), "{reply:?}");
    }
    for reply in [sent(600_000), hops(20)] {
        assert_eq!((reply.status().as_u16(), reply.refusal()), (200, None));
    }
    let reply = client.get("/a b").send();
    assert_eq!((reply.status().as_u16(), reply.refusal().is_some()), (400, true));
}

#[get("/big/<bytes>", crate = web)]
fn big(bytes: usize) -> Vec<u8> {
    vec![b'x'; bytes]
}

#[test]
fn an_answer_that_would_not_pass_is_an_error_of_the_app() {
    let client = App::new().routes(routes![big]).test();
    assert_eq!(client.get("/big/100000").send().bytes().len(), 100_000);
    let reply = client.get("/big/1100000").send();
    assert_eq!((reply.status().as_u16(), reply.refusal()), (500, None));
}
