//! Pages of other origins in headless Chromium, compressed answers and passwords, there and by curl.

use std::process::Command;

use serde_json::{Value, json};

use super::curl::{VERSIONS, curl};
use super::local::{Local, built, place};

/// The program that is called, and one whose pages call it.
fn started(multi: bool, options: &[&str]) -> (Local, Local) {
    let program = built("sites").display().to_string();
    let pages = Local::start_with("pages", multi, options, &[&program], &[]);
    let environment = [("ORIGIN", pages.url.clone())];
    (Local::start_with("sites", multi, options, &[&program], &environment), pages)
}

/// Has Chromium call the first from pages of the second, and returns what it saw.
fn driven(api: &Local, pages: &Local, name: &[&str]) -> Value {
    let output = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/sites.mjs"))
        .args([place("CLIENTS_NODE_MODULES"), place("CLIENTS_CHROMIUM")])
        .args([format!("{}/", api.url), format!("{}/", pages.url)])
        .args(name)
        .output()
        .expect("there is a node");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn calls_from_other_origins() {
    for (multi, options) in [(false, &[][..]), (true, &[]), (false, &["--as-https"])] {
        let (api, pages) = started(multi, options);
        let seen = driven(&api, &pages, &[]);
        let (none, ok) = (Value::Null, |text: &str| json!([200, text, null, null]));
        let expected = json!({
            "named": {
                "any": ok("[3,5]"),
                "anyWithHeader": ok("[3,5]"),
                "closed": "refused",
                // Exposed is what was named.
                "named": [200, "nobody ", "7", none],
                // A cookie of another port is one of the same site.
                "namedWithCookie": [200, "ann ", "7", none],
                "namedLost": [404, "", none, none],
                "order": ok("1"),
                "orderWithCookie": ok("2"),
                "otherMethod": "refused",
                "blind": "opaque",
                "blindWithCookie": "opaque",
            },
            "other": {
                "any": ok("[3,5]"),
                "anyWithHeader": ok("[3,5]"),
                "closed": "refused",
                "named": "refused",
                "namedWithCookie": "refused",
                "namedLost": "refused",
                "order": "refused",
                "orderWithCookie": "refused",
                "otherMethod": "refused",
                "blind": "opaque",
                "blindWithCookie": "opaque",
            },
            // What nobody may read, nobody may send either.
            "orders": [200, "ann 1 2 5", "7", "7"],
            "packed": ["gzip", "accept-encoding", 1000],
            "staff": ["net::ERR_INVALID_AUTH_CREDENTIALS", 200, "Hello zo\u{eb}"],
        });
        assert_eq!(seen, expected, "multi-value headers: {multi}, {options:?}");
    }
}

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn forms_by_a_name_in_the_lan() {
    const NAME: &str = "box.test";
    for multi in [false, true] {
        let (api, pages) = started(multi, &["--allow-host", NAME]);
        let expected = json!({
            // Where the address is plain HTTP, Chromium does not say what site a page is of: the origin tells.
            "own": [200, null],
            "otherPort": [403, null],
            "otherSite": [403, null],
            // From there to the loopback interface it does.
            "local": [403, "cross-site"],
        });
        assert_eq!(driven(&api, &pages, &[NAME]), expected, "multi-value headers: {multi}");
    }
}

#[test]
#[ignore = "needs curl: .ci/run installs it"]
fn compressed_and_with_a_password() {
    for multi in [false, true] {
        let (api, _pages) = started(multi, &[]);
        let url = |path: &str| format!("{}{path}", api.url);
        for version in VERSIONS {
            let plain = curl(&[version, &url("/long")], b"");
            let packed = curl(&[version, "--compressed", &url("/long")], b"");
            assert_eq!((packed.status, packed.text()), (200, plain.text()));
            assert!(
                packed.values("content-encoding") == ["gzip"] && plain.values("content-encoding").is_empty()
            );
            assert_eq!(
                (packed.values("vary"), plain.values("vary")),
                (vec!["accept-encoding"], vec!["accept-encoding"])
            );
            let raw = curl(&[version, "-H", "accept-encoding: gzip", &url("/long")], b"");
            assert!(raw.body.len() * 20 < plain.body.len(), "{} of {}", raw.body.len(), plain.body.len());
            let head = curl(&[version, "--head", "-H", "accept-encoding: gzip", &url("/long")], b"");
            assert_eq!(head.values("content-length"), raw.values("content-length"));
            assert_eq!(head.values("content-encoding"), ["gzip"]);

            let user = |pair: &str| curl(&[version, "--user", pair, &url("/staff/who")], b"");
            assert_eq!((user("zo\u{eb}:s\u{e9}same").status, user("zo\u{eb}:sesame").status), (200, 401));
            let refused = curl(&[version, &url("/staff/who")], b"");
            assert_eq!(refused.values("www-authenticate"), ["Basic realm=\"Restricted\", charset=\"UTF-8\""]);
            assert_eq!(refused.values("x-content-type-options"), ["nosniff"]);
            assert_eq!(refused.values("x-request-id").len(), 1);

            // No browser, and so nobody's cookies.
            assert_eq!(curl(&[version, "-d", "6", &url("/closed/orders")], b"").status, 200);
            let foreign = ["-H", "origin: http://other.example", "-d", "7"];
            let sent = curl(&[&[version, &url("/closed/orders")][..], &foreign].concat(), b"");
            assert_eq!(sent.status, 403);
        }
    }
}
