//! Names of files: which are served, and those with a hash in them.

#[cfg(feature = "templates")]
use std::path::Path;

/// The file that stands for its folder.
pub(super) const INDEX: &str = "index.html";

/// The hexadecimal digits in a name: 64 bits.
const DIGITS: usize = 16;

/// Returns whether a file of this name may be sent: no part of it begins with a dot, except `.well-known` (RFC 8615), none is
/// empty, and none has a backslash, which some systems take for a slash.
pub(super) fn is_served(name: &str) -> bool {
    let mut parts = name.strip_prefix(".well-known/").unwrap_or(name).split('/');
    parts.all(|part| !part.is_empty() && !part.starts_with('.')) && !name.contains(['\\', '\0'])
}

/// Returns whether a path has a percent-encoded slash or backslash.
pub(super) fn has_encoded_slash(raw_path: &str) -> bool {
    let mut escapes = raw_path.split('%').skip(1);
    escapes.any(|rest| rest.get(..2).is_some_and(|hex| matches!(hex, "2F" | "2f" | "5C" | "5c")))
}

/// Puts the first digits of a hash in front of the ending of a name.
pub(super) fn with_hash(name: &str, hash: &str) -> String {
    let hash = hash.get(..DIGITS).unwrap_or(hash);
    let (before, after) = split(name);
    format!("{before}.{hash}{after}")
}

/// Returns the name as it was without a hash, and the hash, if it looks as if there were one.
pub(super) fn without_hash(name: &str) -> Option<(String, &str)> {
    let (before, ending) = split(name);
    let (stem, ending, hash) = match before.rsplit_once('.') {
        Some((stem, hash)) if is_hash(hash) => (stem, ending, hash),
        // The file's own name has no ending.
        _ => (before, "", ending.strip_prefix('.').filter(|hash| is_hash(hash))?),
    };
    Some((format!("{stem}{ending}"), hash))
}

fn is_hash(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Splits a name in front of the last dot of its last part.
fn split(name: &str) -> (&str, &str) {
    let part = name.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name.get(part..).and_then(|last| last.rfind('.')).map(|dot| part + dot);
    name.split_at_checked(dot.unwrap_or(name.len())).unwrap_or((name, ""))
}

/// Returns the names of all files in a folder that are served, sorted. What cannot be read is left out: it is missed where it is
/// needed.
#[cfg(feature = "templates")]
pub(super) fn below(directory: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![(directory.to_owned(), String::new())];
    while let Some((directory, prefix)) = open.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let Ok(own) = entry.file_name().into_string() else { continue };
            let name = format!("{prefix}{own}");
            // A link to a folder may lead in a circle.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push((entry.path(), format!("{name}/")));
            } else if is_served(&name) {
                names.push(name);
            }
        }
    }
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::{has_encoded_slash, is_served, with_hash, without_hash};

    const HASH: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_hash_goes_in_and_comes_out() {
        for (name, hashed) in [
            ("app.css", "app.0123456789abcdef.css"),
            ("a/b.c/app.min.js", "a/b.c/app.min.0123456789abcdef.js"),
            ("a.b/LICENSE", "a.b/LICENSE.0123456789abcdef"),
            ("dump.tar.gz", "dump.tar.0123456789abcdef.gz"),
        ] {
            assert_eq!(with_hash(name, HASH), hashed);
            assert_eq!(without_hash(hashed), Some((name.to_owned(), "0123456789abcdef")), "{hashed}");
        }
        for name in ["", "app.css", "app.0123456789ABCDEF.css", "app.0123456789abcde.css", "0123456789abcdef"]
        {
            assert_eq!(without_hash(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_are_served() {
        for name in ["a", "a/b.c", "a..b", "a.", "a ", ".well-known/security.txt", "a/b..."] {
            assert!(is_served(name), "{name}");
        }
        for name in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "...",
            "../a",
            "a/../b",
            ".env",
            "a/.git/config",
            "a\\b",
            "..\\a",
            "C:\\a",
            "a\0",
            ".well-known/.env",
            "a/.well-known/b",
            ".well-known",
            ".well-known/",
        ] {
            assert!(!is_served(name), "{name}");
        }
        assert!(has_encoded_slash("/a%2Fb") && has_encoded_slash("/%20%5c") && !has_encoded_slash("/a%20%2"));
    }
}
