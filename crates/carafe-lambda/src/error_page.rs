//! The default answer for an error: a JSON document, or a small page for clients that prefer HTML.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use crate::json::Writer;
use crate::negotiate::prefers_html;
use crate::reason;

/// The content of the answer for an error.
///
/// ```
/// use carafe_lambda::{ErrorDocument, ErrorSettings, error_page};
/// use http::StatusCode;
///
/// let document = ErrorDocument::new(StatusCode::NOT_FOUND, "No such post", "8476a536");
/// let response = error_page(Some("*/*"), &document, ErrorSettings::default());
/// assert_eq!(response.body(), r#"{"error":"No such post","status":404,"request_id":"8476a536"}"#);
///
/// let response = error_page(Some("text/html,*/*;q=0.8"), &document, ErrorSettings::default());
/// assert_eq!(response.headers()["content-type"], "text/html; charset=UTF-8");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ErrorDocument<'a> {
    /// One sentence about what is wrong.
    pub message: &'a str,
    /// The status of the answer.
    pub status: StatusCode,
    /// Lambda's id of the invocation, by which the log line is found.
    pub request_id: &'a str,
    /// The parameters or fields at fault. An empty list is left out.
    pub errors: &'a [FieldError],
    /// A URI reference to this occurrence (RFC 9457 §3.1.5), for problem details only.
    pub instance: Option<&'a str>,
}

impl<'a> ErrorDocument<'a> {
    /// Makes a document without a list of errors.
    pub fn new(status: StatusCode, message: &'a str, request_id: &'a str) -> ErrorDocument<'a> {
        ErrorDocument { message, status, request_id, errors: &[], instance: None }
    }

    /// Sets the list of errors.
    #[must_use]
    pub fn errors(mut self, errors: &'a [FieldError]) -> ErrorDocument<'a> {
        self.errors = errors;
        self
    }

    /// Sets the URI reference to this occurrence.
    #[must_use]
    pub fn instance(mut self, instance: &'a str) -> ErrorDocument<'a> {
        self.instance = Some(instance);
        self
    }
}

/// A parameter or field of a request that is missing or invalid.
///
/// ```
/// use carafe_lambda::FieldError;
///
/// let error = FieldError::new("page", "query", "a number").with_got("two");
/// assert_eq!(error.got.as_deref(), Some("two"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The name of the parameter or field.
    pub name: Cow<'static, str>,
    /// The place it was read from, such as `query`, `form` or `path`.
    pub place: Cow<'static, str>,
    /// The expected value, in words.
    pub expected: Cow<'static, str>,
    /// Whether these are a whole sentence that says what is wrong, such as "length is lower than 1". The document then has them
    /// as `problem`, not as `expected`.
    pub is_sentence: bool,
    /// The value that came instead, unless it was missing.
    pub got: Option<Cow<'static, str>>,
    /// The JSON pointer (RFC 6901) to it in a JSON body.
    pub pointer: Option<Cow<'static, str>>,
}

impl FieldError {
    /// Makes the error of a field that is missing.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        place: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> FieldError {
        FieldError {
            name: name.into(),
            place: place.into(),
            expected: expected.into(),
            is_sentence: false,
            got: None,
            pointer: None,
        }
    }

    /// Sets whether the words for what was expected are a whole sentence.
    #[must_use]
    pub fn sentence(mut self, is_sentence: bool) -> FieldError {
        self.is_sentence = is_sentence;
        self
    }

    /// Sets the JSON pointer to it in the body.
    #[must_use]
    pub fn with_pointer(mut self, pointer: impl Into<Cow<'static, str>>) -> FieldError {
        self.pointer = Some(pointer.into());
        self
    }

    /// Sets the value that came instead.
    #[must_use]
    pub fn with_got(mut self, got: impl Into<Cow<'static, str>>) -> FieldError {
        self.got = Some(got.into());
        self
    }
}

/// The settings for answers of errors.
///
/// ```
/// use carafe_lambda::{ErrorDocument, ErrorSettings, error_page};
/// use http::StatusCode;
///
/// let document = ErrorDocument::new(StatusCode::NOT_FOUND, "No such post", "8476a536");
/// let response = error_page(None, &document, ErrorSettings::default().problem_details(true));
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// assert_eq!(
///     response.body(),
///     r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"No such post","request_id":"8476a536"}"#
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorSettings {
    problem_details: bool,
}

impl ErrorSettings {
    /// Chooses problem details (RFC 9457) in place of carafe's own JSON; off unless set.
    #[must_use]
    pub fn problem_details(mut self, on: bool) -> ErrorSettings {
        self.problem_details = on;
        self
    }
}

/// Makes the answer for an error, in the form that the request's `accept` header asks for. A 5xx must not be stored.
///
/// ```
/// use carafe_lambda::{ErrorDocument, ErrorSettings, error_page};
/// use http::StatusCode;
///
/// let document = ErrorDocument::new(StatusCode::SERVICE_UNAVAILABLE, "Back in a minute", "8476a536");
/// let response = error_page(Some("application/json"), &document, ErrorSettings::default());
/// assert_eq!(response.status(), 503);
/// assert_eq!(response.headers()["cache-control"], "no-store");
/// ```
pub fn error_page(
    accept: Option<&str>,
    document: &ErrorDocument<'_>,
    settings: ErrorSettings,
) -> Response<Bytes> {
    let (content_type, body) = if accept.is_some_and(prefers_html) {
        ("text/html; charset=UTF-8", html(document).into())
    } else if settings.problem_details {
        ("application/problem+json", problem(document))
    } else {
        ("application/json", json(document))
    };
    let mut response = Response::new(body);
    *response.status_mut() = document.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if document.status.is_server_error() {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn json(document: &ErrorDocument<'_>) -> Bytes {
    let mut json = Writer::with_capacity(64 + document.message.len() + document.request_id.len());
    json.open_object().key("error").text(document.message);
    json.key("status").literal(document.status.as_str());
    errors(&mut json, document.errors);
    json.key("request_id").text(document.request_id).close_object();
    json.into_bytes()
}

/// Writes a problem details object (RFC 9457 §3).
fn problem(document: &ErrorDocument<'_>) -> Bytes {
    let mut json = Writer::with_capacity(128 + document.message.len() + document.request_id.len());
    json.open_object().key("type").text("about:blank").key("title").text(reason::phrase(document.status));
    json.key("status").literal(document.status.as_str()).key("detail").text(document.message);
    if let Some(instance) = document.instance {
        json.key("instance").text(instance);
    }
    errors(&mut json, document.errors);
    json.key("request_id").text(document.request_id).close_object();
    json.into_bytes()
}

fn errors(json: &mut Writer, errors: &[FieldError]) {
    if errors.is_empty() {
        return;
    }
    json.key("errors").open_array();
    for error in errors {
        json.open_object().key("name").text(&error.name).key("place").text(&error.place);
        if let Some(pointer) = &error.pointer {
            json.key("pointer").text(pointer);
        }
        let key = if error.is_sentence { "problem" } else { "expected" };
        json.key(key).text(&error.expected);
        if let Some(got) = &error.got {
            json.key("got").text(got);
        }
        json.close_object();
    }
    json.close_array();
}

fn html(document: &ErrorDocument<'_>) -> String {
    let status = document.status;
    let title = match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_str()),
        None => status.as_str().to_owned(),
    };
    let mut list = String::new();
    for (number, error) in document.errors.iter().enumerate() {
        list.push_str(if number == 0 { "<ul><li>" } else { "</li><li>" });
        let expected = if error.is_sentence { "" } else { "expected " };
        escape(&mut list, &format!("{} {}: {expected}{}", error.place, error.name, error.expected));
        if let Some(got) = &error.got {
            list.push_str(", got ");
            escape(&mut list, got);
        }
    }
    if !list.is_empty() {
        list.push_str("</li></ul>");
    }
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"UTF-8\"><title>{title}</title></head>\n\
         <body><h1>{title}</h1><p>"
    );
    escape(&mut page, document.message);
    page.push_str("</p>");
    page.push_str(&list);
    page.push_str("<p><small>Request ");
    escape(&mut page, document.request_id);
    page.push_str("</small></p></body></html>\n");
    page
}

/// Adds text inside an element or a quoted attribute.
fn escape(page: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorDocument, ErrorSettings, FieldError, error_page, escape};
    use http::StatusCode;
    use serde_json::{Value, json};

    const BROWSER: Option<&str> = Some("text/html,application/xhtml+xml,*/*;q=0.8");

    fn list() -> [FieldError; 2] {
        [
            FieldError::new("page", "query", "a number").with_got("\"two\" <b>"),
            FieldError::new("title", "form", "text"),
        ]
    }

    #[test]
    fn a_sentence_about_a_field_is_its_problem() {
        let errors = [FieldError::new("size", "query", "lower than 1").sentence(true)];
        let document =
            ErrorDocument::new(StatusCode::UNPROCESSABLE_ENTITY, "It is small", "id").errors(&errors);
        let body = error_page(None, &document, ErrorSettings::default()).into_body();
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["errors"], json!([{"name": "size", "place": "query", "problem": "lower than 1"}]));
        let page = error_page(BROWSER, &document, ErrorSettings::default()).into_body();
        assert!(String::from_utf8_lossy(&page).contains("<li>query size: lower than 1</li>"), "{page:?}");
    }

    #[test]
    fn programs_read_json() {
        let errors = list();
        let document = ErrorDocument::new(StatusCode::BAD_REQUEST, "Two are wrong", "id").errors(&errors);
        let response = error_page(None, &document, ErrorSettings::default());
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert!(!response.headers().contains_key("cache-control"));
        let body: Value = serde_json::from_slice(response.body()).expect("JSON");
        let expected = json!({"error": "Two are wrong", "status": 400, "request_id": "id", "errors": [
            {"name": "page", "place": "query", "expected": "a number", "got": "\"two\" <b>"},
            {"name": "title", "place": "form", "expected": "text"},
        ]});
        assert_eq!(body, expected);
    }

    #[test]
    fn problem_details_are_there_for_those_who_chose_them() {
        let errors = list();
        let document = ErrorDocument::new(StatusCode::BAD_REQUEST, "Two are wrong", "id");
        let document = document.errors(&errors).instance("/posts/7");
        let settings = ErrorSettings::default().problem_details(true);
        for accept in [None, Some("*/*"), Some("application/problem+json, text/html")] {
            let response = error_page(accept, &document, settings);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            let body: Value = serde_json::from_slice(response.body()).expect("JSON");
            let expected = json!({"type": "about:blank", "title": "Bad Request", "status": 400,
                "detail": "Two are wrong", "instance": "/posts/7", "request_id": "id", "errors": [
                    {"name": "page", "place": "query", "expected": "a number", "got": "\"two\" <b>"},
                    {"name": "title", "place": "form", "expected": "text"},
            ]});
            assert_eq!(body, expected);
        }
        let page = error_page(BROWSER, &document, settings);
        assert_eq!(page.headers()["content-type"], "text/html; charset=UTF-8");
        let unknown = ErrorDocument::new(StatusCode::from_u16(599).expect("a status"), "?", "id");
        let body: Value = serde_json::from_slice(error_page(None, &unknown, settings).body()).expect("JSON");
        assert_eq!(body["title"], "Server Error");
    }

    #[test]
    fn browsers_get_a_page() {
        let errors = list();
        let document = ErrorDocument::new(StatusCode::BAD_REQUEST, "a < b", "<id>").errors(&errors);
        let response = error_page(BROWSER, &document, ErrorSettings::default());
        assert_eq!(response.headers()["content-type"], "text/html; charset=UTF-8");
        assert_eq!(
            response.body(),
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"UTF-8\"><title>400 Bad Request</title></head>\n\
             <body><h1>400 Bad Request</h1><p>a &lt; b</p><ul><li>query page: expected a number, got \
             &quot;two&quot; &lt;b&gt;</li><li>form title: expected text</li></ul>\
             <p><small>Request &lt;id&gt;</small></p></body></html>\n"
        );
    }

    #[test]
    fn what_the_server_did_wrong_is_not_stored() {
        for (status, stored) in
            [(400, true), (404, true), (499, true), (500, false), (504, false), (599, false)]
        {
            let status = StatusCode::from_u16(status).expect("a status");
            for accept in [None, BROWSER] {
                let document = ErrorDocument::new(status, "x", "id");
                let response = error_page(accept, &document, ErrorSettings::default());
                let control = response.headers().get("cache-control");
                assert_eq!(control.map(|value| value == "no-store"), (!stored).then_some(true), "{status}");
            }
        }
    }

    #[test]
    fn nothing_gets_out_of_the_page() {
        let mut page = String::new();
        escape(&mut page, "<a href=\"x\">'&");
        assert_eq!(page, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }
}
