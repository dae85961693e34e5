//! One pattern: text and parameters.

mod error;
mod foreign;
mod parse;
pub(crate) mod pieces;
pub(crate) mod token;

use std::borrow::Cow;
use std::fmt::Write;
use std::hash::Hasher;

use crate::filter::Filter;
use crate::hash::Fnv;

pub use error::{PatternError, PatternErrors};
pub use token::{Param, Token};

/// A parsed pattern such as `/posts/<id:int>?<draft>`.
///
/// ```
/// # fn main() -> Result<(), carafe_router::PatternErrors> {
/// let pattern = carafe_router::Pattern::parse("/posts/<id:int>/<file>.<ext>?<draft>")?;
/// assert_eq!(pattern.params().map(|param| &*param.name).collect::<Vec<_>>(), ["id", "file", "ext"]);
/// assert_eq!(pattern.query_params().collect::<Vec<_>>(), ["draft"]);
/// assert_eq!(pattern.url(&["7", "a b", "txt"]), "/posts/7/a%20b.txt");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: Cow<'static, str>,
    tokens: Cow<'static, [Token]>,
}

impl Pattern {
    /// Wraps a pattern that the macro has parsed: the tokens are those that [`parse`](Pattern::parse) makes of the text.
    #[must_use]
    pub const fn from_static(text: &'static str, tokens: &'static [Token]) -> Pattern {
        Pattern { text: Cow::Borrowed(text), tokens: Cow::Borrowed(tokens) }
    }

    fn from_parts(text: &str, tokens: Vec<Token>) -> Pattern {
        Pattern { text: Cow::Owned(text.to_owned()), tokens: Cow::Owned(tokens) }
    }

    /// Parses a pattern.
    ///
    /// | in the pattern | meaning |
    /// |---|---|
    /// | `<name>` | a [parameter](Param) up to the next `/` |
    /// | `<name:int>`, `<name:float>`, `<name:path>`, `<name:re:expression>` | one with a [filter](Filter) |
    /// | `?<name>&<name>` at the end | parameters of the query, which no path has to have |
    /// | `\<` `\>` `\?` `\#` `\\` `\{` `\}` `\:` `\*` | the character behind the backslash |
    /// | anything else | itself, decoded: a space is sent as `%20` |
    ///
    /// A pattern starts with `/`, and text stands between two parameters of a segment.
    ///
    /// What other frameworks take for a parameter is refused, because it was hardly meant as text: `{id}` in any place,
    /// and `:id`, `*` and `*rest` as a whole segment. With a backslash in front they are text; `v1:batch`, `{}` and `*.png`
    /// are text as they are.
    ///
    /// # Errors
    ///
    /// Returns all mistakes, in the order of the pattern.
    pub fn parse(text: &str) -> Result<Pattern, PatternErrors> {
        match parse::tokens(text) {
            Ok(tokens) => Ok(Pattern::from_parts(text, tokens)),
            Err(errors) => Err(PatternErrors::new(text, errors)),
        }
    }

    /// Returns the pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the pattern as it was written, to keep: without a copy if the macro has parsed it.
    #[must_use]
    pub fn to_text(&self) -> Cow<'static, str> {
        self.text.clone()
    }

    /// Returns the tokens in order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Returns the parameters of the path, in order.
    pub fn params(&self) -> impl Iterator<Item = &Param> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Param(param) => Some(param),
            Token::Text(_) | Token::Query(_) => None,
        })
    }

    /// Returns the names behind the `?`, in order.
    pub fn query_params(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Query(name) => Some(&**name),
            Token::Text(_) | Token::Param(_) => None,
        })
    }

    /// Marks the path parameters at these indexes as typed, and all others as untyped.
    #[must_use]
    pub fn with_typed(mut self, indexes: &[usize]) -> Pattern {
        let params = self.tokens.to_mut().iter_mut().filter_map(|token| match token {
            Token::Param(param) => Some(param),
            Token::Text(_) | Token::Query(_) => None,
        });
        for (index, param) in params.enumerate() {
            param.typed = indexes.contains(&index);
        }
        self
    }

    /// Returns the pattern behind a prefix, which has no query of its own; `/` behind a prefix is the prefix as it is written,
    /// with a slash at its end or without.
    ///
    /// ```
    /// # fn main() -> Result<(), carafe_router::PatternErrors> {
    /// use carafe_router::Pattern;
    /// assert_eq!(Pattern::parse("/<id>")?.mounted("/v1")?.as_str(), "/v1/<id>");
    /// assert_eq!(Pattern::parse("/")?.mounted("/v1")?.as_str(), "/v1");
    /// assert_eq!(Pattern::parse("/")?.mounted("/v1/")?.as_str(), "/v1/");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns all mistakes in the two together, as [`Pattern::parse`] does.
    pub fn mounted(&self, prefix: &str) -> Result<Pattern, PatternErrors> {
        let has_slash = prefix.ends_with('/');
        let prefix = prefix.trim_end_matches('/');
        let rest = match self.text.strip_prefix('/') {
            Some(rest) if !has_slash && (rest.is_empty() || rest.starts_with('?')) => rest,
            _ => &self.text,
        };
        if prefix.is_empty() {
            return Ok(self.clone());
        }
        let whole = format!("{prefix}{rest}");
        // A prefix of plain text, as nearly all are, goes in front of the tokens without parsing them again.
        if let Some((Token::Text(first), others)) = self.tokens.split_first()
            && prefix.starts_with('/')
            && !prefix.contains(['<', '>', '\\', '?', '#', '{', ':', '*'])
        {
            let start = self.text.len() - rest.len();
            let text = format!("{prefix}{}", first.get(start..).unwrap_or_default());
            let tokens = std::iter::once(Token::Text(text.into())).chain(others.iter().cloned()).collect();
            return Ok(Pattern::from_parts(&whole, tokens));
        }
        let mounted = Pattern::parse(&whole)?;
        let before = mounted.params().count().saturating_sub(self.params().count());
        let typed = self.params().enumerate().filter(|(_, param)| param.typed);
        let typed: Vec<usize> = typed.map(|(index, _)| before + index).collect();
        Ok(mounted.with_typed(&typed))
    }

    /// Returns a hash of the paths that the pattern accepts: patterns that differ only in the names of their parameters
    /// and in their query have the same one, all others a different one but for a chance of 2⁻⁶⁴. It is the same in every
    /// build and process.
    #[must_use]
    pub fn shape(&self) -> u64 {
        self.shape_hasher().finish()
    }

    /// Returns a hash of a method and the paths that the pattern accepts, for the collisions that the macro finds.
    #[doc(hidden)]
    #[must_use]
    pub fn route_shape(&self, method: &str) -> u64 {
        let mut hash = self.shape_hasher();
        // This byte occurs in no text, so the method does not run into it.
        hash.write(b"\xfd");
        hash.write(method.as_bytes());
        hash.finish()
    }

    fn shape_hasher(&self) -> Fnv {
        let mut hash = Fnv::default();
        for token in self.tokens.iter() {
            match token {
                Token::Text(text) => hash.write(text.as_bytes()),
                Token::Query(_) => {}
                Token::Param(param) => {
                    // The bytes around a parameter occur in no text.
                    let kind: &[u8] = match &param.filter {
                        Filter::None => b"\xff",
                        Filter::Int => b"\xffi",
                        Filter::Float => b"\xfff",
                        Filter::Path => b"\xffp",
                        Filter::Re(_) => b"\xffr",
                    };
                    hash.write(kind);
                    if let Filter::Re(regex) = &param.filter {
                        hash.write(regex.as_str().as_bytes());
                    }
                    hash.write(if param.typed { b"\xfet" } else { b"\xfe" });
                }
            }
        }
        hash
    }

    /// Returns the path with these values in place of the parameters, percent-encoded (RFC 3986 §2). A `path` keeps its
    /// slashes; in every other value they become `%2F`. A missing value is empty.
    ///
    /// The result never begins with `//`, which a browser would take for the name of another host (RFC 3986 §4.2): a
    /// second slash becomes `%2F`. Whether a route accepts the values is for [`captures`](Pattern::captures) to tell.
    ///
    /// ```
    /// # fn main() -> Result<(), carafe_router::PatternErrors> {
    /// let pattern = carafe_router::Pattern::parse("/<user>/<file:path>")?;
    /// assert_eq!(pattern.url(&["a/b", "c/d é"]), "/a%2Fb/c/d%20%C3%A9");
    ///
    /// let pattern = carafe_router::Pattern::parse("/<page:path>")?;
    /// assert_eq!(pattern.url(&["/example.com"]), "/%2Fexample.com");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn url(&self, values: &[&str]) -> String {
        let mut out = String::new();
        let mut values = values.iter();
        for token in self.tokens.iter() {
            match token {
                Token::Text(text) => encode(&mut out, text, true),
                Token::Param(param) => {
                    encode(&mut out, values.next().unwrap_or(&""), param.filter == Filter::Path);
                }
                Token::Query(_) => {}
            }
        }
        if out.starts_with("//") {
            out.replace_range(1..2, "%2F");
        }
        out
    }
}

/// Appends text, with everything but RFC 3986's unreserved characters percent-encoded.
fn encode(out: &mut String, text: &str, keeps_slashes: bool) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (keeps_slashes && byte == b'/') {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
