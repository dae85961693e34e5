//! The grammar of routes, their order, and what answers without a route.

use carafe::testing::Client;
use carafe::{App, any, delete, get, head, options, patch, post, put, route, routes};

#[get("/")]
fn index() -> &'static str {
    "index"
}

#[get("/<a>-<b>")]
fn two_in_one(a: &str, b: &str) -> String {
    format!("two {a} {b}")
}

#[get("/<file>.<ext>")]
fn file(file: &str, ext: &str) -> String {
    format!("file {file} {ext}")
}

#[get("/int/<n:int>")]
fn int(n: i64) -> String {
    n.to_string()
}

#[get("/float/<n:float>")]
fn float(n: f64) -> String {
    n.to_string()
}

#[get("/tree/<rest:path>")]
fn tree(rest: &str) -> String {
    rest.to_owned()
}

#[get("/tree/<rest:path>/edit")]
fn edit(rest: &str) -> String {
    format!("edit {rest}")
}

#[get("/re/<code:re:[a-z]{3}>")]
fn expression(code: &str) -> String {
    code.to_owned()
}

#[get("/a\\<b")]
fn literal() -> &'static str {
    "literal"
}

#[get("/users/me")]
fn me() -> &'static str {
    "me"
}

#[get("/users/<name>")]
fn by_name(name: &str) -> String {
    format!("name {name}")
}

#[get("/users/<id>")]
fn by_id(id: u32) -> String {
    format!("id {id}")
}

#[post("/m")]
fn on_post() -> &'static str {
    "POST"
}

#[put("/m")]
fn on_put() -> &'static str {
    "PUT"
}

#[patch("/m")]
fn on_patch() -> &'static str {
    "PATCH"
}

#[delete("/m")]
fn on_delete() -> &'static str {
    "DELETE"
}

#[head("/h")]
fn on_head() -> (carafe::StatusCode, ()) {
    (carafe::StatusCode::ACCEPTED, ())
}

#[options("/h")]
fn on_options() -> &'static str {
    "own options"
}

#[any("/m")]
fn on_any() -> &'static str {
    "any"
}

#[route(GET, POST, "/listed")]
fn listed() -> &'static str {
    "listed"
}

#[get("/pages")]
#[get("/pages/<page>")]
#[post("/pages/<page>/<name>")]
fn pages(page: Option<u32>, name: Option<String>) -> String {
    format!("{page:?} {name:?}")
}

mod nested {
    use carafe::get;

    #[get("/nested/<id>")]
    pub(super) fn show(id: u64) -> u64 {
        id
    }
}

pub(crate) fn app() -> App {
    App::new()
        .routes(routes![
            index,
            two_in_one,
            file,
            int,
            float,
            tree,
            edit,
            expression,
            literal,
            by_name,
            by_id,
            me,
            on_post,
            on_put,
            on_patch,
            on_delete,
            on_head,
            on_options,
            on_any,
            listed,
            pages,
            nested::show
        ])
        .mount("/v1", routes![by_id])
}

fn client() -> Client {
    app().test()
}

#[track_caller]
fn says(path: &str, body: &str) {
    let reply = client().get(path).send();
    assert_eq!((reply.status().as_u16(), reply.text()), (200, body), "{path}");
}

#[test]
fn patterns() {
    says("/", "index");
    says("/x-y", "two x y");
    says("/a.txt", "file a txt");
    says("/int/-7", "-7");
    says("/float/1.5", "1.5");
    says("/tree/a/b/c", "a/b/c");
    says("/tree/a/b/edit", "edit a/b");
    says("/re/abc", "abc");
    says("/a%3Cb", "literal");
    says("/nested/5", "5");
    assert_eq!(client().get("/int/x").send().status(), 404);
    assert_eq!(client().get("/re/abcd").send().status(), 404);
}

#[test]
fn literal_then_typed_then_plain() {
    says("/users/me", "me");
    says("/users/7", "id 7");
    says("/users/Ann", "name Ann");
    says("/v1/users/7", "id 7");
    assert_eq!(client().get("/v1/users/Ann").send().status(), 404);
}

#[test]
fn methods() {
    let client = client();
    assert_eq!(client.post("/m").send().text(), "POST");
    assert_eq!(client.put("/m").send().text(), "PUT");
    assert_eq!(client.patch("/m").send().text(), "PATCH");
    assert_eq!(client.delete("/m").send().text(), "DELETE");
    assert_eq!(client.get("/m").send().text(), "any");
    assert_eq!(client.post("/listed").send().text(), "listed");
    assert_eq!(client.delete("/listed").send().status(), 405);
}

#[test]
fn several_attributes_on_one_function() {
    says("/pages", "None None");
    says("/pages?page=2&name=x", r#"Some(2) Some("x")"#);
    says("/pages/3", "Some(3) None");
    assert_eq!(client().post("/pages/3/x").send().text(), r#"Some(3) Some("x")"#);
}

#[test]
fn urls() {
    assert_eq!(index::url(), "/");
    assert_eq!(two_in_one::url("a b", "c"), "/a%20b-c");
    assert_eq!(int::url(-7), "/int/-7");
    assert_eq!(tree::url("a/b c/d"), "/tree/a/b%20c/d");
    assert_eq!(by_name::url("é/?"), "/users/%C3%A9%2F%3F");
    assert_eq!(nested::show::url(5), "/nested/5");
    assert_eq!(pages::url(), "/pages");
}

#[get("/float/<x:float>")]
fn float_filter(x: f64) -> String {
    format!("{x:?}")
}

#[get("/number/<x>")]
fn number(x: f32) -> String {
    format!("{x:?}")
}

#[test]
fn numbers_with_a_point_keep_it_in_links() {
    let client = App::new().routes(routes![float_filter, number]).test();
    for (value, text) in [
        (3.0, "3.0"),
        (-0.0, "-0.0"),
        (0.5, "0.5"),
        (-12.25, "-12.25"),
        (1e16, "10000000000000000.0"),
        (1e-7, "0.0000001"),
    ] {
        let link = float_filter::url(value);
        assert_eq!(link, format!("/float/{text}").as_str());
        assert_eq!(client.get(&link.to_string()).send().text(), format!("{value:?}"));
    }
    assert_eq!(number::url(7.0), "/number/7.0");
    assert_eq!(number::url(0.1), "/number/0.1");
    assert_eq!(number::url(f32::MAX), "/number/340282350000000000000000000000000000000.0");
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(number::url(value).to_string(), carafe::Link::NOWHERE);
        assert_eq!(float_filter::url(value.into()).to_string(), carafe::Link::NOWHERE);
    }
}

#[test]
fn handlers_stay_functions() {
    assert_eq!(by_id(7), "id 7");
    assert_eq!(pages(None, None), "None None");
}

/// The names of crates, primitive types, tools and of things further out are free for handlers.
mod named_like_others {
    use carafe::{App, get, routes};

    mod local {}

    #[get("/u32")]
    fn u32() -> &'static str {
        "u32"
    }

    #[get("/clippy")]
    fn clippy() -> &'static str {
        "clippy"
    }

    #[get("/type")]
    fn r#type() -> &'static str {
        "type"
    }

    #[get("/serde")]
    fn serde() -> &'static str {
        "serde"
    }

    #[get("/core")]
    fn core() -> &'static str {
        "core"
    }

    #[test]
    fn they_are_listed_within_functions() {
        #[get("/tokio")]
        fn tokio() -> &'static str {
            "tokio"
        }
        #[get("/local")]
        fn local() -> &'static str {
            "local"
        }
        #[get("/core")]
        fn core() -> &'static str {
            "another"
        }
        let client = App::new().routes(routes![tokio, local, core]).test();
        assert_eq!(client.get("/core").send().text(), "another");
        assert_eq!(client.get(&tokio::url().to_string()).send().text(), "tokio");
        assert_eq!(client.get(&local::url().to_string()).send().text(), "local");
    }

    #[test]
    fn they_are_listed_and_linked() {
        let client = App::new().routes(routes![serde, core, u32, clippy, r#type]).test();
        assert_eq!(client.get(&serde::url().to_string()).send().text(), "serde");
        assert_eq!(client.get("/core").send().text(), "core");
        assert_eq!(client.get("/u32").send().text(), "u32");
        assert_eq!(client.get("/clippy").send().text(), "clippy");
        assert_eq!(client.get("/type").send().text(), "type");
    }
}
