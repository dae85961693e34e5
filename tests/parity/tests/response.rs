//! What becomes of what a handler returns.

use parity::{Seen, Verdict, answering, judge, list_of, same, send, text_of};
use serde_json::Value;

fn compare(seen: &Seen, expected: &Value) -> Verdict {
    let status = text_of(&expected["status"]).split(' ').next().and_then(|code| code.parse().ok());
    same(&format!("status, {}", seen.text()), &Some(seen.status), &status)?;
    let json = list_of(&expected["headers"]).iter().any(|header| text_of(&header[1]) == "application/json");
    for header in list_of(&expected["headers"]) {
        let (name, value) = (text_of(&header[0]).to_ascii_lowercase(), text_of(&header[1]));
        let all = seen.all(&name);
        let found = match name.as_str() {
            // How long a JSON text is depends on its spaces; a HEAD has none to count here.
            "content-length" if json && seen.body.is_empty() => all.len() == 1,
            "content-length" if json => all == [seen.body.len().to_string()],
            // A cookie is for the whole site unless it says otherwise.
            "set-cookie" => all.iter().any(|sent| sent.split("; ").next() == Some(value)),
            _ => all.iter().any(|sent| sent.eq_ignore_ascii_case(value)),
        };
        if !found {
            return Err(format!("{name}: {all:?}, not {value:?}"));
        }
    }
    // What a handler or hook sets begins with `x-`, and is lost or not.
    let of_its_own = seen.headers.iter().map(|(name, _)| name).filter(|name| name.starts_with("x-"));
    let is_expected = |name: &str| {
        list_of(&expected["headers"]).iter().any(|header| text_of(&header[0]).eq_ignore_ascii_case(name))
    };
    if let Some(name) = of_its_own.into_iter().find(|name| !is_expected(name)) {
        return Err(format!("{name} is lost in Bottle"));
    }
    if expected["default_error_page"] == true {
        let secret = ["secret detail", "boom"].into_iter().find(|secret| seen.text().contains(secret));
        return same("told to the client", &secret, &None);
    }
    if expected["body_json"].is_null() {
        return same("body", &seen.text(), &text_of(&expected["body"]).to_owned());
    }
    let body: Value = serde_json::from_slice(&seen.body).map_err(|error| error.to_string())?;
    same("body", &body, &expected["body_json"])
}

#[test]
fn responses() {
    judge("response", |case| {
        let seen = send(&answering::app(case)?, &case["request"], "text/html");
        compare(&seen, &case["expect"])
    });
}
