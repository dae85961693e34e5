//! What the value of a path parameter may look like.

use crate::regex::Regex;

/// The restriction behind a parameter's name, as in `<id:int>`. No filter accepts an empty value.
///
/// ```
/// use carafe_router::{Filter, Pattern};
///
/// let pattern = Pattern::parse("/<id:int>/<rest:path>")?;
/// let filters: Vec<&Filter> = pattern.params().map(|param| &param.filter).collect();
/// assert_eq!(filters, [&Filter::Int, &Filter::Path]);
/// assert!(Filter::Path.crosses() && !Filter::Int.crosses());
/// # Ok::<(), carafe_router::PatternErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filter {
    /// `<name>`: one or more characters, up to the next `/`.
    None,
    /// `<id:int>`: an optional minus and ASCII digits, as many as there are.
    Int,
    /// `<x:float>`: an optional minus and ASCII digits with at most one dot: `5`, `-1.5`, `5.`, `.5`; no exponent.
    Float,
    /// `<rest:path>`: anything, also across `/`.
    Path,
    /// `<code:re:[a-z]+>`: text that the regular expression matches from its first to its last character, also across `/`.
    ///
    /// A `<` has to be closed inside the expression, as in `(?<year>\d+)`; alone it is `\x3C`, and `>` alone is `\x3E`.
    Re(Regex),
}

impl Filter {
    /// Returns whether a value may contain a `/` that separates segments.
    #[must_use]
    pub fn crosses(&self) -> bool {
        matches!(self, Filter::Path | Filter::Re(_))
    }
}
