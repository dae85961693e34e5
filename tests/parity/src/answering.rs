//! What Bottle's handlers return and set, put into carafe's types.

use carafe::{
    App, Basic, Bytes, Catchers, Error, File, Headers, Json, Redirect, Request, Responder as _, Response,
    Result, StatusCode, abort, catch, catchers,
};
use serde_json::{Value, json};

use crate::{from_base64, list_of, text_of};

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

#[catch(404)]
fn data() -> (StatusCode, Json<Value>) {
    (StatusCode::NOT_FOUND, Json(json!({"error": "nf"})))
}

#[catch(500)]
fn failed() -> &'static str {
    "custom"
}

fn catchers_of(case: &Value) -> Option<Result<Catchers, String>> {
    let handlers = list_of(&case["app"]["error_handlers"]);
    let first = handlers.first()?;
    Some(match (first["code"].as_u64(), text_of(&first["return"]["str"])) {
        (Some(404), "custom") => Ok(catchers![custom]),
        (Some(500), "custom") => Ok(catchers![failed]),
        (Some(404), _) if !first["return"]["HTTPResponse"]["body"]["json"].is_null() => Ok(catchers![data]),
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
        "content_type" => {
            response.headers_mut().insert(http::header::CONTENT_TYPE, part(1).parse()?);
        }
        "del_header" => drop(response.headers_mut().remove(part(1))),
        "set_cookie" => request.cookies().set((part(1), part(2)))?,
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
        "json" | "bool" | "int" | "tuple_str" | "list_str" | "list_json" => {
            Json(value.clone()).respond_to(request)
        }
        "bytearray" => Vec::from(text_of(value)).respond_to(request),
        "bytes_b64" => Bytes::from(from_base64(value)).respond_to(request),
        "file" => File::new("file", text_of(value).to_owned()).respond_to(request),
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

/// Makes the app of a case, or says what carafe has nothing for.
///
/// # Errors
///
/// It has none.
pub fn app(case: &Value) -> Result<App, String> {
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
    if let Some(users) = case["app"]["basic_auth"].as_object() {
        let users: Vec<_> = users.iter().map(|(user, password)| (user, text_of(password))).collect();
        app = app.around(Basic::users(users).realm(text_of(&case["app"]["realm"])));
    }
    if !case["app"]["catchall"].is_null() {
        return Err("no catchall".to_owned());
    }
    Ok(app)
}
