//! What a parameter of a path may look like.

use std::borrow::Cow;

/// The restriction behind a parameter's name, `<id:int>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Anything but a `/`.
    None,
    /// An optional minus and digits.
    Int,
    /// A minus, digits and dots that are a number.
    Float,
    /// Anything, also across `/`.
    Path,
    /// What a regular expression accepts, also across `/`.
    Re(Cow<'static, str>),
}

impl Filter {
    /// Whether a value may have a `/` between its pieces.
    #[must_use]
    pub fn crosses(&self) -> bool {
        matches!(self, Filter::Path | Filter::Re(_))
    }
}
