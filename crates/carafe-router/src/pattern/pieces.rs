//! A pattern as pieces of one regular expression, where its own expressions cannot be matched one by one.

use super::token::{Param, Token};
use crate::filter::Filter;
use crate::regex::{Piece, Regex};

/// Returns the first expression among the parameters, if it could be tried for more than one value of the same path: a
/// parameter stands behind it, or one before it does not fill its segment. Such a pattern is matched as one expression,
/// because to try all ends of all values would take quadratic time and more.
pub(crate) fn are_needed_for(tokens: &[Token]) -> Option<&Regex> {
    let (at, first) = tokens.iter().enumerate().find_map(|(at, token)| match token {
        Token::Param(Param { filter: Filter::Re(regex), .. }) => Some((at, regex)),
        _ => None,
    })?;
    let (before, behind) = tokens.split_at(at);
    let has_one_end = |(token, next): (&Token, &Token)| match (token, next) {
        (Token::Param(param), Token::Text(next)) => next.starts_with('/') && !param.filter.crosses(),
        (Token::Param(_), _) => false,
        _ => true,
    };
    let is_last = behind.iter().skip(1).all(|token| !matches!(token, Token::Param(_)));
    let has_one_place = is_last && before.iter().zip(tokens.iter().skip(1)).all(has_one_end);
    (!has_one_place).then_some(first)
}

/// Returns the pieces, one for each token of the path.
pub(crate) fn of(tokens: &[Token]) -> Vec<Piece<'_>> {
    let pieces = tokens.iter().filter_map(|token| match token {
        Token::Text(text) => Some(Piece::Text(text)),
        Token::Query(_) => None,
        Token::Param(param) => Some(match &param.filter {
            Filter::None => Piece::Value("[^/]+"),
            Filter::Int => Piece::Value("-?[0-9]+"),
            // The longest first.
            Filter::Float => Piece::Value(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
            Filter::Path => Piece::Value("(?s:.+?)"),
            Filter::Re(regex) => Piece::Regex(regex.as_str()),
        }),
    });
    pieces.collect()
}
