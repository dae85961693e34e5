//! Parameters as other frameworks write them, and how to write them here.
//!
//! Taken as text, they would make a route that no request reaches, and arguments that are read from the query instead.

use super::token::is_name;
use crate::regex::Regex;

/// Something that is a parameter elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Foreign<'p> {
    /// What was written.
    pub(crate) text: &'p str,
    /// What to write instead.
    pub(crate) instead: String,
}

/// Reads `{id}`, `{id:[0-9]+}` or `{*rest}` at the beginning of a text, as in axum, actix, FastAPI and OpenAPI.
pub(crate) fn braced(text: &str) -> Option<Foreign<'_>> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 0_usize;
    let end = inner.char_indices().find_map(|(at, letter)| match letter {
        '}' if depth == 0 => Some(at),
        '}' => {
            depth -= 1;
            None
        }
        '{' => {
            depth += 1;
            None
        }
        _ => None,
    })?;
    let inner = inner.get(..end)?;
    let (name, config) = match inner.split_once(':') {
        Some((name, config)) => (name, Some(config)),
        None => (inner, None),
    };
    let bare = name.trim_start_matches('*').trim_end_matches("...");
    let is_rest = bare.len() < name.len();
    let own = bare.replace('-', "_");
    if !is_name(&own) {
        return None;
    }
    let instead = match config {
        _ if is_rest => format!("<{own}:path>"),
        Some(".*" | ".+") => format!("<{own}:path>"),
        Some(filter @ ("int" | "float" | "path")) => format!("<{own}:{filter}>"),
        Some(regex) if is_regex(regex) => format!("<{own}:re:{regex}>"),
        Some(_) | None => format!("<{own}>"),
    };
    // The two braces around it.
    Some(Foreign { text: text.get(..end + 2)?, instead })
}

/// Reads a segment `:id`, `*` or `*rest` at the beginning of a text, as in Express, Sinatra and Gin.
pub(crate) fn prefixed(text: &str) -> Option<Foreign<'_>> {
    let segment = text.split(['/', '?']).next()?;
    let instead = if let Some(name) = segment.strip_prefix(':') {
        is_name(name).then(|| format!("<{name}>"))
    } else {
        match segment.strip_prefix('*')? {
            "" | "*" => Some("<rest:path>".to_owned()),
            name => is_name(name).then(|| format!("<{name}:path>")),
        }
    };
    Some(Foreign { text: segment, instead: instead? })
}

/// Returns what to write for a parameter `<path..>`, as in Rocket, from what stands between its brackets.
pub(crate) fn dotted(inside: &str) -> Option<String> {
    match inside.strip_suffix("..")? {
        "" | "_" => Some("<rest:path>".to_owned()),
        name => is_name(name).then(|| format!("<{name}:path>")),
    }
}

/// Returns what to write for a parameter `<int:id>`, as in Flask and Django, whose filter comes first.
pub(crate) fn filter_first(filter: &str, name: &str) -> Option<String> {
    if !is_name(name) {
        return None;
    }
    match filter {
        "int" | "float" | "path" => Some(format!("<{name}:{filter}>")),
        "str" | "string" | "slug" | "uuid" => Some(format!("<{name}>")),
        _ => None,
    }
}

/// Returns whether a text behind a colon is a regular expression that can be a filter as it is, and no word.
fn is_regex(text: &str) -> bool {
    !text.is_empty() && !is_name(text) && !text.contains(['<', '>']) && Regex::parse(text).1.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_others_are_told_from_text() {
        for (text, expected) in [
            ("{id}", Some(("{id}", "<id>"))),
            ("{id}.json/x", Some(("{id}", "<id>"))),
            ("{user-id}", Some(("{user-id}", "<user_id>"))),
            ("{id:[0-9]+}", Some(("{id:[0-9]+}", "<id:re:[0-9]+>"))),
            ("{id:[0-9]{2}}/x", Some(("{id:[0-9]{2}}", "<id:re:[0-9]{2}>"))),
            ("{id:[^/]+}", Some(("{id:[^/]+}", "<id:re:[^/]+>"))),
            ("{id:[<]}", Some(("{id:[<]}", "<id>"))),
            ("{id:(}", Some(("{id:(}", "<id>"))),
            ("{id:}", Some(("{id:}", "<id>"))),
            ("{id:uuid}", Some(("{id:uuid}", "<id>"))),
            ("{id:int}", Some(("{id:int}", "<id:int>"))),
            ("{file:path}", Some(("{file:path}", "<file:path>"))),
            ("{file:.*}", Some(("{file:.*}", "<file:path>"))),
            ("{*rest}", Some(("{*rest}", "<rest:path>"))),
            ("{**rest}", Some(("{**rest}", "<rest:path>"))),
            ("{rest...}", Some(("{rest...}", "<rest:path>"))),
            ("{}", None),
            ("{1}", None),
            ("{a b}", None),
            ("{{id}}", None),
            ("{id", None),
            ("id}", None),
            ("", None),
        ] {
            let found = braced(text);
            let found = found.as_ref().map(|found| (found.text, &*found.instead));
            assert_eq!(found, expected, "{text}");
        }
        for (text, expected) in [
            (":id", Some((":id", "<id>"))),
            (":id/x", Some((":id", "<id>"))),
            (":id?<q>", Some((":id", "<id>"))),
            ("*", Some(("*", "<rest:path>"))),
            ("**", Some(("**", "<rest:path>"))),
            ("*rest", Some(("*rest", "<rest:path>"))),
            (":", None),
            (":1", None),
            ("::id", None),
            ("***", None),
            ("*.png", None),
            ("v1:batch", None),
            ("users", None),
            ("", None),
        ] {
            let found = prefixed(text);
            let found = found.as_ref().map(|found| (found.text, &*found.instead));
            assert_eq!(found, expected, "{text}");
        }
        for (inside, expected) in [
            ("path..", Some("<path:path>")),
            ("rest..", Some("<rest:path>")),
            ("_..", Some("<rest:path>")),
            ("..", Some("<rest:path>")),
            ("a b..", None),
            ("path", None),
        ] {
            assert_eq!(dotted(inside).as_deref(), expected, "{inside}");
        }
        for (filter, name, expected) in [
            ("int", "id", Some("<id:int>")),
            ("path", "rest", Some("<rest:path>")),
            ("uuid", "id", Some("<id>")),
            ("id", "tin", None),
            ("int", "3", None),
        ] {
            assert_eq!(filter_first(filter, name).as_deref(), expected, "{filter}:{name}");
        }
    }
}
