//! What Bottle 0.13.4 was observed to do, and whether carafe does the same.
//!
//! Each line of `cases/*.json` is one observation: what was sent, and what Bottle answered. A case that carafe answers
//! otherwise must be in the table of `docs/bottle.md` with the reason, and a case in that table must really differ: so
//! the page cannot be wrong in either direction.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "only tests call it, and a test that cannot go on has to fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use carafe::App;
use serde_json::{Map, Value, json};

/// What went differently, in words.
pub type Verdict = Result<(), String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The case ids that the page lists.
fn listed() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("../../docs/bottle.md")).expect("docs/bottle.md is there");
    let code = page.split('`').skip(1).step_by(2);
    code.filter(|text| text.split_once('-').is_some_and(|(_, number)| number.len() == 3))
        .map(str::to_owned)
        .collect()
}

/// Runs every case of a kind and compares the outcome with the page.
///
/// # Panics
///
/// When they disagree; the message has every case that does.
pub fn judge(kind: &str, run: impl Fn(&Value) -> Verdict) {
    let text = fs::read_to_string(root().join(format!("cases/{kind}.json"))).expect("the cases are there");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("the cases are JSON");
    assert!(!cases.is_empty(), "no cases of kind {kind}");
    let listed = listed();
    let mut wrong = Vec::new();
    let mut known: BTreeSet<String> = listed.iter().filter(|id| id.starts_with(kind)).cloned().collect();
    for case in &cases {
        let id = text_of(&case["id"]);
        known.remove(id);
        match (run(case), listed.contains(id)) {
            (Ok(()), false) | (Err(_), true) => {}
            (Ok(()), true) => wrong.push(format!("{id} is listed as different, but is the same")),
            (Err(why), false) => wrong.push(format!("{id} ({}): {why}", text_of(&case["name"]))),
        }
    }
    wrong.extend(known.iter().map(|id| format!("{id} is listed, but there is no such case")));
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The text of a JSON string; empty for anything else.
pub fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The elements of a JSON list; none for anything else.
pub fn list_of(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether both are equal, and both in words if not.
///
/// # Errors
///
/// They are not.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, seen: &T, expected: &T) -> Verdict {
    if seen == expected { Ok(()) } else { Err(format!("{what}: {seen:?}, not {expected:?}")) }
}

/// An answer, read out of the document that a load balancer would get.
#[derive(Debug)]
pub struct Seen {
    /// The status.
    pub status: u64,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decoded.
    pub body: Vec<u8>,
}

impl Seen {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a case's `request` as the event of a load balancer with multi-value headers.
pub fn send(app: &App, request: &Value, accept: &str) -> Seen {
    let mut headers = Map::new();
    headers.insert("host".to_owned(), json!(["api.test"]));
    headers.insert("accept".to_owned(), json!([accept]));
    headers.insert("x-forwarded-proto".to_owned(), json!(["http"]));
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        headers.insert(name.to_ascii_lowercase(), json!([value]));
    }
    let mut query = Map::new();
    for pair in text_of(&request["query"]).split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let values = query.entry(name).or_insert_with(|| json!([]));
        values.as_array_mut().expect("a list was put there").push(json!(value));
    }
    let event = json!({
        "requestContext": {"elb": {"targetGroupArn": "arn"}},
        "httpMethod": request["method"].as_str().unwrap_or("GET"),
        // A browser never sends an empty path, and neither does a load balancer.
        "path": request["path"].as_str().filter(|path| !path.is_empty()).unwrap_or("/"),
        "multiValueQueryStringParameters": query,
        "multiValueHeaders": headers,
        "body": BASE64_STANDARD.encode(body(request)),
        "isBase64Encoded": true,
    });
    let document = app.test().event(&event);
    let raw = text_of(&document["body"]);
    let in_base64 = document["isBase64Encoded"] == true;
    let lists = document["multiValueHeaders"].as_object().into_iter().flatten();
    Seen {
        status: document["statusCode"].as_u64().unwrap_or_default(),
        headers: lists
            .flat_map(|(name, values)| {
                let name = name.to_ascii_lowercase();
                list_of(values).iter().map(move |value| (name.clone(), text_of(value).to_owned()))
            })
            .collect(),
        body: if in_base64 { BASE64_STANDARD.decode(raw).expect("base64") } else { raw.as_bytes().to_vec() },
    }
}

/// A body is text, base64, or a unit to repeat between two pieces of text.
fn body(request: &Value) -> Vec<u8> {
    if let Some(bytes) = request["body_b64"].as_str() {
        return BASE64_STANDARD.decode(bytes).expect("the cases have right base64");
    }
    let mut body = text_of(&request["body"]).to_owned();
    if let [unit, times] = list_of(&request["body_repeat"]) {
        let times = usize::try_from(times.as_u64().unwrap_or_default()).expect("a small number");
        body = text_of(&request["body_prefix"]).to_owned();
        body.push_str(&text_of(unit).repeat(times));
        body.push_str(text_of(&request["body_suffix"]));
    }
    body.into_bytes()
}

/// The code in the pages for users, so that it is compiled and run like any other.
#[cfg(doctest)]
mod pages {
    macro_rules! pages {
        ($($name:ident $path:literal)*) => { $(
            #[doc = include_str!($path)]
            mod $name {}
        )* };
    }

    pages! {
        readme "../../../README.md"
        routes "../../../docs/guide/routes.md"
        arguments "../../../docs/guide/arguments.md"
        replies "../../../docs/guide/replies.md"
        errors "../../../docs/guide/errors.md"
        app "../../../docs/guide/app.md"
        testing "../../../docs/guide/testing.md"
        deploying "../../../docs/guide/deploying.md"
        bottle "../../../docs/bottle.md"
    }
}
