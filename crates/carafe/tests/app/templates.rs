//! Pages from templates.

use carafe::testing::Client;
use carafe::{App, Mime, Request, StatusCode, Template, catch, catchers, get, routes};
use serde::Serialize;

#[derive(Serialize)]
struct List<'n> {
    names: Vec<&'n str>,
}

#[get("/<name>")]
fn list(name: &str) -> (StatusCode, Template) {
    (StatusCode::CREATED, Template::new("list.html", List { names: vec![name, "b"] }))
}

#[get("/plain/<kind>")]
fn plain(kind: &str) -> Template {
    Template::new(format!("list.{kind}"), List { names: vec!["<a>"] })
}

#[get("/typed")]
fn typed() -> (Mime, Template) {
    ("text/vtt".parse().unwrap(), Template::new("list.txt", List { names: vec![] }))
}

#[catch(404)]
fn lost(request: &Request) -> Template {
    Template::new("list.html", List { names: vec![request.raw_path()] })
}

const SOURCE: &str = "{% for name in names %}[{{ name }}]{% endfor %}";

fn app() -> App {
    let app =
        App::new().template("list.html", SOURCE).template("list.txt", SOURCE).template("list.csv.j2", SOURCE);
    app.template("base.html", "<b>{% block x %}{% endblock %}</b>")
        .template("list.page", "{% extends 'base.html' %}{% block x %}{{ names|join('-') }}{% endblock %}")
        .routes(routes![list, plain])
        .catch(catchers![lost])
}

fn client() -> Client {
    app().test()
}

#[test]
fn pages() {
    let client = client();
    let reply = client.get("/%3Cscript%3E").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (201, "[&lt;script&gt;][b]"));
    assert_eq!(reply.header("content-type"), Some("text/html; charset=UTF-8"));
    for (kind, text, content_type) in [
        ("txt", "[<a>]", "text/plain; charset=UTF-8"),
        ("csv.j2", "[<a>]", "text/csv; charset=UTF-8"),
        ("page", "<b><a></b>", "text/plain; charset=UTF-8"),
    ] {
        let reply = client.get(&format!("/plain/{kind}")).send();
        assert_eq!((reply.text(), reply.header("content-type")), (text, Some(content_type)), "{kind}");
    }
    let reply = client.get("/a/b/c").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (404, "[&#x2f;a&#x2f;b&#x2f;c]"));
}

#[test]
fn a_type_of_ones_own() {
    let client = App::new().template("list.txt", SOURCE).routes(routes![typed]).test();
    assert_eq!(client.get("/typed").send().header("content-type"), Some("text/vtt"));
}

#[test]
fn mistakes() {
    let reply = client().get("/plain/none").send();
    assert_eq!(reply.status(), 500);
    assert!(!reply.text().contains("template"), "{}", reply.text());
    let problem = App::new().template("x.html", "{% for %}").check().unwrap_err();
    assert!(problem.to_string().contains("template `x.html`"), "{problem}");
}
