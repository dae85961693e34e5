//! How much of a text the log shows.

use std::borrow::Cow;

/// The most bytes of one text from outside: a path, a header, what an error says. Each may become six when it is escaped, and
/// a whole line should stay below the 256 KB of an event in CloudWatch Logs.
const LONGEST: usize = 8 * 1024;

/// Returns a text as the log shows it: the start of one that is too long. Inlined, because a line has several and hardly one
/// is too long.
#[inline(always)]
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST { Cow::Borrowed(text) } else { Cow::Owned(start_of(text)) }
}

#[cold]
fn start_of(text: &str) -> String {
    let start = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, shown};

    #[test]
    fn long_texts_are_cut_between_characters() {
        for (text, expected) in [
            (String::new(), String::new()),
            ("x".repeat(LONGEST), "x".repeat(LONGEST)),
            ("x".repeat(LONGEST + 1), "x".repeat(LONGEST) + "…"),
            ("ü".repeat(LONGEST), "ü".repeat(LONGEST / 2) + "…"),
            ("x".to_owned() + &"ü".repeat(LONGEST), "x".to_owned() + &"ü".repeat(LONGEST / 2 - 1) + "…"),
        ] {
            assert_eq!(shown(&text), expected);
        }
    }
}
