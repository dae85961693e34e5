//! What Bottle 0.13.4 was observed to do, and whether carafe does the same.
//!
//! Each line of `cases/*.json` is one observation: what was sent, and what Bottle answered. A case that carafe answers
//! otherwise must be in the table of `docs/bottle.md` with the reason, and a case in that table must really differ: so
//! the page cannot be wrong in either direction. `tests/complete.rs` sees to it that no case is left out.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "only tests call it, and a test that cannot go on has to fail"
)]

pub mod answering;
pub mod reading;

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

/// The ids in the first column of the page's table, in its order.
pub fn listed() -> Vec<String> {
    let page = fs::read_to_string(root().join("../../docs/bottle.md")).expect("docs/bottle.md is there");
    let cells = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let code = cells.flat_map(|cell| cell.split(['`', ',', ' ']));
    let is_id = |text: &&str| {
        let number = text.split_once('-').map(|(_, number)| number);
        number.is_some_and(|number| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    code.filter(is_id).map(str::to_owned).collect()
}

/// The kinds of cases that there are.
pub fn kinds() -> Vec<String> {
    let files = fs::read_dir(root().join("cases")).expect("the cases are there");
    let names = files.map(|file| file.expect("a file can be read").file_name());
    names.filter_map(|name| Some(name.to_str()?.strip_suffix(".json")?.to_owned())).collect()
}

/// The cases of a kind.
pub fn cases(kind: &str) -> Vec<Value> {
    let text = fs::read_to_string(root().join(format!("cases/{kind}.json"))).expect("the cases are there");
    serde_json::from_str(&text).expect("the cases are JSON")
}

/// Runs every case of a kind and compares the outcome with the page.
///
/// # Panics
///
/// When they disagree; the message has every case that does.
pub fn judge(kind: &str, run: impl Fn(&Value) -> Verdict) {
    let cases = cases(kind);
    assert!(!cases.is_empty(), "no cases of kind {kind}");
    let listed: BTreeSet<String> = listed().into_iter().collect();
    let mut wrong = Vec::new();
    for case in &cases {
        let id = text_of(&case["id"]);
        match (run(case), listed.contains(id)) {
            (Ok(()), false) | (Err(_), true) => {}
            (Ok(()), true) => wrong.push(format!("{id} is listed as different, but is the same")),
            (Err(why), false) => wrong.push(format!("{id} ({}): {why}", text_of(&case["name"]))),
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The text of a JSON string; empty for anything else.
pub fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The bytes that a JSON string has in base64.
pub fn from_base64(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(text_of(value)).expect("the cases have right base64")
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
    /// The status with its reason.
    pub description: String,
    /// Whether the headers are in lists.
    pub is_multi_value: bool,
    /// Whether the body was sent in base64.
    pub is_base64: bool,
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

    /// All values of a header, in their order.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Compares `Allow` with Bottle's, the whole of it. Bottle leaves out `HEAD`, which it answers wherever it answers
    /// `GET`, and `OPTIONS`, which carafe answers at each path.
    ///
    /// # Errors
    ///
    /// It has one more, one less, or one twice.
    pub fn same_allow(&self, expected: &str) -> Verdict {
        let mut expected: Vec<&str> = expected.split(',').map(str::trim).chain(["OPTIONS"]).collect();
        if expected.contains(&"GET") {
            expected.push("HEAD");
        }
        expected.sort_unstable();
        same("Allow", &self.header("allow"), &Some(expected.join(", ").as_str()))
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
    answer(app, &event)
}

/// Sends an event, and reads the answer out of the document, whichever headers it has.
pub fn answer(app: &App, event: &Value) -> Seen {
    let document = app.test().event(event);
    let raw = &document["body"];
    let is_base64 = document["isBase64Encoded"] == true;
    let single = document["headers"].as_object().into_iter().flatten();
    let multi = document["multiValueHeaders"].as_object().into_iter().flatten();
    let single = single.map(|(name, value)| (name, std::slice::from_ref(value)));
    let headers = single.chain(multi.map(|(name, values)| (name, list_of(values))));
    Seen {
        status: document["statusCode"].as_u64().unwrap_or_default(),
        description: text_of(&document["statusDescription"]).to_owned(),
        is_multi_value: document["multiValueHeaders"].is_object(),
        is_base64,
        headers: headers
            .flat_map(|(name, values)| {
                let name = name.to_ascii_lowercase();
                values.iter().map(move |value| (name.clone(), text_of(value).to_owned()))
            })
            .collect(),
        body: if is_base64 { from_base64(raw) } else { text_of(raw).as_bytes().to_vec() },
    }
}

/// A body is text, base64, or a unit to repeat between two pieces of text.
fn body(request: &Value) -> Vec<u8> {
    if request["body_b64"].is_string() {
        return from_base64(&request["body_b64"]);
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
