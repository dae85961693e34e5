//! Paths as other frameworks write them: legal text here, and almost never what was meant.

use std::ops::Range;

/// Each piece of the path that looks like a parameter elsewhere, and what to write instead.
pub(crate) fn pieces(rule: &str) -> Vec<(Range<usize>, String)> {
    let path = rule.split('?').next().unwrap_or_default();
    let mut start = 0;
    let mut found = Vec::new();
    for segment in path.split('/') {
        let range = start..start + segment.len();
        start = range.end + 1;
        if let Some(instead) = instead(segment) {
            found.push((range, format!("`{segment}` is plain text here; write `{instead}`")));
        }
    }
    found
}

fn instead(segment: &str) -> Option<String> {
    if let Some(inner) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return if let Some(rest) = inner.strip_prefix('*') {
            is_name(rest).then(|| format!("<{rest}:path>"))
        } else {
            let name = inner.split(':').next().unwrap_or_default();
            is_name(name).then(|| format!("<{name}>"))
        };
    }
    if let Some(name) = segment.strip_prefix(':') {
        return is_name(name).then(|| format!("<{name}>"));
    }
    let rest = segment.strip_prefix('*')?;
    match rest {
        "" | "*" => Some("<rest:path>".to_owned()),
        name => is_name(name).then(|| format!("<{name}:path>")),
    }
}

fn is_name(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_of_others_are_told_from_text() {
        for (segment, expected) in [
            ("{id}", Some("<id>")),
            ("{id:[0-9]+}", Some("<id>")),
            ("{*rest}", Some("<rest:path>")),
            (":id", Some("<id>")),
            ("*", Some("<rest:path>")),
            ("**", Some("<rest:path>")),
            ("*rest", Some("<rest:path>")),
            ("v1:batch", None),
            (":", None),
            ("{}", None),
            ("users", None),
            ("<id>", None),
        ] {
            assert_eq!(instead(segment).as_deref(), expected, "{segment}");
        }
    }

    #[test]
    fn the_place_is_the_segment() {
        let found = pieces("/users/:id/{x}?<q>");
        let places: Vec<_> = found.into_iter().map(|(range, _)| range).collect();
        assert_eq!(places, [7..10, 11..14]);
    }
}
