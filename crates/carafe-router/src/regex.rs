//! The regular expression of a `re` filter, and its compiled form.

use std::borrow::Cow;
use std::fmt;

/// The regular expression behind `re:`, which has to match a value from its first to its last character.
///
/// The syntax is that of the crate `regex-lite`: linear time, no look-around, no back-references.
///
/// The value holds the function that compiles it, and nothing else in this crate names that function: a program without
/// a `re` filter is linked without `regex-lite`.
///
/// ```
/// # fn main() -> Result<(), carafe_router::PatternErrors> {
/// use carafe_router::{Filter, Pattern, Regex};
///
/// let pattern = Pattern::parse("/<code:re:[a-z]+>")?;
/// let filter = pattern.params().next().map(|param| &param.filter);
/// assert_eq!(filter, Some(&Filter::Re(Regex::from_static("[a-z]+"))));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Regex {
    text: Cow<'static, str>,
    compile: fn(&str) -> Option<Compiled>,
}

impl Regex {
    /// Wraps an expression that the macro has checked. A text that does not compile accepts no value.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Regex {
        Regex { text: Cow::Borrowed(text), compile }
    }

    /// Wraps an expression and checks it, also without the anchors: `a)|(?:b` is valid only between them.
    pub(crate) fn parse(text: &str) -> (Regex, Result<(), regex_lite::Error>) {
        let checked = regex_lite::Regex::new(text).and_then(|_| regex_lite::Regex::new(&anchored(text)));
        (Regex { text: Cow::Owned(text.to_owned()), compile }, checked.map(drop))
    }

    /// Returns the expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Compiles the expression.
    pub(crate) fn compile(&self) -> Option<Compiled> {
        (self.compile)(&self.text)
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Regex) -> bool {
        self.text == other.text
    }
}

impl Eq for Regex {}

impl fmt::Display for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A compiled expression, in a form that does not name `regex-lite`.
pub(crate) struct Compiled(Box<dyn Fn(&str) -> bool + Send + Sync>);

impl Compiled {
    /// Returns whether the expression matches the whole value.
    pub(crate) fn accepts(&self, value: &str) -> bool {
        (self.0)(value)
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiled")
    }
}

fn compile(expression: &str) -> Option<Compiled> {
    let compiled = regex_lite::Regex::new(&anchored(expression)).ok()?;
    Some(Compiled(Box::new(move |value| compiled.is_match(value))))
}

/// Anchors an expression at both ends of the value.
fn anchored(expression: &str) -> String {
    format!("^(?:{expression})$")
}
