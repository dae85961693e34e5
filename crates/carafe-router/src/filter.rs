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

    /// Whether the decoded text fits, without a regular expression's say.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        match self {
            Filter::None | Filter::Path | Filter::Re(_) => true,
            Filter::Int => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            }
            Filter::Float => {
                let number = text.strip_prefix('-').unwrap_or(text);
                number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                    && number.parse::<f64>().is_ok()
            }
        }
    }
}
