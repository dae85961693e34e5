//! What an error looks like when no catcher makes it look otherwise.

use http::header::{ACCEPT, CACHE_CONTROL, HeaderValue};
use serde::Serialize;

use crate::error::Error;
use crate::request::Request;
use crate::response::{Response, typed};

/// The same facts as the page, for programs.
#[derive(Serialize)]
struct Facts<'a> {
    error: &'a str,
    status: u16,
    request_id: &'a str,
}

/// A small page for those who prefer HTML, else JSON.
pub(crate) fn page(request: &Request, error: &Error) -> Response {
    let facts = Facts {
        error: error.message(),
        status: error.status().as_u16(),
        request_id: &request.context().request_id,
    };
    let html = request.header(ACCEPT.as_str()).is_some_and(prefers_html);
    let mut response = if html {
        typed("text/html; charset=UTF-8", html_page(&facts, error.status().canonical_reason()))
    } else {
        // A text, a number and a text always are JSON.
        typed("application/json", serde_json::to_vec(&facts).unwrap_or_default())
    };
    *response.status_mut() = error.status();
    add_headers(&mut response, error);
    if error.status().is_server_error() {
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

fn html_page(facts: &Facts<'_>, reason: Option<&str>) -> String {
    let title = match reason {
        Some(reason) => format!("{} {reason}", facts.status),
        None => facts.status.to_string(),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"UTF-8\"><title>{title}</title></head>\n\
         <body><h1>{title}</h1><p>{}</p><p><small>Request {}</small></p></body></html>\n",
        escape(facts.error),
        escape(facts.request_id),
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
            Some(weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0)))
        })
    };
    match (quality("text/html"), quality("application/json")) {
        (Some(html), Some(json)) => html > json,
        (Some(html), None) => html > 0.0,
        (None, _) => false,
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
