//! What a parameter of a path may look like.

use crate::Expression;

/// The restriction behind a parameter's name, `<id:int>`. No value is ever empty, whatever the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `<name>`: one or more characters, up to the next `/`.
    None,
    /// `<id:int>`: an optional minus and ASCII digits, as many as there are.
    Int,
    /// `<x:float>`: an optional minus and ASCII digits with at most one dot: `5`, `-1.5`, `5.`, `.5`; no exponent.
    Float,
    /// `<rest:path>`: anything, also across `/`.
    Path,
    /// `<code:re:[a-z]+>`: what the expression accepts from the first to the last character, also across `/`.
    ///
    /// A `<` has to be closed inside the expression, as in `(?<year>\d+)`; alone it is `\x3C`, and `>` alone is `\x3E`.
    Re(Expression),
}

impl Filter {
    /// Whether a value may have a `/` between its pieces.
    #[must_use]
    pub fn crosses(&self) -> bool {
        matches!(self, Filter::Path | Filter::Re(_))
    }
}
