//! The regular expression of a `re` filter, and its compiled form.

mod part;
mod whole;

use std::borrow::Cow;
use std::fmt;

use crate::work;

pub(crate) use part::Unfit;
use part::anchored;
pub(crate) use whole::Piece;
use whole::Set;

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
    compile: fn(Job<'_>) -> Option<Compiled>,
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

    /// Compiles the expression for a value.
    pub(crate) fn compile(&self) -> Option<Compiled> {
        (self.compile)(Job::Value(&self.text))
    }

    /// Compiles one expression for the pattern that this one is in, given as pieces.
    pub(crate) fn compile_whole(&self, pieces: &[Piece<'_>]) -> Option<Compiled> {
        (self.compile)(Job::Whole(pieces))
    }

    /// Returns why the expression cannot be one of several [`Piece`]s, if it cannot.
    pub(crate) fn check_part(&self) -> Result<(), Unfit> {
        part::of(&self.text).map(drop)
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

/// What an expression is compiled for.
#[derive(Clone, Copy)]
enum Job<'t> {
    /// A value.
    Value(&'t str),
    /// The path of a pattern.
    Whole(&'t [Piece<'t>]),
}

/// Returns why these pieces cannot be one expression although each of them can be a part, if so.
pub(crate) fn check_whole(pieces: &[Piece<'_>]) -> Result<(), Unfit> {
    whole::check(pieces)
}

/// A compiled expression, in a form that does not name `regex-lite`.
pub(crate) struct Compiled(Box<Run>);

/// Takes a value twice, or the text of a path and its marked text.
type Run = dyn Fn(&str, &str, &mut Set<'_>) -> bool + Send + Sync;

impl Compiled {
    /// Returns whether the expression matches the whole value.
    pub(crate) fn accepts(&self, value: &str) -> bool {
        (self.0)(value, value, &mut |_, _, _| {})
    }

    /// Returns whether the expression matches the path, given as text and with its inner slashes
    /// [marked](crate::path::Path::marked), and tells where the values are.
    pub(crate) fn find(&self, text: &str, marked: &str, set: &mut Set<'_>) -> bool {
        (self.0)(text, marked, set)
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiled")
    }
}

fn compile(job: Job<'_>) -> Option<Compiled> {
    let expression = match job {
        Job::Value(expression) => expression,
        Job::Whole(pieces) => {
            let whole = whole::compile(pieces)?;
            return Some(Compiled(Box::new(move |text, marked, set| whole.find(text, marked, set))));
        }
    };
    let compiled = regex_lite::Regex::new(&anchored(expression)).ok()?;
    Some(Compiled(Box::new(move |value, _, _| {
        work::add(value.len());
        compiled.is_match(value)
    })))
}
