//! Cookies that are read and set.

#![expect(clippy::indexing_slicing, reason = "all of this is a test, and one that cannot go on has to fail")]

use std::time::Duration;

use carafe::{App, Cookie, Request, SameSite};
use parity::{Verdict, judge, list_of, same, send, text_of};
use serde_json::{Value, json};

/// A cookie with Bottle's options put into carafe's; an option that carafe has no function for is refused.
fn cookie_of(what: &[Value]) -> Result<Cookie, String> {
    let part = |index: usize| what.get(index).map(text_of).unwrap_or_default();
    let mut cookie = match part(0) {
        "set_cookie_long" => {
            let length = what.get(2).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
            return Ok(Cookie::new(part(1), "x".repeat(length.unwrap_or_default())));
        }
        _ => Cookie::new(part(1), part(2)),
    };
    for (name, value) in what.get(3).and_then(Value::as_object).into_iter().flatten() {
        cookie = match name.as_str() {
            "path" => cookie.path(text_of(value)),
            "domain" => cookie.domain(text_of(value)),
            "maxage" | "max_age" => cookie.max_age(Duration::from_secs(value.as_u64().unwrap_or_default())),
            "expires" => {
                let seconds = Duration::from_secs(value.as_u64().unwrap_or_default());
                cookie.expires(std::time::UNIX_EPOCH + seconds)
            }
            "httponly" => cookie.http_only(true),
            "secure" => cookie.secure(true),
            "samesite" => match text_of(value) {
                "strict" => cookie.same_site(SameSite::Strict),
                "lax" => cookie.same_site(SameSite::Lax),
                "none" => cookie.same_site(SameSite::None),
                other => return Err(format!("no SameSite of {other}")),
            },
            other => return Err(format!("no option {other}")),
        };
    }
    Ok(cookie)
}

/// `name=value` and the attributes, those in lower case: their case and order mean nothing (RFC 6265 §5.2).
fn parts(header: &str) -> (String, Vec<String>) {
    let mut parts = header.split("; ");
    // An empty value may be quoted.
    let pair = parts.next().unwrap_or_default().replace("\"\"", "");
    (pair, parts.map(str::to_ascii_lowercase).collect())
}

fn set(case: &Value) -> Verdict {
    let expected = &case["expect"];
    let refused = !expected["error"].is_null();
    let mut deeds: Vec<(Cookie, bool)> = Vec::new();
    for what in list_of(&case["do"]) {
        match cookie_of(list_of(what)) {
            Ok(cookie) => deeds.push((cookie, what[0] == "delete_cookie")),
            Err(why) => return if refused { Ok(()) } else { Err(why) },
        }
    }
    let app = App::new().route("GET", "/", move |request: &Request| {
        for (cookie, delete) in &deeds {
            if *delete {
                request.cookies().delete(cookie.clone())?;
            } else {
                request.cookies().set(cookie.clone())?;
            }
        }
        carafe::Result::<_>::Ok("set")
    });
    let seen = send(&app, &json!({}), "*/*");
    if refused || !expected["error_when_sent"].is_null() {
        return same("status", &seen.status, &500);
    }
    same("status", &seen.status, &200)?;
    let sent: Vec<&str> = seen
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect();
    let expected = list_of(&expected["set_cookie"]);
    same("number of cookies", &sent.len(), &expected.len())?;
    for (sent, expected) in sent.iter().zip(expected) {
        let (pair, attributes) = parts(sent);
        if let Some(length) = expected["$len"].as_u64() {
            same("length", &u64::try_from(pair.len()).ok(), &Some(length))?;
            continue;
        }
        let (expected_pair, expected_attributes) = parts(text_of(expected));
        same("pair", &pair, &expected_pair)?;
        let missing: Vec<&String> =
            expected_attributes.iter().filter(|part| !attributes.contains(part)).collect();
        same(&format!("missing in {sent}"), &missing, &Vec::new())?;
    }
    Ok(())
}

fn read(case: &Value) -> Verdict {
    let names: Vec<String> =
        list_of(&case["reads"]).iter().map(|what| text_of(&what[1]).to_owned()).collect();
    let app = App::new().route("GET", "/", move |request: &Request| {
        let values: Vec<Option<&str>> = names.iter().map(|name| request.cookies().get(name)).collect();
        json!(values).to_string()
    });
    let seen = send(&app, &json!({"headers": {"cookie": case["cookie"]}}), "*/*");
    let values: Value = serde_json::from_slice(&seen.body).map_err(|error| error.to_string())?;
    same("values", &values, &case["expect"]["values"])
}

#[test]
fn cookies() {
    judge("cookie", |case| match text_of(&case["mode"]) {
        "set" => set(case),
        "read" => read(case),
        other => Err(format!("no {other} cookies")),
    });
}
