//! Pages from templates.

use carafe::testing::Client;
use carafe::{App, Mime, Request, StatusCode, Template, catch, catchers, get, mime, routes};
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

#[derive(Serialize)]
struct Text<'t> {
    v: &'t str,
}

const SCRIPT: &str = "<script>alert('1')</script>";
const POLICY: &str = "script-src 'none'";

/// What is sent as a type that may run scripts has none of the client's; what is not escaped is not such a type, and
/// says so by a policy if a tuple makes it one.
#[test]
fn no_script_of_a_value_runs() {
    let markup = "[&lt;script&gt;alert(&#x27;1&#x27;)&lt;&#x2f;script&gt;]";
    let literal = r#"["\u003cscript\u003ealert(\u00271\u0027)\u003c/script\u003e"]"#;
    let text = "[<script>alert('1')</script>]";
    for (name, kind, page) in [
        ("a.html", "text/html; charset=UTF-8", markup),
        ("a.HTML", "text/html; charset=UTF-8", markup),
        ("a.Html", "text/html; charset=UTF-8", markup),
        ("a.htm", "text/html; charset=UTF-8", markup),
        ("a.HTM", "text/html; charset=UTF-8", markup),
        ("a.html.j2", "text/html; charset=UTF-8", markup),
        ("a.Html.J2", "text/html; charset=UTF-8", markup),
        ("a.html.jinja", "text/html; charset=UTF-8", markup),
        ("a.svg.JINJA2", "image/svg+xml", markup),
        ("a.svg", "image/svg+xml", markup),
        ("a.SVG", "image/svg+xml", markup),
        ("a.xhtml", "application/xhtml+xml", markup),
        ("a.XHTML", "application/xhtml+xml", markup),
        ("a.xml", "application/xml", markup),
        ("a.Xml", "application/xml", markup),
        ("a.js", "text/javascript; charset=UTF-8", literal),
        ("a.JS", "text/javascript; charset=UTF-8", literal),
        ("a.mjs.j2", "text/javascript; charset=UTF-8", literal),
        ("a.json", "application/json", literal),
        ("a.webmanifest", "application/manifest+json", literal),
        ("a.txt", "text/plain; charset=UTF-8", text),
        ("a.md", "text/markdown; charset=UTF-8", text),
        ("a.csv", "text/csv; charset=UTF-8", text),
        ("a.css", "text/css; charset=UTF-8", text),
        ("a.ics", "text/calendar; charset=UTF-8", text),
        ("a.html.bak", "text/plain; charset=UTF-8", text),
        ("a.j2", "text/plain; charset=UTF-8", text),
        ("html", "text/plain; charset=UTF-8", text),
        (".j2", "text/plain; charset=UTF-8", text),
    ] {
        let app = App::new().template(name, "[{{ v }}]");
        let reply = app
            .route("GET", "/", move |_: &Request| Template::new(name, Text { v: SCRIPT }))
            .test()
            .get("/")
            .send();
        assert_eq!((reply.text(), reply.header("content-type")), (page, Some(kind)), "{name}");
        let policy = (page == text).then_some(POLICY);
        assert_eq!(reply.header("content-security-policy"), policy, "{name}");
    }
}

#[get("/as/html/<name>")]
fn as_html(name: &str) -> (Mime, Template) {
    (mime::TEXT_HTML, Template::new(name, Text { v: SCRIPT }))
}

#[test]
fn another_type_beside_it_runs_no_script() {
    let app = App::new().template("a.txt", "{{ v }}").template("a.html", "{{ v }}").routes(routes![as_html]);
    let client = app.test();
    let text = client.get("/as/html/a.txt").send();
    assert_eq!((text.text(), text.header("content-security-policy")), (SCRIPT, Some(POLICY)));
    let page = client.get("/as/html/a.html").send();
    assert_eq!(page.header("content-security-policy"), None);
    assert!(!page.text().contains("<script>"), "{}", page.text());
}

/// Pieces of a page escape as the page does, whatever they are called.
#[test]
fn pieces_of_a_page() {
    let piece = "<i>{{ v }}</i>";
    let macros = "{% macro row(v) %}<i>{{ v }}</i>{% endmacro %}";
    let include = "{% include 'piece' %}|{% include 'piece.txt' %}|{% include 'Piece.HTML' %}";
    let import = "{% from 'macros.txt' import row %}{{ row(v) }}";
    let escaped = "<i>&lt;script&gt;alert(&#x27;1&#x27;)&lt;&#x2f;script&gt;</i>";
    let three = format!("{escaped}|{escaped}|{escaped}");
    let literal = r#"<i>"\u003cscript\u003ealert(\u00271\u0027)\u003c/script\u003e"</i>"#;
    for (name, source, page) in [
        ("a.html", include, three.as_str()),
        ("a.svg", include, &three),
        ("b.html", "{% extends 'layout' %}{% block x %}{{ v }}{% endblock %}", escaped),
        ("c.html", import, escaped),
        ("d.html", "{% autoescape false %}{{ v }}{% endautoescape %}", SCRIPT),
        ("e.html", "{% set w %}{% include 'piece.txt' %}{% endset %}{{ w }}", escaped),
        ("a.js", "{% include 'piece.txt' %}", literal),
        ("a.txt", "{% include 'piece.txt' %}", "<i><script>alert('1')</script></i>"),
    ] {
        let app = App::new()
            .template("piece", piece)
            .template("piece.txt", piece)
            .template("Piece.HTML", piece)
            .template("macros.txt", macros)
            .template("layout", "<i>{% block x %}{% endblock %}</i>")
            .template(name, source);
        let reply = app
            .route("GET", "/", move |_: &Request| Template::new(name, Text { v: SCRIPT }))
            .test()
            .get("/")
            .send();
        assert_eq!(reply.text(), page, "{name}: {source}");
    }
}
