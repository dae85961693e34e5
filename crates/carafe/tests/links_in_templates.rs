//! Links in templates get the mount of their route.
#![cfg(feature = "templates")]

use std::collections::BTreeMap;

use carafe::{App, Template, get, routes};

#[get("/posts/<id>")]
fn post(id: u32) -> Template {
    Template::new("post.html", BTreeMap::from([("next", post::url(id + 1))]))
}

#[get("/broken")]
fn broken() -> Template {
    Template::new("post.html", BTreeMap::from([("next", named::url(""))]))
}

#[get("/named/<name>")]
fn named(name: &str) -> String {
    name.to_owned()
}

#[test]
fn links_in_templates_are_mounted() {
    let source = "{% macro to(link) %}<a href=\"{{ link }}\">{% endmacro %}{{ to(next) }}{{ next }}</a>";
    let app = App::new()
        .template("post.html", source)
        .routes(routes![post, named])
        .mount("/v1", routes![post])
        .mount("/v2", routes![broken, post]);
    let client = app.test();
    for (path, text) in [
        ("/posts/1", "<a href=\"/posts/2\">/posts/2</a>"),
        ("/v1/posts/1", "<a href=\"/v1/posts/2\">/v1/posts/2</a>"),
        ("/v2/posts/1", "<a href=\"/v2/posts/2\">/v2/posts/2</a>"),
    ] {
        assert_eq!(client.get(path).send().text(), text, "{path}");
    }
    // A link that leads nowhere is a mistake of the program, not a page with a dead link.
    assert_eq!(client.get("/v2/broken").send().status(), 500);
}
