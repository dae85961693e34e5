//! What is wrong with a pattern.

use std::fmt;
use std::ops::Range;

/// A mistake in a pattern: where it is, what is wrong, and what to write instead.
///
/// ```
/// let errors = carafe_router::Pattern::parse("/posts/<id:tin>").unwrap_err();
/// let error = &errors.as_slice()[0];
/// assert_eq!(error.at, 11..14);
/// assert_eq!(error.to_string(), "unknown filter `tin`; did you mean `int`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatternError {
    /// The bytes of the pattern that are wrong.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for PatternError {}

/// All mistakes in a pattern, in the order of the pattern; there is at least one.
///
/// ```
/// let errors = carafe_router::Pattern::parse("/<id:tin>/<id>").unwrap_err();
/// assert_eq!(
///     errors.to_string(),
///     "pattern `/<id:tin>/<id>`: unknown filter `tin`; did you mean `int`?\n\
///      pattern `/<id:tin>/<id>`: the parameter `id` is there twice; give each a name of its own"
/// );
/// for error in &errors {
///     assert!(!error.help.is_empty());
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternErrors {
    pattern: String,
    errors: Vec<PatternError>,
}

impl PatternErrors {
    /// Wraps the mistakes in a pattern, of which there is at least one.
    pub(crate) fn new(pattern: &str, errors: Vec<PatternError>) -> PatternErrors {
        PatternErrors { pattern: pattern.to_owned(), errors }
    }

    /// Returns the pattern as it was written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Returns the mistakes.
    #[must_use]
    pub fn as_slice(&self) -> &[PatternError] {
        &self.errors
    }

    /// Iterates over the mistakes.
    pub fn iter(&self) -> std::slice::Iter<'_, PatternError> {
        self.errors.iter()
    }
}

impl fmt::Display for PatternErrors {
    /// Writes one line for each mistake.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, error) in self.errors.iter().enumerate() {
            let separator = if number > 0 { "\n" } else { "" };
            write!(f, "{separator}pattern `{}`: {error}", self.pattern)?;
        }
        Ok(())
    }
}

impl std::error::Error for PatternErrors {}

impl IntoIterator for PatternErrors {
    type Item = PatternError;
    type IntoIter = std::vec::IntoIter<PatternError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.into_iter()
    }
}

impl<'e> IntoIterator for &'e PatternErrors {
    type Item = &'e PatternError;
    type IntoIter = std::slice::Iter<'e, PatternError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.iter()
    }
}
