//! Content types of request bodies.

/// The kind of body that a content type announces.
pub(crate) enum Kind {
    Urlencoded,
    Multipart,
    Json,
    Other,
}

/// The types of JSON that neither are `application/json` nor end in `+json` (RFC 6839 §3.1): the WHATWG's other JSON type
/// (MIME Sniffing §4.6), the two of JSON-RPC over HTTP, and that of browsers' reports on a content security policy. None is
/// one that a page of another site can send without asking (Fetch §2.2.2); `text/plain` is, and is not JSON.
const OTHER_JSON: [&str; 4] =
    ["text/json", "application/json-rpc", "application/jsonrequest", "application/csp-report"];

/// Tells the kind by the type without its parameters, whatever the case (RFC 9110 §8.3.1).
pub(crate) fn kind(content_type: &str) -> Kind {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is = |name: &str| essence.eq_ignore_ascii_case(name);
    let suffix = essence.len().checked_sub(5).and_then(|at| essence.get(at..));
    let is_json = || {
        let has_suffix = suffix.is_some_and(|end| end.eq_ignore_ascii_case("+json"));
        has_suffix || OTHER_JSON.into_iter().any(is)
    };
    if is("application/x-www-form-urlencoded") {
        Kind::Urlencoded
    } else if is("multipart/form-data") {
        Kind::Multipart
    } else if is("application/json") || is_json() {
        Kind::Json
    } else {
        Kind::Other
    }
}

/// Quotes a content type for a message.
pub(crate) fn quoted(content_type: Option<&str>) -> String {
    match content_type {
        Some(text) => format!("`{}`", text.chars().take(80).collect::<String>()),
        None => "no content type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_go_by_the_type_alone() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            " application/json ;x",
            "application/vnd.api+json",
            "application/problem+JSON",
            "text/json",
            "application/json-rpc",
            "application/jsonrequest",
            "application/csp-report",
        ] {
            assert!(matches!(kind(json), Kind::Json), "{json}");
        }
        for other in [
            "",
            ";",
            "text/plain",
            "text/plain; application/json",
            "application/json5",
            "application/json-seq",
            "application/x-ndjson",
            "application/xml",
            "json",
            "+json2",
            "é+json2",
        ] {
            assert!(matches!(kind(other), Kind::Other), "{other}");
        }
        assert!(matches!(kind("Application/X-WWW-Form-Urlencoded;charset=x"), Kind::Urlencoded));
        assert!(matches!(kind("multipart/form-data;boundary=x"), Kind::Multipart));
    }
}
