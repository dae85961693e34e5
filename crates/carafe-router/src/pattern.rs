//! One pattern: text and parameters.

use std::borrow::Cow;
use std::fmt::Write;
use std::hash::Hasher;

use crate::fnv::Fnv;
use crate::{Filter, PatternError};

/// A parsed rule such as `/posts/<id:int>?<draft>`.
///
/// ```
/// # fn main() -> Result<(), Vec<carafe_router::PatternError>> {
/// let pattern = carafe_router::Pattern::parse("/posts/<id:int>/<file>.<ext>?<draft>")?;
/// assert_eq!(pattern.params().map(|param| &*param.name).collect::<Vec<_>>(), ["id", "file", "ext"]);
/// assert_eq!(pattern.query_params().collect::<Vec<_>>(), ["draft"]);
/// assert_eq!(pattern.url(&["7", "a b", "txt"]), "/posts/7/a%20b.txt");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    source: Cow<'static, str>,
    segments: Cow<'static, [Segment]>,
}

/// A piece of a pattern, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text, decoded; each `/` in it is one of the path's.
    Text(Cow<'static, str>),
    /// A parameter of the path.
    Param(Param),
    /// The name of a query parameter, from behind the `?`.
    Query(Cow<'static, str>),
}

/// A parameter of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it may look like.
    pub filter: Filter,
    /// Whether the handler's argument reads more than text, and so may refuse.
    pub typed: bool,
}

impl Pattern {
    /// A pattern that was parsed by the macro: the pieces are those that [`parse`](Pattern::parse) makes of the source.
    #[must_use]
    pub const fn from_static(source: &'static str, segments: &'static [Segment]) -> Pattern {
        Pattern { source: Cow::Borrowed(source), segments: Cow::Borrowed(segments) }
    }

    pub(crate) fn from_parts(source: &str, segments: Vec<Segment>) -> Pattern {
        Pattern { source: Cow::Owned(source.to_owned()), segments: Cow::Owned(segments) }
    }

    /// The rule as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The same to keep: without a copy where the macro has parsed it.
    #[must_use]
    pub fn to_source(&self) -> Cow<'static, str> {
        self.source.clone()
    }

    /// The pieces in order.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The parameters of the path, in order.
    pub fn params(&self) -> impl Iterator<Item = &Param> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Param(param) => Some(param),
            Segment::Text(_) | Segment::Query(_) => None,
        })
    }

    /// The names behind the `?`.
    pub fn query_params(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Query(name) => Some(&**name),
            Segment::Text(_) | Segment::Param(_) => None,
        })
    }

    /// The text at the path's end; empty where a parameter is.
    pub(crate) fn end(&self) -> &str {
        match self.segments.iter().rfind(|segment| !matches!(segment, Segment::Query(_))) {
            Some(Segment::Text(text)) => text,
            _ => "",
        }
    }

    /// The same with the path parameters at these indexes marked as typed.
    #[must_use]
    pub fn with_typed(mut self, indexes: &[usize]) -> Pattern {
        let params = self.segments.to_mut().iter_mut().filter_map(|segment| match segment {
            Segment::Param(param) => Some(param),
            Segment::Text(_) | Segment::Query(_) => None,
        });
        for (index, param) in params.enumerate() {
            param.typed = indexes.contains(&index);
        }
        self
    }

    /// The same behind a prefix, which has no query of its own; `/` behind a prefix is the prefix.
    ///
    /// ```
    /// # fn main() -> Result<(), Vec<carafe_router::PatternError>> {
    /// use carafe_router::Pattern;
    /// assert_eq!(Pattern::parse("/<id>")?.mounted("/v1")?.source(), "/v1/<id>");
    /// assert_eq!(Pattern::parse("/")?.mounted("/v1")?.source(), "/v1");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong with the two together, as for [`Pattern::parse`].
    pub fn mounted(&self, prefix: &str) -> Result<Pattern, Vec<PatternError>> {
        let prefix = prefix.trim_end_matches('/');
        let rest = match self.source.strip_prefix('/') {
            Some(rest) if !prefix.is_empty() && (rest.is_empty() || rest.starts_with('?')) => rest,
            _ => &self.source,
        };
        if prefix.is_empty() {
            return Ok(self.clone());
        }
        let source = format!("{prefix}{rest}");
        // A prefix that is plain text, as nearly all are, goes in front of what the macro has parsed.
        if let Some((Segment::Text(first), others)) = self.segments.split_first()
            && prefix.starts_with('/')
            && !prefix.contains(['<', '>', '\\', '?', '#'])
        {
            let start = self.source.len() - rest.len();
            let text = format!("{prefix}{}", first.get(start..).unwrap_or_default());
            let segments =
                std::iter::once(Segment::Text(text.into())).chain(others.iter().cloned()).collect();
            return Ok(Pattern::from_parts(&source, segments));
        }
        let mounted = Pattern::parse(&source)?;
        let before = mounted.params().count().saturating_sub(self.params().count());
        let typed = self.params().enumerate().filter(|(_, param)| param.typed);
        let typed: Vec<usize> = typed.map(|(index, _)| before + index).collect();
        Ok(mounted.with_typed(&typed))
    }

    /// A number that is equal for two patterns exactly when they accept the same paths: names do not count, filters and
    /// typed-ness do. FNV-1a over the pieces.
    #[must_use]
    pub fn shape(&self) -> u64 {
        let mut hash = Fnv::default();
        for segment in self.segments.iter() {
            match segment {
                Segment::Text(text) => hash.write(text.as_bytes()),
                Segment::Query(_) => {}
                Segment::Param(param) => {
                    // A byte that no text has stands around a parameter.
                    let kind: &[u8] = match &param.filter {
                        Filter::None => b"\xff",
                        Filter::Int => b"\xffi",
                        Filter::Float => b"\xfff",
                        Filter::Path => b"\xffp",
                        Filter::Re(_) => b"\xffr",
                    };
                    hash.write(kind);
                    if let Filter::Re(expression) = &param.filter {
                        hash.write(expression.text().as_bytes());
                    }
                    hash.write(if param.typed { b"\xfet" } else { b"\xfe" });
                }
            }
        }
        hash.finish()
    }

    /// The path with these values in place of the parameters, percent-encoded (RFC 3986 §2); a `path` keeps its slashes,
    /// every other value's become `%2F`. What is missing is empty.
    ///
    /// ```
    /// # fn main() -> Result<(), Vec<carafe_router::PatternError>> {
    /// let pattern = carafe_router::Pattern::parse("/<user>/<file:path>")?;
    /// assert_eq!(pattern.url(&["a/b", "c/d é"]), "/a%2Fb/c/d%20%C3%A9");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn url(&self, values: &[&str]) -> String {
        let mut out = String::new();
        let mut values = values.iter();
        for segment in self.segments.iter() {
            match segment {
                Segment::Text(text) => encode(&mut out, text, true),
                Segment::Param(param) => {
                    encode(&mut out, values.next().unwrap_or(&""), param.filter == Filter::Path);
                }
                Segment::Query(_) => {}
            }
        }
        out
    }
}

fn encode(out: &mut String, text: &str, slashes: bool) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (slashes && byte == b'/') {
            out.push(char::from(byte));
        } else {
            // Writing to memory does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
