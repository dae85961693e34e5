//! What becomes of what a handler returns.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use carafe::{
    App, Bytes, Catchers, Error, Headers, Json, Redirect, Request, Responder as _, Response, Result,
    StatusCode, abort, catch, catchers,
};
use parity::{Seen, Verdict, judge, list_of, same, send, text_of};
use serde_json::{Value, json};

#[catch(404)]
fn custom() -> &'static str {
    "custom"
}

#[catch(401)]
fn fine() -> (StatusCode, Headers, &'static str) {
    let mut headers = Headers::new();
    headers.insert("x-e", "1".parse().expect("a header value"));
    (StatusCode::OK, headers, "fine")
}

#[catch(404)]
fn again() -> Result<String> {
    Err(std::io::Error::other("again").into())
}

fn catchers_of(case: &Value) -> Option<Result<Catchers, String>> {
    let handlers = list_of(&case["app"]["error_handlers"]);
    let first = handlers.first()?;
    Some(match (first["code"].as_u64(), text_of(&first["return"]["str"])) {
        (Some(404), "custom") => Ok(catchers![custom]),
        (Some(401), "fine") => Ok(catchers![fine]),
        (Some(404), _) if first["return"]["exception"] == "again" => Ok(catchers![again]),
        _ => Err("no catcher like this".to_owned()),
    })
}

/// Bottle's global response, as changes to carafe's.
fn change(response: &mut Response, request: &Request, what: &Value) -> Result {
    let part = |index: usize| text_of(&what[index]);
    match part(0) {
        "status" => {
            let status = what[1].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
            *response.status_mut() = StatusCode::from_u16(status)?;
        }
        how @ ("set_header" | "add_header") => {
            let name = part(1).parse::<http::HeaderName>()?;
            let value = http::HeaderValue::from_str(part(2))
                .or_else(|_| http::HeaderValue::from_bytes(part(2).as_bytes()))?;
            if how == "set_header" {
                response.headers_mut().insert(name, value);
            } else {
                response.headers_mut().append(name, value);
            }
        }
        "set_cookie" => request.cookies().set((part(1), part(2))),
        other => return Err(abort(501, format!("no {other}"))),
    }
    Ok(())
}

fn error_of(what: &Value) -> Error {
    let status = what["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(500);
    let mut error = abort(status, text_of(&what["body"]["str"]).to_owned());
    for (name, value) in what["headers"].as_object().into_iter().flatten() {
        let name = name.replace('_', "-").parse().expect("a header name");
        error = error.with_header(name, text_of(value).parse().expect("a header value"));
    }
    error
}

fn reply(what: &Value, request: &Request) -> Result<Response> {
    let Some((kind, value)) = what.as_object().and_then(|object| object.iter().next()) else {
        return Err(abort(501, "nothing to return"));
    };
    match kind.as_str() {
        "str" => text_of(value).to_owned().respond_to(request),
        "none" => ().respond_to(request),
        "bytes" => Bytes::from(text_of(value).to_owned()).respond_to(request),
        "json" => Json(value.clone()).respond_to(request),
        // Keys that are no text cannot be JSON.
        "unserializable" => Json(std::collections::BTreeMap::from([([1], 2)])).respond_to(request),
        "HTTPResponse" => {
            let mut response = reply(&value["body"], request)?;
            if !value["status"].is_null() {
                change(&mut response, request, &json!(["status", value["status"]]))?;
            }
            for (name, value) in value["headers"].as_object().into_iter().flatten() {
                change(&mut response, request, &json!(["set_header", name, value]))?;
            }
            for cookie in list_of(&value["cookies"]) {
                change(&mut response, request, &json!(["set_cookie", cookie[0], cookie[1]]))?;
            }
            Ok(response)
        }
        "HTTPError" | "raise_HTTPError" => Err(error_of(value)),
        "abort" => Err(error_of(&json!({"status": value[0], "body": {"str": value[1]}}))),
        "redirect" => match value[1].as_u64() {
            Some(301 | 308) => Redirect::permanent(text_of(&value[0])).respond_to(request),
            _ => Redirect::to(text_of(&value[0])).respond_to(request),
        },
        "exception" => Err(std::io::Error::other(text_of(value).to_owned()).into()),
        other => Err(abort(501, format!("no {other}"))),
    }
}

fn app_of(case: &Value) -> Result<App, String> {
    let (what, changes) = (case["return"].clone(), case["do"].clone());
    let rule = case["rule"].as_str().unwrap_or("/");
    let mut app = App::new().route("GET", rule, move |request: &Request| -> Result<Response> {
        let mut response = reply(&what, request)?;
        list_of(&changes).iter().try_for_each(|what| change(&mut response, request, what))?;
        Ok(response)
    });
    if let Some(catchers) = catchers_of(case) {
        app = app.catch(catchers?);
    }
    for hook in list_of(&case["app"]["hooks"]) {
        for what in list_of(&hook[1]).iter().cloned() {
            app = match (text_of(&hook[0]), text_of(&what[0])) {
                ("before_request", "exception") => {
                    app.before(move |_: &Request| -> Result { Err(std::io::Error::other("boom").into()) })
                }
                ("after_request", "set_header") => {
                    app.after(move |request: &Request, response: &mut Response| {
                        change(response, request, &what).expect("the cases have right headers");
                    })
                }
                // A hook before the route has no answer to change; what it would set, the one after it sets.
                ("before_request", "set_header") => app,
                (when, other) => return Err(format!("no {other} in {when}")),
            };
        }
    }
    if !case["app"]["basic_auth"].is_null() {
        return Err("no basic_auth".to_owned());
    }
    Ok(app)
}

fn compare(seen: &Seen, expected: &Value) -> Verdict {
    let status = text_of(&expected["status"]).split(' ').next().and_then(|code| code.parse().ok());
    same(&format!("status, {}", seen.text()), &Some(seen.status), &status)?;
    let json = list_of(&expected["headers"]).iter().any(|header| text_of(&header[1]) == "application/json");
    for header in list_of(&expected["headers"]) {
        let (name, value) = (text_of(&header[0]).to_ascii_lowercase(), text_of(&header[1]));
        let all: Vec<&str> =
            seen.headers.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str()).collect();
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
        let seen = send(&app_of(case)?, &case["request"], "text/html");
        compare(&seen, &case["expect"])
    });
}
