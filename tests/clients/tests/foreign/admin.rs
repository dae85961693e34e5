//! The admin example in headless Chromium: its pages with scripts and without, its API from other origins, and the guide's
//! pictures of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::local::{Local, built, place};

/// 32 bytes.
const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// Of `open sesame`. On Lambda the example refuses the hash that it has by itself.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=64,t=1,p=1$c2FsdCBvZiB0aGUgdGVzdA$sxbupzMmvpOGDQo4xF9pnwt4cjoMLXQ2dlrMUTP55f8";

/// The example with its posts in memory.
fn admin(multi: bool, origin: &str) -> Local {
    let command = built("admin").display().to_string();
    let environment =
        [("APP_SECRET", SECRET), ("ADMIN_PASSWORD_HASH", PASSWORD_HASH), ("API_ORIGINS", origin)]
            .map(|(name, value)| (name, value.to_owned()));
    Local::start_with("admin", multi, &[], &[&command], &environment)
}

/// Runs a script of this folder, and returns what it prints.
fn run(script: &str, local: &Local, arguments: &[&str]) -> String {
    let output = Command::new("node")
        .arg(format!("{}/{script}", env!("CARGO_MANIFEST_DIR")))
        .args([place("CLIENTS_NODE_MODULES"), place("CLIENTS_CHROMIUM"), format!("{}/", local.url)])
        .args(arguments)
        .output()
        .expect("there is a node");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn pages_and_api() {
    for (multi, scripts) in [(false, "on"), (true, "on"), (false, "off"), (true, "off")] {
        let site = Local::start("admin-site", multi, &[&built("hello").display().to_string()], &[]);
        let local = admin(multi, &site.url);
        let mut seen: Value =
            serde_json::from_str(&run("admin.mjs", &local, &[&format!("{}/", site.url), scripts]))
                .expect("it is JSON");
        let (login, list, new) = ("/login?next=%2Fadmin%2Fposts", "/admin/posts", "/admin/posts/new");
        let api = seen.as_object_mut().and_then(|seen| seen.remove("api"));
        let expected = json!({
            "asked": [login, ""],
            "refused": [422, login, "The name or the password is wrong", "admin"],
            "passwordKept": "",
            "granted": [list, "Welcome, admin", "There are no posts yet. Write the first one"],
            // The style sheet is there.
            "width": "768px",
            // A message is shown once.
            "reloaded": [list, ""],
            "again": [
                422, new, "Nothing is saved yet. Please look at what is marked.",
                ["Please fill this in", "Please choose a PNG, JPEG, GIF or WebP picture"],
            ],
            "typed": [" ", "Typed <with> care\nand more"],
            "published": [list, "“A <cat>” is published", "A <cat>", "No. 1, by admin"],
            "picture": ["/pictures/1"],
            "pictureType": "image/png",
            "publishedReloaded": "",
            "saved": [list, "“A cat & a dog” is saved", "A cat & a dog", 1],
            "searched": ["/admin/posts?q=horse", "No post has “horse” in it. Show all posts", "horse"],
            "found": ["/admin/posts?q=DOG+care", "A cat & a dog"],
            // Pages of another port and of another site post a form.
            "attacks": [403, 403],
            "confirm": ["/admin/posts/1/delete", "A cat & a dog will be gone for good, and its picture too."],
            "kept": [list, "", "A cat & a dog"],
            "deleted": [list, "“A cat & a dog” is deleted", "There are no posts yet. Write the first one"],
            "gone": 404,
            "sorry": "Not Found",
            "loggedOut": ["/login", "You are logged out"],
            "outside": "/login?next=%2Fadmin%2Fposts%3Fq%3Dcat",
        });
        assert_eq!(seen, expected, "multi-value headers: {multi}, scripts: {scripts}");
        let expected = json!({
            "named": {"list": [200, 0], "wrong": [401, null], "faulty": [422, "/title"], "made": [200, 2]},
            "other": {"list": "refused", "wrong": "refused", "faulty": "refused", "made": "refused"},
        });
        assert_eq!(api, (scripts == "on").then_some(expected), "multi-value headers: {multi}");
    }
}

/// `CLIENTS_SCREENSHOTS=$PWD/docs/guide/images` puts them into the guide.
#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn pictures_of_the_guide() {
    let folder = std::env::var_os("CLIENTS_SCREENSHOTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder).expect("there is room");
    run("screenshots.mjs", &admin(false, ""), &[&folder.display().to_string()]);
    let guide = include_str!("../../../../docs/guide/admin.md");
    for size in ["desk", "phone"] {
        for page in ["login", "list", "form"] {
            let name = format!("admin-{page}-{size}.png");
            assert!(guide.contains(&format!("(images/{name})")), "the guide shows {name}");
            let taken = std::fs::read(folder.join(&name)).expect("it was taken");
            assert!(taken.starts_with(b"\x89PNG") && taken.len() < 150_000, "{name}: {} bytes", taken.len());
        }
    }
}
