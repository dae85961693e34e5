//! What a pattern is made of.

use std::borrow::Cow;

use crate::filter::Filter;

/// A part of a pattern: text or a parameter.
///
/// ```
/// use carafe_router::{Pattern, Token};
///
/// let pattern = Pattern::parse("/posts/<id>?<page>")?;
/// let [Token::Text(text), Token::Param(param), Token::Query(query)] = pattern.tokens() else { panic!() };
/// assert_eq!((&**text, &*param.name, &**query), ("/posts/", "id", "page"));
/// # Ok::<(), carafe_router::PatternErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Token {
    /// Text, decoded; each `/` in it separates segments.
    Text(Cow<'static, str>),
    /// A parameter of the path.
    Param(Param),
    /// The name of a query parameter, from behind the `?`.
    Query(Cow<'static, str>),
}

/// A parameter of the path.
///
/// ```
/// use carafe_router::{Filter, Pattern};
///
/// let pattern = Pattern::parse("/posts/<id:int>")?.with_typed(&[0]);
/// let param = pattern.params().next().unwrap();
/// assert_eq!((&*param.name, &param.filter, param.typed), ("id", &Filter::Int, true));
/// # Ok::<(), carafe_router::PatternErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Param {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What its value may look like.
    pub filter: Filter,
    /// Whether the handler's argument is more than text, and so may refuse a value.
    pub typed: bool,
}

impl Param {
    /// Makes a parameter that the macro has parsed.
    #[must_use]
    pub const fn from_static(name: &'static str, filter: Filter, typed: bool) -> Param {
        Param { name: Cow::Borrowed(name), filter, typed }
    }
}

/// Returns whether a text can be the name of a parameter, and so of a function's argument.
pub(crate) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next();
    first.is_some_and(|letter| letter.is_alphabetic() || letter == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
        && text != "_"
}

/// Returns the text at the end of the path; empty where a parameter is.
pub(crate) fn trailing_text(tokens: &[Token]) -> &str {
    match tokens.iter().rfind(|token| !matches!(token, Token::Query(_))) {
        Some(Token::Text(text)) => text,
        _ => "",
    }
}
