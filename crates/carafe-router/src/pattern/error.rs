//! What is wrong with a pattern.

use std::ops::Range;

/// A mistake in a pattern: where it is, what is wrong, and what to write instead.
///
/// ```
/// let errors = carafe_router::Pattern::parse("/posts/<id:tin>").unwrap_err();
/// assert_eq!(errors[0].at, 11..14);
/// assert_eq!(errors[0].to_string(), "unknown filter `tin`; did you mean `int`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The bytes of the pattern that are wrong.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl std::fmt::Display for PatternError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for PatternError {}
