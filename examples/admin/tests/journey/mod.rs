//! What people do with the pages and the API, whichever store is behind them. The store must be empty at first.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use admin::Settings;
use admin::store::Store;
use carafe::App;
use carafe::testing::{Client, Reply};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";
/// `admin:open sesame`
const BASIC: &str = "Basic YWRtaW46b3BlbiBzZXNhbWU=";

pub(crate) fn app(store: Store) -> App {
    let settings = Settings { api_origins: vec!["https://site.example".to_owned()], ..Settings::default() };
    admin::app(settings, store).expect("the demo's hash is one")
}

/// Walks through all of it.
pub(crate) fn walk(app: &App) {
    login_is_asked_for(app);
    let client = app.test();
    logged_in(&client);
    a_post_is_written(&client);
    a_refused_form_is_shown_again(&client);
    a_picture_is_replaced_and_removed(&client);
    posts_are_found_page_by_page(&client);
    a_post_is_deleted(&client);
    the_api_is_for_other_sites(app);
    client.post("/logout").send();
    assert_eq!(page(&client, "/admin/posts").header("location"), Some("/login?next=%2Fadmin%2Fposts"));
}

fn page(client: &Client, target: &str) -> Reply {
    client.get(target).header("accept", "text/html").send()
}

/// The text of a page without its tags, each run of white space one blank.
fn seen(reply: &Reply) -> String {
    let text: Vec<&str> = reply.text().split('<').filter_map(|part| part.split('>').nth(1)).collect();
    text.concat().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn login_is_asked_for(app: &App) {
    let client = app.test();
    assert_eq!(page(&client, "/").header("location"), Some("/admin/posts"));
    for target in ["/admin/posts", "/admin/posts/1", "/admin/posts/1/delete"] {
        let reply = page(&client, target);
        assert!(reply.header("location").is_some_and(|login| login.starts_with("/login?next=")), "{target}");
    }
    assert_eq!(client.post("/admin/posts/1/delete").send().status(), 401);
    for (name, password) in [("admin", "guess"), ("nobody", "open sesame")] {
        let reply = client.post("/login").form(&[("name", name), ("password", password)]).send();
        assert_eq!(reply.status(), 422);
        assert!(reply.text().contains("The name or the password is wrong"));
        assert!(reply.text().contains(&format!("value=\"{name}\"")) && !reply.text().contains(password));
    }
    assert_eq!(client.cookie("__Host-session"), None);
}

fn logged_in(client: &Client) {
    let form = [("name", "admin"), ("password", "open sesame")];
    for next in ["//evil.example", "/%5Cevil.example", "https://evil.example"] {
        let reply = client.post(&format!("/login?next={next}")).form(&form).send();
        assert_eq!(reply.header("location"), Some("/admin/posts"), "{next}");
    }
    client.post("/logout").send();
    let reply = client.post("/login?next=%2Fadmin%2Fposts%3Fq%3D").form(&form).send();
    assert_eq!(reply.header("location"), Some("/admin/posts?q="));
    let reply = client.get("/admin/posts").send();
    assert!(seen(&reply).contains("Welcome, admin"), "{}", seen(&reply));
    assert!(seen(&reply).contains("There are no posts yet."));
    assert!(!seen(&page(client, "/admin/posts")).contains("Welcome"), "a message is shown once");
}

fn a_post_is_written(client: &Client) {
    let form =
        client.post("/admin/posts/new").field("title", "<First> & foremost").field("body", "Hello\n\"you\"");
    let reply = form.file("picture", "cat.png", "image/png", PNG).follow_redirects().send();
    assert!(reply.text().contains("“&lt;First&gt; &amp; foremost” is published"), "{}", reply.text());
    assert!(reply.text().contains("src=\"/pictures/1\"") && reply.text().contains("by admin"));
    let picture = client.get("/pictures/1").send();
    assert_eq!((picture.header("content-type"), &picture.bytes()[..]), (Some("image/png"), PNG));
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"), "it is not shown as a page");
    let reply = page(client, "/admin/posts/1");
    assert!(reply.text().contains("value=\"&lt;First&gt; &amp; foremost\""), "{}", reply.text());
    assert!(reply.text().contains("Hello\n&quot;you&quot;</textarea>"));
}

fn a_refused_form_is_shown_again(client: &Client) {
    for target in ["/admin/posts/new", "/admin/posts/1"] {
        let form = client.post(target).field("title", " ").field("body", "Typed <with> care");
        let reply = form.file("picture", "cat.png", "image/png", b"<svg>").send();
        assert_eq!(reply.status(), 422);
        let text = seen(&reply);
        assert!(text.contains("Nothing is saved yet."), "{text}");
        assert!(text.contains("Title Please fill this in Text"), "{text}");
        assert!(text.contains("Please choose a PNG, JPEG, GIF or WebP picture"), "{text}");
        assert!(reply.text().contains("Typed &lt;with&gt; care</textarea>"), "{}", reply.text());
    }
    let form = client.post("/admin/posts/new").field("title", &"t".repeat(81)).field("body", "b");
    let reply = form.file("picture", "big.png", "image/png", &[PNG, &[0; 300_000]].concat()).send();
    assert!(seen(&reply).contains("At most 80 characters, please"), "{}", seen(&reply));
    assert!(seen(&reply).contains("At most 300 KB, please"));
    assert!(
        page(client, "/admin/posts").text().contains("No. 1,")
            && !page(client, "/admin/posts").text().contains("No. 2,")
    );
}

fn a_picture_is_replaced_and_removed(client: &Client) {
    let change = || client.post("/admin/posts/1").field("title", "First").field("body", "Hello");
    assert!(seen(&change().follow_redirects().send()).contains("“First” is saved"));
    assert_eq!(&client.get("/pictures/1").send().bytes()[..], PNG);
    change().file("picture", "b.gif", "image/gif", b"GIF89a...").send();
    assert_eq!(client.get("/pictures/1").send().header("content-type"), Some("image/gif"));
    change().field("remove_picture", "on").send();
    assert_eq!(client.get("/pictures/1").send().status(), 404);
    assert!(!page(client, "/admin/posts").text().contains("pictures"));
    assert_eq!(client.post("/admin/posts/9").field("title", "t").field("body", "b").send().status(), 404);
}

fn posts_are_found_page_by_page(client: &Client) {
    for number in 2..=12 {
        let title = format!("Post of day {number}");
        client
            .post("/admin/posts/new")
            .form(&[("title", title.as_str()), ("body", "All is WELL & good")])
            .send();
    }
    let first = page(client, "/admin/posts");
    assert!(seen(&first).contains("Page 1 of 2, 12 posts Older"), "{}", seen(&first));
    assert!(first.text().contains("No. 12,") && !first.text().contains("No. 2,"), "newest first");
    assert!(first.text().contains("href=\"/admin/posts?page=2\""), "{}", first.text());
    assert!(seen(&page(client, "/admin/posts?page=2")).contains("No. 2, by admin"));
    assert!(seen(&page(client, "/admin/posts?page=99")).contains("Page 2 of 2"));
    let found = page(client, "/admin/posts?q=well+%26+post");
    assert!(seen(&found).contains("Page 1 of 2, 11 posts"), "{}", seen(&found));
    assert!(found.text().contains("value=\"well &amp; post\""));
    assert!(found.text().contains("page=2&amp;q=well%20%26%20post"), "{}", found.text());
    assert!(
        seen(&page(client, "/admin/posts?q=%3Cnothing%3E")).contains("No post has “&lt;nothing&gt;” in it.")
    );
}

fn a_post_is_deleted(client: &Client) {
    let reply = page(client, "/admin/posts/12/delete");
    assert!(seen(&reply).contains("Post of day 12 will be gone for good."), "{}", seen(&reply));
    assert!(seen(&page(client, "/admin/posts")).contains("12 posts"), "asking deletes nothing");
    let reply = client.post("/admin/posts/12/delete").follow_redirects().send();
    assert!(seen(&reply).contains("“Post of day 12” is deleted"), "{}", seen(&reply));
    for target in ["/admin/posts/12", "/admin/posts/12/delete", "/admin/lost"] {
        let reply = page(client, target);
        assert_eq!(reply.status(), 404, "{target}");
        assert!(seen(&reply).contains("Back to the posts"), "{target}: {}", seen(&reply));
    }
    let cross = client.post("/admin/posts/11/delete").header("sec-fetch-site", "cross-site").send();
    assert_eq!(cross.status(), 403);
}

fn the_api_is_for_other_sites(app: &App) {
    let client = app.test();
    let from = |reply: &Reply| reply.header("access-control-allow-origin").map(str::to_owned);
    let list = client.get("/api/posts?q=day+1").header("origin", "https://site.example").send();
    assert_eq!(from(&list).as_deref(), Some("https://site.example"));
    let list: Value = list.json();
    assert_eq!((&list["total"], &list["posts"][0]["title"]), (&json!(2), &json!("Post of day 11")));
    let other = client.get("/api/posts/11").header("origin", "https://other.example").send();
    assert_eq!(from(&other), None);
    let expected = json!({
        "id": 11, "title": "Post of day 11", "body": "All is WELL & good", "author": "admin", "picture": false,
    });
    assert_eq!(other.json::<Value>(), expected);
    assert_eq!(client.get("/api/posts/12").send().status(), 404);

    let new = json!({"title": "By API", "body": "Hello"});
    let post = || client.post("/api/posts").header("origin", "https://site.example");
    let refused = post().json(&new).send();
    assert_eq!((refused.status().as_u16(), from(&refused).is_some()), (401, true));
    assert_eq!(client.post("/api/posts").basic("admin", "g").json(&new).send().status(), 401);
    let made = post().header("authorization", BASIC).json(&new).send();
    assert!(made.status().is_success(), "{}", made.text());
    let expected = json!({"id": 13, "title": "By API", "body": "Hello", "author": "admin", "picture": false});
    assert_eq!(made.json::<Value>(), expected, "a number is never used twice");
    let refused = post().header("authorization", BASIC).json(&json!({"title": "", "body": "b"})).send();
    assert_eq!(refused.status(), 422);
    assert_eq!(refused.json::<Value>()["errors"][0]["pointer"], "/title");
}
