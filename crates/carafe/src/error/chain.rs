//! An error and its causes in words, for the log and for `main`.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

/// The most causes of an error that are looked at: an error may be its own cause.
const MOST_CAUSES: usize = 32;
/// The most bytes of words: an error may also write without end. The log shows no more of a text.
const MOST_WORDS: usize = 8 * 1024;

/// Returns an error and its causes, as many as are looked at.
pub(crate) fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause: &&'e (dyn StdError + 'static)| (*cause).source())
        .take(MOST_CAUSES)
}

/// Returns an error and its causes in one line.
pub(crate) fn words(error: &(dyn StdError + 'static)) -> String {
    let mut words = Words::default();
    let whole = causes(error).enumerate().try_for_each(|(number, cause)| {
        let colon = if number == 0 { "" } else { ": " };
        write!(words, "{colon}{cause}")
    });
    let deeper = causes(error).last().is_some_and(|last| last.source().is_some());
    if whole.is_err() || deeper {
        words.0.push_str(if words.0.len() < MOST_WORDS && deeper { ": …" } else { "…" });
    }
    words.0
}

/// Text up to the limit; what writes more gets an error, at which it stops.
#[derive(Default)]
struct Words(String);

impl fmt::Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MOST_WORDS.saturating_sub(self.0.len());
        let fits = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        self.0.push_str(fits);
        if fits.len() < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_CAUSES, MOST_WORDS, StdError, causes, fmt, words};

    /// Its own cause, with this text.
    #[derive(Debug)]
    struct Endless(String);

    impl fmt::Display for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.0)
        }
    }

    impl StdError for Endless {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(self)
        }
    }

    /// Writes without end.
    #[derive(Debug)]
    struct Talkative;

    impl fmt::Display for Talkative {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            loop {
                f.write_str("and so ön ")?;
            }
        }
    }

    impl StdError for Talkative {}

    #[derive(Debug)]
    struct Chained(&'static str, Option<Box<Chained>>);

    impl fmt::Display for Chained {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Chained {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.1.as_deref().map(|cause| -> &(dyn StdError + 'static) { cause })
        }
    }

    #[test]
    fn a_chain_is_one_line() {
        assert_eq!(words(&Chained("top", None)), "top");
        let chain = Chained("top", Some(Box::new(Chained("middle", Some(Box::new(Chained("root", None)))))));
        assert_eq!(words(&chain), "top: middle: root");
        let longest =
            (1..MOST_CAUSES).fold(Chained("x", None), |cause, _| Chained("x", Some(Box::new(cause))));
        assert_eq!(words(&longest), vec!["x"; MOST_CAUSES].join(": "), "whole");
    }

    #[test]
    fn an_error_that_does_not_end_is_cut() {
        let deep = Endless("again".to_owned());
        assert_eq!(words(&deep), vec!["again"; MOST_CAUSES].join(": ") + ": …");
        assert_eq!(causes(&deep).count(), MOST_CAUSES);
        for long in [words(&Talkative), words(&Endless("ü".repeat(5000)))] {
            assert!(long.len() <= MOST_WORDS + "…".len() && long.len() > MOST_WORDS - 2, "{}", long.len());
            assert!(long.ends_with('…') && !long.ends_with(": …"), "{long}");
        }
    }
}
