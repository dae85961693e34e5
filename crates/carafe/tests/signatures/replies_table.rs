//! The table of replies, row by row: what each has to answer.

use carafe::testing::Client;

use crate::replies::app;
use crate::seen;

const HTML: &str = "text/html; charset=UTF-8";
const JSON: &str = "application/json";

fn client() -> Client {
    app().test()
}

#[track_caller]
fn answers(path: &str, status: u16, kind: &str, body: &str) {
    let reply = client().get(path).send();
    assert_eq!(seen(&reply), (status, kind.to_owned(), body.to_owned()), "{path}");
}

/// A failure whose words must not reach the client.
#[track_caller]
fn hides(path: &str) {
    let reply = client().get(path).send();
    assert_eq!(reply.status(), 500, "{path}");
    for secret in ["hunter2", "42", "invalid digit"] {
        assert!(!reply.text().contains(secret), "{path} says {}", reply.text());
    }
}

const MILK_JSON: &str = r#"{"id":1,"title":"milk"}"#;

#[test]
fn text() {
    answers("/own", 200, HTML, "own");
    answers("/own/async", 200, HTML, "own");
    answers("/string", 200, HTML, "text");
    answers("/echo/Ann", 200, HTML, "Ann");
    answers("/cow/Ann", 200, HTML, "Ann");
    answers("/nested", 200, HTML, "own");
    answers("/html", 200, HTML, "<p>");
    answers("/plain", 200, "text/plain; charset=UTF-8", "plain");
}

#[test]
fn only_the_authors_own_text_and_pages_go_without_a_policy() {
    let policy =
        |path: &str| client().get(path).send().header("content-security-policy").map(ToOwned::to_owned);
    for path in ["/own", "/own/async", "/html", "/plain", "/struct"] {
        assert_eq!(policy(path), None, "{path}");
    }
    for path in ["/string", "/echo/Ann", "/cow/Ann", "/nested"] {
        assert_eq!(policy(path).as_deref(), Some("script-src 'none'"), "{path}");
    }
}

#[test]
fn data() {
    answers("/struct", 200, JSON, MILK_JSON);
    answers("/borrowed/Ann", 200, JSON, r#"{"name":"Ann"}"#);
    answers("/list", 200, JSON, &format!("[{MILK_JSON},{MILK_JSON}]"));
    answers("/map", 200, JSON, r#"{"a":1}"#);
    answers("/number", 200, JSON, "7");
    answers("/bool", 200, JSON, "true");
    answers("/opaque", 200, JSON, MILK_JSON);
    answers("/json", 200, JSON, r#""text""#);
    answers("/slice", 200, "application/octet-stream", "slice");
    answers("/shared", 200, "application/octet-stream", "shared");
    assert_eq!(client().get("/bytes").send().bytes()[..], [0, 255]);
}

#[test]
fn nothing_and_whole_responses() {
    assert_eq!(client().get("/unit").send().status(), 204);
    assert_eq!(client().get("/status").send().status(), 202);
    assert_eq!(client().get("/teapot").send().status(), 418);
    let response = client().get("/response").send();
    assert_eq!((response.status().as_u16(), response.text()), (201, "raw"));
    let redirect = client().get("/redirect").send();
    assert!(redirect.status().is_redirection());
    assert_eq!(redirect.header("location"), Some("/own"));
}

#[test]
fn layers_in_any_nesting() {
    answers("/option/1", 200, JSON, MILK_JSON);
    assert_eq!(client().get("/option/2").send().status(), 404);
    answers("/result/1", 200, JSON, MILK_JSON);
    hides("/result/2");
    answers("/ours/1", 200, JSON, MILK_JSON);
    let missing = client().get("/ours/2").send();
    assert_eq!(missing.status(), 404);
    assert!(missing.text().contains("No such todo"));
    hides("/ours/3");
    hides("/deep/0");
    answers("/deep/1", 201, JSON, MILK_JSON);
    assert_eq!(client().get("/deep/2").send().status(), 404);
    hides("/inside/0");
    answers("/inside/1", 200, HTML, "in");
    assert_eq!(client().get("/inside/2").send().status(), 404);
    answers("/tuple/1", 201, JSON, MILK_JSON);
    assert_eq!(client().get("/tuple/2").send().status(), 404);
    answers("/tuple/result/1", 201, "text/xml", MILK_JSON);
    assert_eq!(client().get("/tuple/result/2").send().status(), 404);
    assert_eq!(client().get("/tuple/result/3").send().status(), 409);
}

#[test]
fn status_media_type_and_headers_beside_a_reply() {
    answers("/mime", 200, "text/csv", "a,b");
    answers("/headers", 200, HTML, "text");
    answers("/status-mime", 201, "image/png", "\u{1}");
    answers("/status-headers", 201, JSON, MILK_JSON);
    answers("/mime-headers", 200, "text/csv", "a,b");
    answers("/all", 201, "text/csv", "a,b");
    for path in ["/headers", "/status-headers", "/mime-headers", "/all"] {
        let reply = client().multi_value_headers().get(path).send();
        let mut values: Vec<_> = reply.headers().get_all("x-one").iter().collect();
        values.sort_unstable();
        assert_eq!(values, ["1", "2"], "{path}");
    }
}

#[test]
fn an_error_never_leaves_as_a_success_and_never_says_too_much() {
    for path in ["/err/string", "/err/str", "/err/both", "/err/boxed", "/err/local"] {
        hides(path);
    }
    assert_eq!(client().get("/err/status").send().status(), 409);
    answers("/err/fine", 500, HTML, "sorry");
    answers("/err/tuple", 409, JSON, r#"{"why":"taken"}"#);
    let text = client().get("/err/text").send();
    assert_eq!(text.status(), 409);
    assert!(text.text().contains("taken"));
    let both = client().get("/err/both/meant").send();
    assert_eq!(both.status(), 409);
    assert!(!both.text().contains("42"), "{}", both.text());
    assert_eq!(client().get("/err/never").send().text(), "fine");
}
