//! What an error looks like when no catcher makes it look otherwise.

use http::StatusCode;
use http::header::{ACCEPT, CACHE_CONTROL, HeaderValue};

use crate::error::Error;
use crate::request::Request;
use crate::response::{Response, typed};

/// A small page for those who prefer HTML, else JSON.
pub(crate) fn page(request: &Request, error: &Error) -> Response {
    let (status, id) = (error.status(), &request.context().request_id);
    let html = request.header(ACCEPT.as_str()).is_some_and(prefers_html);
    let mut response = if html {
        typed("text/html; charset=UTF-8", html_page(error.message(), status, id))
    } else {
        typed("application/json", carafe_lambda::error_document(error.message(), status, id))
    };
    *response.status_mut() = status;
    add_headers(&mut response, error);
    if status.is_server_error() {
        let headers = response.headers_mut();
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// The headers of an error, where the answer has none of that name.
pub(crate) fn add_headers(response: &mut Response, error: &Error) {
    for (name, value) in error.headers().into_iter().flatten() {
        if !response.headers().contains_key(name)
            || error.headers().is_some_and(|all| all.get_all(name).iter().count() > 1)
        {
            response.headers_mut().append(name, value.clone());
        }
    }
}

fn html_page(message: &str, status: StatusCode, request_id: &str) -> String {
    let title = match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_str()),
        None => status.as_str().to_owned(),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"UTF-8\"><title>{title}</title></head>\n\
         <body><h1>{title}</h1><p>{}</p><p><small>Request {}</small></p></body></html>\n",
        escape(message),
        escape(request_id),
    )
}

/// Text inside an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Whether HTML is asked for by name, and JSON not more so (RFC 9110 §12.5.1). A bare `*/*` is a program.
fn prefers_html(accept: &str) -> bool {
    let quality = |wanted: &str| {
        let mut ranges = accept.split(',').map(|range| range.split(';').map(str::trim));
        ranges.find_map(|mut parts| {
            parts.next().filter(|name| name.eq_ignore_ascii_case(wanted))?;
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(weight.map_or(1000, thousandths))
        })
    };
    match (quality("text/html"), quality("application/json")) {
        (Some(html), Some(json)) => html > json,
        (Some(html), None) => html > 0,
        (None, _) => false,
    }
}

/// A weight (RFC 9110 §12.4.2); what is none wants nothing. A number in floating point would bring 14 KB of tables into every
/// program.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    let fraction =
        fraction.bytes().zip([100, 10, 1]).map(|(digit, unit)| u16::from(digit - b'0') * unit).sum();
    match whole {
        "0" => fraction,
        "1" => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{escape, prefers_html};

    #[test]
    fn browsers_get_a_page() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("*/*", false),
            ("application/json", false),
            ("application/json, text/html", false),
            ("application/json;q=0.5, text/html", true),
            ("text/html;q=0", false),
            ("TEXT/HTML; q=0.1", true),
            ("application/json;q=0.85, text/html;q=0.9", true),
            ("application/json;q=0.123, text/html;q=0.122", false),
            ("application/json;q=0.999, text/html;q=1.000", true),
            ("text/html;q=0.", false),
            ("text/html;q=x", false),
            ("text/html;q=-1", false),
            ("text/html;q=inf", false),
            ("", false),
        ] {
            assert_eq!(prefers_html(accept), html, "{accept}");
        }
    }

    #[test]
    fn nothing_gets_out_of_the_page() {
        assert_eq!(escape("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }
}
