//! Both sides of each limit, and lists with more than one member.

use serde_json::{Value, json};

use crate::support::Function;
use crate::support::checker::check;
use crate::support::events::{Event, MODES, Mode, all, body, header};

/// The checked answers to the same wish in both modes.
fn replies(wanted: &Value) -> [(Mode, Value); 2] {
    let function = Function::start();
    MODES.map(|mode| (mode, check(&function.invoke(Event::reply(wanted).bytes(mode)).body, mode)))
}

#[test]
fn a_cookie_is_the_same_by_name_domain_and_path() {
    let cookies = [
        "a=1; Domain=Example.COM; Path=/",
        "a=2; Domain=.example.com; Path=/",
        "a=3; path=/; domain=example.com",
        "a=4; Path=/; Domain=www.example.com",
        "a=5; Path=/x; Domain=example.com",
        // Paths and names differ by letter case, too.
        "a=6; Path=/X; Domain=example.com",
        "A=7; Path=/; Domain=example.com",
        " b =8;Secure",
        "b=9; HttpOnly",
    ];
    let headers: Vec<_> = cookies.iter().map(|cookie| ["set-cookie", cookie.trim()]).collect();
    for (mode, answer) in replies(&json!({"headers": headers})) {
        let mut left = header(&answer, mode, "set-cookie");
        left.sort_unstable();
        let mut expected: Vec<_> = [2, 3, 4, 5, 6, 8].map(|index| cookies[index].to_owned()).to_vec();
        expected.sort_unstable();
        assert_eq!(left, expected, "{mode:?}");
    }
}

#[test]
fn the_identity_coding_is_none() {
    for (coding, coded) in
        [("identity", false), ("Identity", false), ("gzip", true), ("identity, gzip", true)]
    {
        for (_, answer) in replies(&json!({"headers": [["content-encoding", coding]], "body": "text"})) {
            assert_eq!(answer["isBase64Encoded"], coded, "{coding}");
            assert_eq!(body(&answer), b"text");
        }
    }
}

#[test]
fn of_several_content_types_the_last_one_counts() {
    let types =
        json!([["content-type", "text/plain"], ["content-type", "a/b"], ["content-type", "text/csv"]]);
    for (mode, answer) in replies(&json!({"headers": types, "body": "x"})) {
        assert_eq!(header(&answer, mode, "content-type"), ["text/csv"]);
    }
}

#[test]
fn an_empty_family_hides_nothing_in_the_other() {
    let function = Function::start();
    for empty in [json!({}), json!({"x-one": []}), json!(null)] {
        let mut event = Event::get("/h").header("x-one", "1").query(&[("q", "1")]).value(Mode::Single);
        event["multiValueHeaders"] = empty.clone();
        event["multiValueQueryStringParameters"] = empty.clone();
        let seen = function.invoke(event.to_string()).seen();
        assert_eq!(
            (all(&seen["headers"], "x-one"), all(&seen["query"], "q")),
            (vec!["1".into()], vec!["1".into()])
        );
        let mut event = Event::get("/h").header("x-one", "1").query(&[("q", "1")]).value(Mode::Multi);
        event["headers"] = empty.clone();
        event["queryStringParameters"] = empty;
        let seen = function.invoke(event.to_string()).seen();
        assert_eq!(
            (all(&seen["headers"], "x-one"), all(&seen["query"], "q")),
            (vec!["1".into()], vec!["1".into()])
        );
    }
}

#[test]
fn head_may_tell_the_length_of_get() {
    let function = Function::start();
    for mode in MODES {
        for (headers, body, told) in [
            (json!([["content-length", "1234"]]), "", vec!["1234"]),
            (json!([]), "", vec![]),
            (json!([["content-length", "1234"]]), "abc", vec!["3"]),
            (json!([["content-length", "1"], ["content-length", "2"]]), "", vec![]),
            (json!([["content-length", "many"]]), "", vec![]),
        ] {
            let event = Event::reply(&json!({"headers": headers, "body": body})).method("HEAD");
            let answer = check(&function.invoke(event.bytes(mode)).body, mode);
            assert_eq!(header(&answer, mode, "content-length"), told, "{headers}");
        }
        for status in [204, 304] {
            let wanted = json!({"status": status, "headers": [["content-length", "5"]]});
            let answer = check(&function.invoke(Event::reply(&wanted).method("HEAD").bytes(mode)).body, mode);
            assert_eq!(header(&answer, mode, "content-length"), Vec::<String>::new(), "{status}");
        }
    }
}

#[test]
fn header_values_have_no_controls_beyond_ascii_either() {
    // The mirror takes header values as Latin-1: these are U+0080, U+0085, U+009F, and U+00A0 in UTF-8.
    for (value, status) in [
        ("a\u{c2}\u{80}", 500),
        ("\u{c2}\u{85}", 500),
        ("\u{c2}\u{9f}b", 500),
        ("a\u{c2}\u{a0}b", 200),
        ("a\tb", 200),
    ] {
        for (_, answer) in replies(&json!({"headers": [["x-a", value]]})) {
            assert_eq!(answer["statusCode"], status, "{value:?}");
        }
    }
}

#[test]
fn statuses_from_200_to_599() {
    for (status, sent) in [(199, 500), (200, 200), (599, 599), (600, 500)] {
        for (_, answer) in replies(&json!({"status": status})) {
            assert_eq!(answer["statusCode"], sent, "{status}");
        }
    }
}

#[test]
fn headers_of_exactly_32_k() {
    // A line is the name, a colon, a space, the value and its end. `content-length: 0` is one more.
    let room = 32 * 1024 - "x-a: \r\n".len() - "content-length: 0\r\n".len();
    for (len, status) in [(room, 200), (room + 1, 500)] {
        for (_, answer) in replies(&json!({"headers": [["x-a", "v".repeat(len)]]})) {
            assert_eq!(answer["statusCode"], status, "{len}");
        }
    }
    // Other doors have no such limit.
    let function = Function::start();
    let event = Event::reply(&json!({"headers": [["x-a", "v".repeat(40_000)]]})).function_url();
    assert_eq!(function.invoke(event.to_string()).answer()["statusCode"], 200);
}

#[test]
fn as_many_cookies_as_there_are_spellings() {
    let function = Function::start();
    for (count, status) in [(512, 200), (513, 500)] {
        let cookies: Vec<Value> = (0..count).map(|n| json!(["set-cookie", format!("{n}=1")])).collect();
        let event = Event::reply(&json!({"headers": cookies})).bytes(Mode::Single);
        let answer = check(&function.invoke(event).body, Mode::Single);
        assert_eq!(answer["statusCode"], status, "{count}");
        assert!(status == 500 || header(&answer, Mode::Single, "set-cookie").len() == count);
    }
}

#[test]
fn six_megabytes_behind_other_doors() {
    let function = Function::start();
    let len = |repeat: usize| {
        let posted =
            function.invoke(Event::reply(&json!({"body": "a", "repeat": repeat})).function_url().to_string());
        (posted.body.len(), posted.answer()["statusCode"].clone())
    };
    let frame = len(2_000_000).0 - 2_000_000;
    assert_eq!(len(6_000_000 - frame), (6_000_000, json!(200)));
    assert_eq!(len(6_000_001 - frame).1, 500);
    // A load balancer's way out of escapes is not theirs: their limit is Lambda's.
    let escapes = Event::reply(&json!({"body": "\"", "repeat": 3_100_000})).function_url().to_string();
    assert_eq!(function.invoke(escapes).answer()["statusCode"], 500);
}

#[test]
fn a_health_check_has_one_header_and_comes_from_a_load_balancer() {
    let function = Function::start();
    let agent = "ELB-HealthChecker/2.0";
    let check = || Event::get("/health").bare().header("user-agent", agent);
    for mode in MODES {
        for event in [
            check().header("host", "x").value(mode),
            check().only("user-agent", &["elb-healthchecker/2.0"]).value(mode),
            check().only("user-agent", &["x ELB-HealthChecker/2.0"]).value(mode),
            Event::get("/health").bare().header("x-agent", agent).value(mode),
        ] {
            function.invoke(event.to_string());
        }
        function.invoke(check().bytes(mode));
    }
    function.invoke(check().function_url().to_string());
    // All but the two real ones have left a line.
    assert_eq!(function.log_lines().len(), 9);
}
