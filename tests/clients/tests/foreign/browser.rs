//! Headless Chromium: a form posted, a cookie set and sent back.

use std::process::Command;

use serde_json::{Value, json};

use super::local::{Local, built, place};

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn a_form_and_a_cookie() {
    let program = built("visits").display().to_string();
    for multi in [false, true] {
        let local = Local::start("browser", multi, &[&program], &[]);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/browser.mjs");
        let arguments =
            [script, &place("CLIENTS_NODE_MODULES"), &place("CLIENTS_CHROMIUM"), &format!("{}/", local.url)];
        let output = Command::new("node").args(arguments).output().expect("there is a node");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
        let expected = json!({
            "before": "Last: nobody", "short": "Last: Bob", "after": "Last: Ann", "reloaded": "Last: Ann", "cookies": ["name=Ann"],
        });
        assert_eq!(seen, expected, "multi-value headers: {multi}");
    }
}
