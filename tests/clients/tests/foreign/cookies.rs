//! Jars of cookies that others wrote take our cookies and return them, and others' cryptography reads and makes them.

use std::process::Command;

use serde_json::{Value, json};

use super::local::{Local, built, place};

/// 32 bytes.
const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

fn started(program: &str, multi: bool, options: &[&str]) -> Local {
    let command = built(program).display().to_string();
    Local::start_with(program, multi, options, &[&command], &[("APP_SECRET", SECRET.to_owned())])
}

fn printed(command: &mut Command) -> Value {
    let output = command.output().expect("the program is there");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

#[test]
#[ignore = "needs Python with cryptography: .ci/run installs it"]
fn python() {
    for (multi, https) in [(false, false), (true, false), (false, true), (true, true)] {
        let options: &[&str] = if https { &["--as-https"] } else { &[] };
        let prefix = if https { "__Host-" } else { "" };
        let (login, members) = (started("login", multi, options), started("members", multi, options));
        let seen = printed(
            Command::new("python3")
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/cookies.py"))
                .args([&login.url, &members.url, prefix])
                .env("APP_SECRET", SECRET)
                .env("PYTHONPATH", place("CLIENTS_PYTHONPATH")),
        );
        let text = "größe; 1.2 %41";
        let expected = json!({
            "login": 303,
            "jar": [format!("{prefix}flash"), format!("{prefix}session")],
            "http only": true,
            "secure": https,
            "session": ["ann", true],
            "flash": [[{"kind": "success", "text": "Welcome back, ann"}], true],
            "returned": [200, true],
            "jar after": [format!("{prefix}session")],
            "logout": [303, []],
            "ours": [true, true],
            "late": 401,
            "signed": [0, text],
            "encrypted": {"expires": null, "data": text},
            "kept": format!("{:?} {:?}", Some(text), Some(text)),
            "kept ours": "Some(\"s\") Some(\"e\")",
            "signer": true,
        });
        assert_eq!(seen, expected, "multi-value headers: {multi}, HTTPS: {https}");
    }
}

#[test]
#[ignore = "needs Node.js with tough-cookie: .ci/run installs it"]
fn tough_cookie() {
    for (multi, https) in [(false, false), (true, false), (false, true), (true, true)] {
        let local = started("login", multi, if https { &["--as-https"] } else { &[] });
        let address = if https { local.url.replace("http:", "https:") } else { local.url.clone() };
        let seen =
            printed(Command::new("node").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/cookies.mjs")).args([
                &place("CLIENTS_NODE_MODULES"),
                &local.url,
                &address,
            ]));
        let name = |name: &str| if https { format!("__Host-{name}") } else { name.to_owned() };
        let attributes =
            json!({"httpOnly": true, "secure": https, "sameSite": "lax", "path": "/", "hostOnly": true});
        let expected = json!({
            "login": 303,
            "jar": [name("flash"), name("session")],
            "attributes": [attributes, attributes],
            "scripts": "",
            "crossSite": "",
            "returned": [200, true, true],
            "jarAfter": [name("session")],
            "logout": 303,
            "jarAtLast": [],
            "again": 303,
        });
        assert_eq!(seen, expected, "multi-value headers: {multi}, as HTTPS: {https}");
    }
}
