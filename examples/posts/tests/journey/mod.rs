//! What a client does with the API, whichever store is behind it. The store must be empty at first.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use carafe::App;
use serde_json::{Value, json};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the answer is JSON")
}

/// Every route, and every answer that a client can provoke.
pub(crate) fn walk(app: &App) {
    let client = app.test();
    assert_eq!(client.get("/hello/Ann").send().text(), "Hello Ann!");

    let page = client.get("/static/").send();
    assert!(page.text().contains("<form method=\"post\" action=\"../create_post\">"), "{}", page.text());
    assert_eq!(
        client.get("/static/posts.css").send().header("content-type"),
        Some("text/css; charset=UTF-8")
    );

    let health = client.get("/internal/health").send();
    assert_eq!(health.status().as_u16(), 200);
    assert_eq!(parsed(health.text()), json!({"check": "health", "ok": true}));

    assert_eq!(parsed(client.get("/posts").send().text()), json!([]));

    let first = client.get("/create_post/First%20post?body=by+link").send();
    assert_eq!(first.status().as_u16(), 201, "{}", first.text());
    assert_eq!(parsed(first.text()), json!({"id": 1, "title": "First post", "body": "by link"}));

    let second =
        client.post("/create_post").form(&[("title", "Zweiter"), ("body", "über das Formular")]).send();
    assert_eq!(second.status().as_u16(), 201, "{}", second.text());
    assert_eq!(parsed(second.text()), json!({"id": 2, "title": "Zweiter", "body": "über das Formular"}));

    let all = parsed(client.get("/posts").send().text());
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    assert_eq!(all[0]["title"], "First post");
    assert_eq!(all[1], parsed(client.get("/posts/2").send().text()));

    let untitled = client.post("/create_post").form(&[("title", " "), ("body", "")]).send();
    assert_eq!(untitled.status().as_u16(), 400);
    let incomplete = client.post("/create_post").form(&[("title", "No body")]).send();
    assert_eq!(incomplete.status().as_u16(), 400);
    assert!(incomplete.text().contains("body"), "names what is missing: {}", incomplete.text());

    assert_eq!(client.delete("/posts/1").send().status().as_u16(), 204);
    assert_eq!(client.delete("/posts/1").send().status().as_u16(), 404);
    assert_eq!(client.get("/posts/1").send().status().as_u16(), 404);
    // 0 counts the posts in DynamoDB and is none itself.
    assert_eq!(client.get("/posts/0").send().status().as_u16(), 404);
    assert_eq!(client.delete("/posts/0").send().status().as_u16(), 404);
    assert_eq!(client.get("/posts/first").send().status().as_u16(), 404, "not a number, so not this route");
    assert_eq!(client.put("/posts/2").send().header("allow"), Some("DELETE, GET, HEAD, OPTIONS"));
    assert_eq!(parsed(client.get("/posts").send().text()).as_array().map(Vec::len), Some(1));

    let third = parsed(client.get("/create_post/Third?body=").send().text());
    assert_eq!(third["id"], 3, "a number is never used twice");
}
