//! The mirror of the suite as an app: it answers with what it saw, or with what the body asks for.

use std::ffi::OsString;

use carafe::http::{HeaderName, HeaderValue};
use carafe::{App, Body, Request, Response, StatusCode};
use serde_json::{Value, json};

fn app() -> App {
    ["GET", "HEAD", "POST"].into_iter().fold(App::new(), |app, method| {
        app.route(method, "/<path:path>", |request: &Request| match request.raw_path() {
            "/panic" => panicking(),
            "/reply" => reply(request),
            _ => described(request),
        })
    })
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn panicking() -> Response {
    panic!("no idea")
}

/// What the request says, by the names of the suite's mirror.
fn described(request: &Request) -> Response {
    let headers: Vec<(&str, &str)> = request.headers().collect();
    let query = request.raw_query();
    let target = if query.is_empty() {
        request.raw_path().to_owned()
    } else {
        format!("{}?{query}", request.raw_path())
    };
    let pieces = query.split('&').filter(|piece| !piece.is_empty());
    let pairs: Vec<(&str, String)> = pieces
        .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
        .map(|(name, value)| (name, value.replace("%26", "&")))
        .collect();
    let seen = json!({
        "raw_path": request.raw_path(),
        "query": pairs,
        "raw_query": query,
        "header_map": headers,
        "uri": target,
        "cookie": request.header("cookie"),
        "agent": request.header("user-agent"),
        "scheme": request.scheme(),
        "host": request.host(),
        "body": String::from_utf8_lossy(request.body()),
        "body_len": request.body().len(),
        "trace": request.header("x-amzn-trace-id"),
        "xray": request.context().trace_id,
    });
    let mut response = Response::new(Body::from(seen.to_string()));
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    response
}

/// The response that the body describes. Header values are Latin-1, so that any byte can be asked for.
fn reply(request: &Request) -> Response {
    let wanted: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let bytes = match wanted["bytes"].as_array() {
        Some(bytes) => bytes.iter().filter_map(|byte| u8::try_from(byte.as_u64()?).ok()).collect(),
        None => wanted["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    };
    let mut response = Response::new(Body::from(bytes));
    let status =
        wanted["status"].as_u64().and_then(|status| StatusCode::from_u16(status.try_into().ok()?).ok());
    *response.status_mut() = status.unwrap_or_default();
    for pair in wanted["headers"].as_array().into_iter().flatten() {
        let text = |index: usize| pair[index].as_str().unwrap_or_default();
        let value: Vec<u8> =
            text(1).chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(text(0)), HeaderValue::from_bytes(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Returns the command that starts this function.
pub(crate) fn command() -> [OsString; 6] {
    let tests = std::env::current_exe().expect("a test runs").into_os_string();
    let arguments = ["mirror::function", "--exact", "--ignored", "--nocapture", "--test-threads=1"];
    let [test, exact, ignored, log, threads] = arguments.map(OsString::from);
    [tests, test, exact, ignored, log, threads]
}

#[test]
#[ignore = "the function that the other tests start"]
fn function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let service = app().into_service().expect("an app");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(lambda_http::run(service));
    // The harness would report it as a test.
    std::process::exit(i32::from(outcome.is_err()));
}
