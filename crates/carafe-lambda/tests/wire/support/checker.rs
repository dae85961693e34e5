//! What a load balancer accepts, as strictly as anybody has reported (`docs/alb.md` §3 and §4).

use super::events::Mode;
use crate::DEFECTS;
use serde_json::Value;

/// The number of the defect that all answers have if one has it.
const BOTH_FAMILIES: u8 = 22;

/// Panics with the rule that an answer breaks.
pub fn check(document: &[u8], mode: Mode) -> Value {
    assert!(document.len() <= 1_000_000, "{} bytes of JSON", document.len());
    let text = std::str::from_utf8(document).expect("UTF-8");
    let mut answer: Value = serde_json::from_str(text).expect("JSON");
    if DEFECTS.contains(&BOTH_FAMILIES) {
        // The others are looked for all the same.
        let surplus = if mode == Mode::Single { "multiValueHeaders" } else { "headers" };
        answer.as_object_mut().expect("an object").remove(surplus);
    }
    let fields = answer.as_object().expect("an object");
    let family = match mode {
        Mode::Single => "headers",
        Mode::Multi => "multiValueHeaders",
    };
    let mut wanted = ["body", family, "isBase64Encoded", "statusCode", "statusDescription"];
    wanted.sort_unstable();
    let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, wanted, "the fields");
    assert!(fields.values().all(|value| !value.is_null()), "null: {text}");
    let status = answer["statusCode"].as_u64().expect("a number");
    assert!((200..600).contains(&status), "status {status}");
    let description = answer["statusDescription"].as_str().expect("a string");
    let reason = description.strip_prefix(&format!("{status} ")).expect("the status first");
    assert!(!reason.trim().is_empty() && reason.is_ascii(), "{description:?}");
    let body = super::events::body(&answer);
    let raw = answer["body"].as_str().expect("a string");
    if answer["isBase64Encoded"].as_bool().expect("a boolean") {
        assert!(
            raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)),
            "one line of base64"
        );
    }
    if status == 204 || status == 304 {
        assert!(body.is_empty(), "{status} has no body");
    }
    headers(&answer, mode, body.len());
    answer
}

fn headers(answer: &Value, mode: Mode, length: usize) {
    let empty = length == 0;
    let lines = super::events::header_lines(answer, mode);
    let mut bytes = 0;
    for (name, value) in &lines {
        bytes += name.len() + value.len() + 4;
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert!(!name.is_empty() && name.bytes().all(token), "name {name:?}");
        assert!(value.chars().all(|letter| letter == '\t' || !letter.is_control()), "value {value:?}");
        let lower = name.to_ascii_lowercase();
        let hop =
            ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];
        assert!(!hop.contains(&lower.as_str()), "hop-by-hop {name}");
        let counted = empty || value.parse() == Ok(length);
        assert!(lower != "content-length" || counted, "content-length {value}, and {length} bytes");
    }
    assert!(bytes <= 32 * 1024, "{bytes} bytes of headers");
    let types = lines.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type")).count();
    assert!(empty || types == 1, "{types} content types");
}
