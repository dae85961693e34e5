//! The list of `docs/alb.md` §10: thirty-six defects of the usual codec, none of which may show through carafe's.

use crate::DEFECTS;
use crate::support::Function;
use crate::support::checker::check;
use crate::support::events::{Event, MODES, Mode, all, body, header};
use serde_json::{Value, json};

type Case = (u8, &'static str, fn(&Function));

/// Number, what it is about, and what must hold.
const CASES: [Case; 36] = [
    (1, "broken base64", |f| {
        for_both(|mode| {
            assert_eq!(f.invoke(Event::get("/b").base64("!!").bytes(mode)).answer()["statusCode"], 400);
            assert_eq!(f.invoke(Event::get("/b").base64("YQ").bytes(mode)).seen()["body"], "a");
        });
    }),
    (2, "hosts no URL parser takes", |f| {
        for host in
            ["example.com:99999", "1.2.3.4.5", "999.1.1.1", "xn--a", "a b", "exa<mple.com", "[::1", "%zz"]
        {
            host_is_only_text(f, host);
        }
    }),
    (3, "an empty host", |f| host_is_only_text(f, "")),
    (4, "a host with path, query or fragment", |f| {
        for host in ["evil.com/x", "evil.com#", "evil.com?x="] {
            host_is_only_text(f, host);
        }
    }),
    (5, "a host that could be normalized", |f| {
        for host in ["user@evil.com", "0x7f.1", "EXAMPLE.com:443"] {
            host_is_only_text(f, host);
        }
    }),
    (6, "dot segments", |f| {
        for path in ["/pub/%2e%2e/admin", "/a/../b", "/a/./b"] {
            path_is_untouched(f, path);
        }
    }),
    (7, "backslash, tab and line feed in a path", |f| {
        for path in ["/a\\b", "/a\tb", "/a\nb"] {
            path_is_untouched(f, path);
        }
    }),
    (8, "a fragment in a path", |f| {
        for_both(|mode| {
            let seen = f.invoke(Event::get("/a#b").query(&[("q", "1")]).bytes(mode)).seen();
            assert_eq!((&seen["raw_path"], &seen["raw_query"]), (&json!("/a#b"), &json!("q=1")));
            assert_eq!(seen["uri"], "/a%23b?q=1");
        });
    }),
    (9, "paths without a slash", |f| {
        for path in ["*", "@evil.com/", ":99999/"] {
            path_is_untouched(f, path);
        }
    }),
    (10, "one stable query", |f| {
        let query = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5"), ("f", "6")];
        for_both(|mode| {
            for _ in 0..20 {
                let seen = f.invoke(Event::get("/q").query(&query).bytes(mode)).seen();
                assert_eq!(seen["raw_query"], "a=1&b=2&c=3&d=4&e=5&f=6");
            }
        });
    }),
    (11, "the query is not encoded anew", |f| {
        for_both(|mode| {
            let seen = f
                .invoke(Event::get("/q").query(&[("a", "a%20b"), ("b", "%FF"), ("c", "x+y")]).bytes(mode))
                .seen();
            assert_eq!(seen["raw_query"], "a=a%20b&b=%FF&c=x+y");
        });
    }),
    (12, "a raw ampersand in a value", |f| {
        for_both(|mode| {
            let seen = f.invoke(Event::get("/q").query(&[("q", "a&b")]).bytes(mode)).seen();
            assert_eq!(all(&seen["query"], "q"), ["a&b"]);
            assert_eq!(seen["raw_query"], "q=a%26b");
        });
    }),
    (13, "null query families and values", |f| {
        for (mode, family) in
            [(Mode::Single, "queryStringParameters"), (Mode::Multi, "multiValueQueryStringParameters")]
        {
            for query in [json!(null), json!({"q": null})] {
                let mut event = Event::get("/q").value(mode);
                event[family] = query;
                assert_eq!(f.invoke(event.to_string()).seen()["query"], json!([]));
            }
        }
    }),
    (14, "odd header values and names, bad methods", |f| {
        for_both(|mode| {
            let family = if mode == Mode::Single { "headers" } else { "multiValueHeaders" };
            for (name, value) in [
                ("x-a", json!(null)),
                ("x-a", json!(7)),
                ("x y", json!("1")),
                ("", json!("1")),
                ("x-a", json!("\u{1}")),
            ] {
                let mut event = Event::get("/h").value(mode);
                event[family][name] = value;
                assert_eq!(f.invoke(event.to_string()).answer()["statusCode"], 200);
            }
            assert_eq!(f.invoke(Event::get("/h").method("FOO BAR").bytes(mode)).answer()["statusCode"], 400);
        });
    }),
    (15, "a parameter without values", |f| {
        let mut event = Event::get("/q").value(Mode::Multi);
        event["multiValueQueryStringParameters"] = json!({"a": []});
        assert_eq!(f.invoke(event.to_string()).seen()["query"], json!([]));
    }),
    (16, "one form of URI in both modes", |f| {
        let [single, multi] = MODES.map(|mode| f.invoke(Event::get("/u").bytes(mode)).seen());
        for name in ["uri", "scheme", "host"] {
            assert_eq!(single[name], multi[name]);
        }
    }),
    (17, "several cookie headers", |f| {
        let event = Event::get("/c").header("cookie", "a=1").header("cookie", "b=2");
        let seen = f.invoke(event.bytes(Mode::Multi)).seen();
        assert_eq!(
            (&seen["cookie"], all(&seen["header_map"], "cookie")),
            (&json!("a=1; b=2"), vec!["a=1; b=2".to_owned()])
        );
    }),
    (18, "planted forwarded headers", |f| {
        let event = Event::get("/f").only("x-forwarded-for", &["8.8.8.8", "8.8.8.8, 1.1.1.1"]);
        let seen = f.invoke(event.bytes(Mode::Multi)).seen();
        assert_eq!(all(&seen["header_map"], "x-forwarded-for"), ["8.8.8.8, 1.1.1.1"]);
    }),
    (19, "the load balancer's trace id", |f| {
        for_both(|mode| {
            let trace = "Self=1-2;Root=1-3;CalledFrom=app";
            let seen = f.invoke(Event::get("/t").only("x-amzn-trace-id", &[trace]).bytes(mode)).seen();
            assert_eq!(
                (&seen["trace"], all(&seen["header_map"], "x-amzn-trace-id")),
                (&json!(trace), vec![trace.to_owned()])
            );
            assert!(seen["xray"].as_str().is_some_and(|own| own != trace));
        });
    }),
    (20, "two cookies in single mode", |f| {
        let answer =
            reply(f, Mode::Single, &json!({"headers": [["set-cookie", "a=1"], ["set-cookie", "b=2"]]}));
        assert_eq!(header(&answer, Mode::Single, "set-cookie").len(), 2);
    }),
    (21, "two Vary in single mode", |f| {
        let answer = reply(f, Mode::Single, &json!({"headers": [["vary", "a"], ["vary", "b"]]}));
        assert_eq!(header(&answer, Mode::Single, "vary"), ["a, b"]);
    }),
    (22, "one family only", |f| {
        for_both(|mode| {
            let answer = f.invoke(Event::reply(&json!({"headers": [["x-a", "1"]]})).bytes(mode)).answer();
            assert!(answer.get("headers").is_some() != answer.get("multiValueHeaders").is_some());
        });
    }),
    (23, "hop-by-hop headers", |f| {
        for_both(|mode| {
            let headers = json!([
                ["connection", "close"],
                ["keep-alive", "timeout=5"],
                ["transfer-encoding", "chunked"]
            ]);
            reply(f, mode, &json!({"headers": headers, "body": "x"}));
        });
    }),
    (24, "a Latin-1 header value", |f| {
        for_both(|mode| {
            let answer = reply(f, mode, &json!({"headers": [["x-a", "caf\u{e9}"]]}));
            assert_eq!(answer["statusCode"], 500);
        });
    }),
    (25, "a body in Latin-1", |f| bytes_survive(f, Some("text/html; charset=iso-8859-1"), b"caf\xe9", true)),
    (26, "a byte order mark", |f| bytes_survive(f, Some("text/csv"), b"\xef\xbb\xbfa;b", false)),
    (27, "bytes that could be UTF-16", |f| bytes_survive(f, None, b"\xff\xfe\x00\x80", true)),
    (28, "bytes that are no text, said to be", |f| bytes_survive(f, Some("text/plain"), b"\xff\x80a", true)),
    (29, "text under a type not known as text", |f| {
        bytes_survive(f, Some("TEXT/HTML"), b"<p>", false);
        bytes_survive(f, Some("application/x-www-form-urlencoded"), b"a=1", false);
    }),
    (30, "odd status codes", |f| {
        for_both(|mode| {
            assert_eq!(reply(f, mode, &json!({"status": 299}))["statusDescription"], "299 Success");
            assert_eq!(reply(f, mode, &json!({"status": 999}))["statusCode"], 500);
        });
    }),
    (31, "bodies that must not be", |f| {
        for_both(|mode| {
            let answer =
                reply(f, mode, &json!({"status": 204, "body": "x", "headers": [["content-length", "99"]]}));
            assert_eq!((&answer["body"], header(&answer, mode, "content-length").len()), (&json!(""), 0));
            let head =
                Event::reply(&json!({"body": "x", "headers": [["content-length", "99"]]})).method("HEAD");
            let answer = check(&f.invoke(head.bytes(mode)).body, mode);
            assert_eq!(
                (&answer["body"], header(&answer, mode, "content-length")),
                (&json!(""), vec!["1".to_owned()])
            );
        });
    }),
    (32, "no content type", |f| {
        for_both(|mode| {
            assert_eq!(header(&reply(f, mode, &json!({"body": "x"})), mode, "content-type").len(), 1);
        });
    }),
    (33, "no null in the answer", |f| {
        for_both(|mode| {
            assert!(
                reply(f, mode, &json!({}))
                    .as_object()
                    .expect("an object")
                    .values()
                    .all(|value| !value.is_null())
            );
        });
    }),
    (34, "panics have a stable name", |_| {
        let function = Function::with(&[("MIRROR_FAIL", "1")]);
        assert_eq!(
            function.invoke(Event::get("/panic").bytes(Mode::Single)).json()["errorType"],
            "Handler.Panic"
        );
    }),
    (35, "bytes that are not UTF-8", |f| {
        for_both(|mode| {
            let text =
                String::from_utf8(Event::get("/h").only("user-agent", &["a@b"]).bytes(mode)).expect("text");
            assert_eq!(f.invoke(text.replace("a@b", "a\\udfffb")).seen()["agent"], "a\u{fffd}b");
            let raw = text.into_bytes().into_iter().map(|byte| if byte == b'@' { 0xee } else { byte });
            assert_eq!(f.invoke(raw.collect::<Vec<u8>>()).seen()["agent"], "a\u{fffd}b");
        });
    }),
    (36, "a megabyte in one pass", |f| {
        // That the work grows with the length and no faster is counted in instructions by the gate (`tests/bench`).
        let event = Event::reply(&json!({})).body(&"\"".repeat(1_000_000)).bytes(Mode::Single);
        assert_eq!(f.invoke(event).answer()["statusCode"], 200);
    }),
];

#[test]
fn which_of_the_thirty_six_show() {
    let mut shown = Vec::new();
    for (index, (number, _, case)) in CASES.iter().enumerate() {
        assert_eq!(usize::from(*number), index + 1);
        // A process each, because some of the defects end it.
        let outcome = std::panic::catch_unwind(|| case(&Function::start()));
        if outcome.is_err() {
            shown.push(*number);
        }
    }
    let named = |numbers: &[u8]| -> Vec<String> {
        let cases = CASES.iter().filter(|(number, ..)| numbers.contains(number));
        cases.map(|(number, about, _)| format!("{number} {about}")).collect()
    };
    assert_eq!(named(&shown), named(DEFECTS));
}

fn for_both(mut test: impl FnMut(Mode)) {
    for mode in MODES {
        test(mode);
    }
}

fn host_is_only_text(function: &Function, host: &str) {
    for mode in MODES {
        let event = Event::get("/p/q").only("host", &[host]).query(&[("a", "1")]);
        let seen = function.invoke(event.bytes(mode)).seen();
        assert_eq!((&seen["host"], &seen["raw_path"]), (&json!(host), &json!("/p/q")));
        assert_eq!(seen["uri"], "/p/q?a=1");
    }
}

fn path_is_untouched(function: &Function, path: &str) {
    for mode in MODES {
        let seen = function.invoke(Event::get(path).query(&[("a", "1")]).bytes(mode)).seen();
        assert_eq!((&seen["raw_path"], &seen["host"]), (&json!(path), &json!("app.example.com")));
        assert_eq!(seen["raw_query"], "a=1");
    }
}

fn reply(function: &Function, mode: Mode, wanted: &Value) -> Value {
    check(&function.invoke(Event::reply(wanted).bytes(mode)).body, mode)
}

fn bytes_survive(function: &Function, kind: Option<&str>, bytes: &[u8], base64: bool) {
    for mode in MODES {
        let headers: Vec<[&str; 2]> = kind.map(|kind| ["content-type", kind]).into_iter().collect();
        let answer = reply(function, mode, &json!({"headers": headers, "bytes": bytes}));
        assert_eq!((body(&answer), &answer["isBase64Encoded"]), (bytes.to_vec(), &json!(base64)));
        if let Some(kind) = kind {
            assert_eq!(header(&answer, mode, "content-type"), [kind]);
        }
    }
}
