//! Bottle's helpers, in the places where carafe has the same need.

#![expect(clippy::indexing_slicing, reason = "all of this is a test, and one that cannot go on has to fail")]

use carafe::{App, Body, Cookie, File, Request, Response, StatusCode, Upload, abort, get, post, routes};
use parity::{Verdict, judge, same, send, text_of};
use serde_json::{Value, json};

/// A hundred bytes, of which a range may be asked.
#[get("/")]
fn hundred() -> File {
    File::new("a.bin", [b'x'; 100])
}

/// What a `Range` asks for is what the answer has.
fn range(header: &Value, expected: &Value) -> Verdict {
    let app = App::new().routes(routes![hundred]);
    let seen = send(&app, &json!({"headers": {"range": header}}), "*/*");
    let ranges = expected.as_array().map(Vec::as_slice).unwrap_or_default();
    same("status", &seen.status, &if ranges.is_empty() { 200 } else { 206 })?;
    let told = ranges.first().and_then(|range| {
        let end = range[1].as_u64()?.checked_sub(1)?;
        Some(format!("bytes {}-{end}/100", range[0]))
    });
    same("range", &seen.header("content-range"), &told.as_deref())
}

/// The one date that carafe writes is that of a cookie which is deleted.
fn http_date(seconds: &Value, expected: &Value) -> Verdict {
    if *seconds != json!(0) {
        return Err("carafe writes no other date".to_owned());
    }
    let app =
        App::new().route("GET", "/", |request: &Request| request.cookies().delete(Cookie::new("a", "")));
    let seen = send(&app, &json!({}), "*/*");
    let date = seen
        .header("set-cookie")
        .and_then(|cookie| cookie.split("; ").find_map(|part| part.strip_prefix("Expires=")));
    same("date", &date, &expected.as_str())
}

/// The message of an error stands in a page.
fn html_escape(text: &Value, expected: &Value) -> Verdict {
    let text = text_of(text).to_owned();
    let app = App::new().route("GET", "/", move |_: &Request| abort(400, text.clone()));
    let page = send(&app, &json!({}), "text/html").text();
    let escaped = page.split("<p>").nth(1).and_then(|rest| rest.split("</p>").next());
    same("text of the page", &escaped, &expected.as_str())
}

#[post("/")]
fn file_name(f: Upload) -> String {
    f.file_name().to_owned()
}

/// A file that is uploaded has a name that is safe to use.
fn filename(name: &Value, expected: &Value) -> Verdict {
    let name = text_of(name).replace('\\', "\\\\");
    let body = format!(
        "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\nx\r\n--X--\r\n"
    );
    let headers = json!({"content-type": "multipart/form-data; boundary=X"});
    let app = App::new().routes(routes![file_name]);
    let seen = send(&app, &json!({"method": "POST", "headers": headers, "body": body}), "*/*");
    same("file name", &seen.text().as_str(), &text_of(expected))
}

/// The status of an answer, with the reason that a load balancer is told.
fn status(status: &Value, expect: &Value) -> Verdict {
    let code = match status {
        Value::String(text) => StatusCode::from_bytes(text.as_bytes()),
        number => StatusCode::from_u16(
            number.as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or_default(),
        ),
    };
    let Ok(code) = code else { return same("refused", &true, &!expect["error"].is_null()) };
    let app = App::new().route("GET", "/", move |_: &Request| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = code;
        response
    });
    let seen = send(&app, &json!({}), "*/*");
    same("status", &json!([seen.status, seen.description]), &expect["value"])
}

fn run(case: &Value) -> Verdict {
    let (args, expected) = (&case["args"], &case["expect"]["value"]);
    match text_of(&case["fn"]) {
        "range" => range(&args[0], expected),
        "http_date" => http_date(&args[0], expected),
        "html_escape" => html_escape(&args[0], expected),
        "filename" => filename(&args[0], expected),
        "status" => status(&args[0], &case["expect"]),
        other => Err(format!("carafe has no {other}")),
    }
}

#[test]
fn helpers() {
    judge("util", run);
}
