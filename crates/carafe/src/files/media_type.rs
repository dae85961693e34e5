//! Media types by the end of a file's name: those a small site has. `(Mime, File)` says any other.

/// Sorted by name. Text is UTF-8.
const TYPES: [(&str, &str); 33] = [
    ("avif", "image/avif"),
    ("css", "text/css; charset=UTF-8"),
    ("csv", "text/csv; charset=UTF-8"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html; charset=UTF-8"),
    ("html", "text/html; charset=UTF-8"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ics", "text/calendar; charset=UTF-8"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=UTF-8"),
    ("json", "application/json"),
    ("md", "text/markdown; charset=UTF-8"),
    ("mjs", "text/javascript; charset=UTF-8"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain; charset=UTF-8"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xhtml", "application/xhtml+xml"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// Returns the type of a file by its name, else that of plain bytes.
pub(crate) fn of(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase());
    let found = TYPES.binary_search_by_key(&end.as_str(), |(own, _)| own).ok();
    found.and_then(|at| TYPES.get(at)).map_or("application/octet-stream", |(_, kind)| kind)
}

/// Returns the type of what a template makes, else that of text. `page.html.j2` makes `page.html`.
#[cfg(feature = "templates")]
pub(crate) fn of_template(name: &str) -> &'static str {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_jinja = ["j2", "jinja", "jinja2"].iter().any(|own| end.eq_ignore_ascii_case(own));
    match of(if is_jinja { stem } else { name }) {
        "application/octet-stream" => "text/plain; charset=UTF-8",
        kind => kind,
    }
}

/// What a client makes of a text: whether it can have scripts in it, and how a value is written there so that it has
/// none.
#[cfg(feature = "templates")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// HTML and XML: browsers run the scripts of both, in whatever kind of XML (SVG, feeds, XSLT) they are.
    Markup,
    /// JavaScript and JSON, in which a value is a literal.
    Script,
    /// Text without scripts.
    Text,
}

/// Returns the syntax of a type of the table.
#[cfg(feature = "templates")]
pub(crate) fn syntax(kind: &str) -> Syntax {
    let essence = kind.split(';').next().unwrap_or_default();
    match essence {
        "text/html" | "application/xml" | "text/xml" => Syntax::Markup,
        "text/javascript" | "application/json" => Syntax::Script,
        _ if essence.ends_with("+xml") => Syntax::Markup,
        _ if essence.ends_with("+json") => Syntax::Script,
        _ => Syntax::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::{TYPES, of};

    #[test]
    fn types_are_found() {
        assert!(TYPES.is_sorted());
        for (name, kind) in TYPES {
            assert_eq!(of(&format!("a.b.{}", name.to_uppercase())), kind);
        }
        for name in ["", "png", ".", "a.unknown", "a.png.bak"] {
            assert_eq!(of(name), "application/octet-stream", "{name}");
        }
    }
}
