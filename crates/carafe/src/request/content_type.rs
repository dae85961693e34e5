//! Content types of request bodies.

/// The kind of body that a content type announces.
pub(crate) enum Kind {
    Urlencoded,
    Multipart,
    Json,
    Other,
}

/// Tells the kind by the type without its parameters, whatever the case (RFC 9110 §8.3.1).
pub(crate) fn kind(content_type: &str) -> Kind {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is = |name: &str| essence.eq_ignore_ascii_case(name);
    let suffix = essence.len().checked_sub(5).and_then(|at| essence.get(at..));
    if is("application/x-www-form-urlencoded") {
        Kind::Urlencoded
    } else if is("multipart/form-data") {
        Kind::Multipart
    } else if is("application/json") || suffix.is_some_and(|end| end.eq_ignore_ascii_case("+json")) {
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
