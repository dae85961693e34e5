//! Links: where a route is mounted, and what its route would not match.

use serde::Serialize;
use web::{App, Link, Redirect, Request, Result, Template, get, routes};

use crate::support::{logged, told};

#[get("/posts/<id>", crate = web)]
fn show(id: u32) -> String {
    format!("post {id}")
}

#[get("/", crate = web)]
fn index() -> Redirect {
    Redirect::to(show::url(7))
}

#[get("/here", crate = web)]
fn here(request: &Request) -> Result<String> {
    request.url_for(&show::url(7))
}

#[get("/<rest:path>", crate = web)]
fn anything(rest: &str) -> Redirect {
    Redirect::to(anything::url(rest))
}

#[get("/open/<rest:path>", crate = web)]
fn open(rest: &str) -> Redirect {
    Redirect::temporary(open::url(rest))
}

#[get("/hello/<name>", crate = web)]
fn hello(name: &str) -> String {
    format!("Hello {name}!")
}

#[get("/even/<n:re:[0-9]*[02468]>", crate = web)]
fn even(n: u32) -> String {
    n.to_string()
}

fn location(app: &App, target: &str) -> String {
    let reply = app.test().get(target).send();
    assert!(reply.status().is_redirection(), "{target}: {reply:?}");
    reply.header("location").unwrap().to_owned()
}

#[test]
fn a_link_prints_itself_without_its_mount() {
    assert_eq!(show::url(7), "/posts/7");
    assert_eq!(show::url(7).to_string(), "/posts/7");
    assert_eq!(hello::url("Zoë / %"), "/hello/Zo%C3%AB%20%2F%20%25");
    let link: Link = hello::url("Ann");
    assert_eq!(serde_json::to_string(&[link]).unwrap(), "[\"/hello/Ann\"]");
}

#[test]
fn it_gets_the_mount_of_its_route() {
    let both = || routes![index, here, show];
    let app = App::new().routes(both());
    assert_eq!(
        (location(&app, "/"), app.test().get("/here").send().text()),
        ("/posts/7".to_owned(), "/posts/7")
    );
    let app = App::new().mount("/v1", both());
    assert_eq!(location(&app, "/v1"), "/v1/posts/7");
    // Of several, that of the route which answers.
    let app = App::new()
        .mount("/v1", both())
        .mount("/v2", both())
        .mount("/deep/er", routes![].mount("/est", both()));
    for mount in ["/v1", "/v2", "/deep/er/est"] {
        let target = format!("{mount}/posts/7");
        assert_eq!(location(&app, mount), target);
        assert_eq!(told(&app.test().get(&format!("{mount}/here")).send()), (200, target.as_str()));
        assert_eq!(told(&app.test().get(mount).follow_redirects().send()), (200, "post 7"));
    }
    // Else the first.
    let app = App::new().routes(routes![here]).mount("/a", routes![show]).mount("/b", routes![show]);
    assert_eq!(app.test().get("/here").send().text(), "/a/posts/7");
    let app = App::new().mount("/a b", routes![index, show]);
    assert_eq!(location(&app, "/a%20b"), "/a%20b/posts/7");
    // Known to middleware and catchers of a group as well, wherever that is mounted.
    let app = App::new().mount("/x", routes![here, show].mount("/y", routes![show]));
    assert_eq!(app.test().get("/x/here").send().text(), "/x/posts/7");
}

#[test]
fn it_never_leaves_the_site() {
    let mounted = App::new().mount("/m", routes![anything, open]);
    let app = App::new().routes(routes![open, anything]);
    for rest in ["//evil.com", "/%2Fevil.com", "///evil.com/x", "/%2F%2Fevil.com", "//%5Cevil.com"] {
        for target in [
            location(&app, rest),
            location(&app, &format!("/open/{rest}")),
            location(&mounted, &format!("/m{rest}")),
        ] {
            assert!(target.starts_with('/'), "{rest}: {target}");
            assert!(!target.starts_with("//") && !target.starts_with("/\\"), "{rest}: {target}");
        }
    }
    assert!(!anything::url("/evil.com").to_string().starts_with("//"));
    assert_eq!(
        told(&App::new().routes(routes![echo]).test().get(&anything::url("/evil.com").to_string()).send()).1,
        "/evil.com"
    );
}

#[get("/<rest:path>", crate = web)]
fn echo(rest: &str) -> String {
    rest.to_owned()
}

#[derive(Serialize)]
struct Page {
    post: Link,
    nowhere: Link,
}

#[get("/page?<nowhere>", crate = web)]
fn page(nowhere: bool) -> Template {
    let nowhere = if nowhere { hello::url("") } else { hello::url("Ann & Bob") };
    Template::new("page.html", Page { post: show::url(3), nowhere })
}

#[test]
fn templates_print_it_with_its_mount() {
    let template = "<a href=\"{{ post }}\"></a> {{ nowhere }}";
    let list = || routes![page, show, hello];
    let app = App::new().template("page.html", template).mount("/v1", list()).mount("/v2", list());
    for mount in ["/v1", "/v2"] {
        let reply = app.test().get(&format!("{mount}/page?nowhere=false")).send();
        let text = format!("<a href=\"{mount}/posts/3\"></a> {mount}/hello/Ann%20&amp;%20Bob");
        let plain = text.replace("&amp;", "%26");
        assert!(told(&reply) == (200, &text) || told(&reply) == (200, &plain), "{}", reply.text());
    }
    assert_eq!(app.test().get("/v1/page?nowhere=true").send().status(), 500);
}

#[get("/go/<how>", crate = web)]
fn go(how: &str) -> Redirect {
    Redirect::to(match how {
        "empty" => hello::url(""),
        "odd" => even::url(7),
        _ => even::url(8),
    })
}

#[get("/odd", crate = web)]
fn odd(request: &Request) -> Result<String> {
    request.url_for(&even::url(7))
}

#[test]
fn it_refuses_what_its_route_would_not_match() {
    let app = || App::new().mount("/m", routes![go, hello, even, odd]);
    assert_eq!(location(&app(), "/m/go/even"), "/m/even/8");
    for (target, route) in
        [("/m/go/empty", "/hello/<name>"), ("/m/go/odd", "/even/<n:re:"), ("/m/odd", "/even/<n:re:")]
    {
        let reply = app().test().get(target).send();
        assert_eq!((reply.status().as_u16(), reply.header("location")), (500, None));
        assert!(!reply.text().contains("/hello/"), "{}", reply.text());
        let log = logged(app(), target);
        assert!(log.contains(route) && log.contains("does not match"), "{log}");
    }
    assert_eq!(hello::url("").to_string(), Link::NOWHERE);
    assert_eq!(even::url(7).to_string(), Link::NOWHERE);
    assert_ne!(hello::url(""), "/hello/");
}

#[get("/climb?<to>", crate = web)]
fn climb(to: &str) -> Redirect {
    Redirect::to(open::url(to))
}

#[test]
fn it_never_climbs() {
    let app = || App::new().mount("/m", routes![climb, open]);
    let sent = |to: &str| app().test().get("/m/climb").query("to", to).send();
    for to in ["..", ".", "../../x", "../", "./x", "a/..", "a/../../x", "a/./x"] {
        assert_eq!(open::url(to).to_string(), Link::NOWHERE, "{to}");
        let reply = sent(to);
        assert_eq!((reply.status().as_u16(), reply.header("location")), (500, None), "{to}");
    }
    // Nor by a piece that is one segment.
    assert_eq!([hello::url(".."), hello::url(".")].map(|link| link.to_string()), [Link::NOWHERE; 2]);
    for (to, target) in [("...", "/m/open/..."), ("..x/.y", "/m/open/..x/.y"), ("a/b", "/m/open/a/b")] {
        let reply = sent(to);
        assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some(target)), "{to}");
    }
}
