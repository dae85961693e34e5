//! The expression of a `re` filter, and what makes a test of it.

use std::borrow::Cow;
use std::fmt;

use regex_lite::Regex;

/// The expression behind `re:`, which a value has to match from its first to its last character.
///
/// The syntax is that of the crate `regex-lite`: linear time, no look-around, no back-references.
///
/// It brings along the function that compiles it, which nothing else points to: a program without such a filter is linked
/// without that crate.
///
/// ```
/// # fn main() -> Result<(), Vec<carafe_router::PatternError>> {
/// use carafe_router::{Expression, Filter, Pattern};
///
/// let pattern = Pattern::parse("/<code:re:[a-z]+>")?;
/// let filter = pattern.params().next().map(|param| &param.filter);
/// assert_eq!(filter, Some(&Filter::Re(Expression::from_static("[a-z]+"))));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Expression {
    text: Cow<'static, str>,
    compile: fn(&str) -> Option<Test>,
}

impl Expression {
    /// An expression that was parsed by the macro. One that is none takes no value.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Expression {
        Expression { text: Cow::Borrowed(text), compile }
    }

    /// One that is checked first, alone as well: `a)|(?:b` would be right only between the brackets that are put around it.
    pub(crate) fn parse(text: &str) -> (Expression, Result<(), regex_lite::Error>) {
        let checked = Regex::new(text).and_then(|_| Regex::new(&anchored(text)));
        (Expression { text: Cow::Owned(text.to_owned()), compile }, checked.map(drop))
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What tells whether it takes a value.
    pub(crate) fn test(&self) -> Option<Test> {
        (self.compile)(&self.text)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A compiled expression.
pub(crate) struct Test(Box<dyn Fn(&str) -> bool + Send + Sync>);

impl Test {
    pub(crate) fn accepts(&self, value: &str) -> bool {
        (self.0)(value)
    }
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Test")
    }
}

fn compile(expression: &str) -> Option<Test> {
    let compiled = Regex::new(&anchored(expression)).ok()?;
    Some(Test(Box::new(move |value| compiled.is_match(value))))
}

/// The expression for the whole value.
fn anchored(expression: &str) -> String {
    format!("^(?:{expression})$")
}
