//! Headless Chromium: a form posted, a cookie set and sent back; a login, and what it keeps out.

use std::process::Command;

use serde_json::{Value, json};

use super::local::{Local, built, place};

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn a_form_and_a_cookie() {
    let program = built("visits").display().to_string();
    for multi in [false, true] {
        let local = Local::start("browser", multi, &[&program], &[]);
        let seen = driven("browser.mjs", &local);
        let expected = json!({
            "before": "Last: nobody", "short": "Last: Bob", "after": "Last: Ann", "reloaded": "Last: Ann", "cookies": ["name=Ann"],
        });
        assert_eq!(seen, expected, "multi-value headers: {multi}");
    }
}

/// Runs a script of this folder at the address, and returns what it prints.
fn driven(script: &str, local: &Local) -> Value {
    let script = format!("{}/{script}", env!("CARGO_MANIFEST_DIR"));
    let url = format!("{}/", local.url);
    let arguments = [&script, &place("CLIENTS_NODE_MODULES"), &place("CLIENTS_CHROMIUM"), &url];
    let output = Command::new("node").args(arguments).output().expect("there is a node");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

/// 32 bytes.
const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn a_login() {
    for (program, multi, https) in [
        ("login", false, false),
        ("login", true, false),
        ("login", false, true),
        ("login", true, true),
        ("members", false, false),
        ("members", true, false),
        ("members", false, true),
        ("members", true, true),
    ] {
        let command = built(program).display().to_string();
        let options: &[&str] = if https { &["--as-https"] } else { &[] };
        let environment = [("APP_SECRET", SECRET.to_owned())];
        let local = Local::start_with(program, multi, options, &[&command], &environment);
        let seen = driven("login.mjs", &local);
        let cookie = |name: &str| {
            let name = if https { format!("__Host-{name}") } else { name.to_owned() };
            json!({"name": name, "httpOnly": true, "secure": https, "sameSite": "Lax", "path": "/"})
        };
        let (login, home, text) = ("/login?next=%2F%3Fa%3D1", "/?a=1", "Only ann can see this.");
        let ours = [cookie("session")];
        let expected = json!({
            // Without a session.
            "asked": [303, login, ""],
            "wrong": [login, "That is not the password"],
            "wrongReloaded": [login, ""],
            // With one: the message is there once.
            "granted": [home, "Welcome back, ann", text],
            "reloaded": [home, "", text],
            "cookies": ours,
            // A page of another port posts a logout: same site, but another origin.
            "crossOrigin": 403,
            "crossSite": 403,
            "still": [home, "", text],
            // The app's own form.
            "loggedOut": ["/login", ""],
            "cookiesAfter": [],
            // Neither the history nor the address shows the page.
            "back": [login, ""],
            "forward": ["/login", ""],
            "again": [login, ""],
            // A copy of the cookie: only a store can end it.
            "copy": if program == "members" { 303 } else { 200 },
        });
        assert_eq!(seen, expected, "{program}, multi-value headers: {multi}, as HTTPS: {https}");
    }
}
