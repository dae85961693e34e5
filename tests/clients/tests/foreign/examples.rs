//! The examples, as they are built.

use serde_json::Value;

use super::curl::{VERSIONS, curl};
use super::local::{Local, built};

#[test]
#[ignore = "needs curl: .ci/run installs it"]
fn hello() {
    let program = built("hello").display().to_string();
    for multi in [false, true] {
        let local = Local::start("hello", multi, &[&program], &[]);
        for version in VERSIONS {
            let reply = curl(&[version, &format!("{}/hello/Zo%C3%AB%20%26", local.url)], b"");
            assert_eq!((reply.status, reply.text()), (200, "Hello Zo\u{eb} &!"));
            assert_eq!(reply.values("content-type"), ["text/html; charset=UTF-8"]);
            let reply = curl(&[version, "--head", &local.url], b"");
            assert_eq!((reply.status, reply.body.len()), (200, 0));
            let reply = curl(&[version, "-X", "PUT", &local.url], b"");
            assert_eq!((reply.status, reply.values("allow")), (405, vec!["GET, HEAD, OPTIONS"]));
        }
    }
}

#[test]
#[ignore = "needs curl: .ci/run installs it"]
fn posts() {
    let program = built("posts").display().to_string();
    for multi in [false, true] {
        // As `cargo run -p posts` has it: the folder of its files is beside this manifest.
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/posts").to_owned();
        let local = Local::start("posts", multi, &[&program], &[("CARGO_MANIFEST_DIR", manifest)]);
        for version in VERSIONS {
            let url = |path: &str| format!("{}{path}", local.url);
            let form = ["--data-urlencode", "title=A & B", "--data-urlencode", "body=caf\u{e9}"];
            let created = curl(&[&[version, &url("/create_post")][..], &form].concat(), b"");
            assert!((200..300).contains(&created.status), "{created:?}");
            let post: Value = serde_json::from_str(created.text()).expect("the post");
            assert_eq!((&post["title"], &post["body"]), (&"A & B".into(), &"caf\u{e9}".into()));
            let id = post["id"].as_str().map_or_else(|| post["id"].to_string(), str::to_owned);
            let one = curl(&[version, &url(&format!("/posts/{id}"))], b"");
            assert_eq!(serde_json::from_str::<Value>(one.text()).expect("the post"), post);
            let list = curl(&[version, &url("/posts")], b"");
            assert!(list.text().contains("A & B"), "{list:?}");
            let parts = ["-F", "title=T", "-F", "body=multipart"];
            let created = curl(&[&[version, &url("/create_post")][..], &parts].concat(), b"");
            assert!((200..300).contains(&created.status), "{created:?}");
            let deleted = curl(&[version, "-X", "DELETE", &url(&format!("/posts/{id}"))], b"");
            assert!((200..300).contains(&deleted.status), "{deleted:?}");
            assert_eq!(curl(&[version, &url(&format!("/posts/{id}"))], b"").status, 404);
            assert_eq!(curl(&[version, &url("/internal/health")], b"").status, 200);
        }
    }
}
