//! The grammar of rules: text, `<name>`, `<name:filter>`, `<name:re:expression>`, `\<`, and `?<name>&<name>` at the end.

use std::ops::Range;

use crate::{Expression, Filter, Param, Pattern, Segment};

/// A mistake in a rule: where, what, and what to write instead.
///
/// ```
/// let errors = carafe_router::Pattern::parse("/posts/<id:tin>").unwrap_err();
/// assert_eq!(errors[0].at, 11..14);
/// assert_eq!(errors[0].to_string(), "unknown filter `tin`; did you mean `int`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The bytes of the rule that are wrong.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl std::fmt::Display for PatternError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Parses a rule.
    ///
    /// | in the rule | is |
    /// |---|---|
    /// | `<name>` | a [parameter](crate::Param) up to the next `/` |
    /// | `<name:int>`, `<name:float>`, `<name:path>`, `<name:re:expression>` | one with a [filter](Filter) |
    /// | `?<name>&<name>` at the end | parameters of the query, which no path has to have |
    /// | `\<` `\>` `\?` `\#` `\\` | the character behind the backslash |
    /// | anything else | itself, decoded: a space is sent as `%20` |
    ///
    /// A rule starts with `/`, and text stands between two parameters of a segment.
    ///
    /// # Errors
    ///
    /// All mistakes at once, in the order of the rule.
    pub fn parse(rule: &str) -> Result<Pattern, Vec<PatternError>> {
        let mut parser =
            Parser { rule, at: 0, text: String::new(), segments: Vec::new(), errors: Vec::new() };
        parser.path();
        parser.query();
        let Parser { segments, errors, .. } = parser;
        if errors.is_empty() { Ok(Pattern::from_parts(rule, segments)) } else { Err(errors) }
    }
}

struct Parser<'r> {
    rule: &'r str,
    at: usize,
    text: String,
    segments: Vec<Segment>,
    errors: Vec<PatternError>,
}

impl<'r> Parser<'r> {
    fn rest(&self) -> &'r str {
        self.rule.get(self.at..).unwrap_or_default()
    }

    fn wrong(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(PatternError { at, message: message.into(), help: help.into() });
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.segments.push(Segment::Text(std::mem::take(&mut self.text).into()));
        }
    }

    fn path(&mut self) {
        if !self.rule.starts_with('/') {
            let end = self.rule.chars().next().map_or(0, char::len_utf8);
            self.wrong(0..end, "a path starts with `/`", format!("write `/{}`", self.rule));
        }
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                '?' => break,
                '<' => self.param(),
                '>' => {
                    let at = self.at..self.at + 1;
                    let help = match self.segments.last() {
                        Some(Segment::Param(Param { filter: Filter::Re(_), .. })) => {
                            r"write `\>` for the character itself, and `\x3E` inside an expression"
                        }
                        _ => r"write `\>` for the character itself",
                    };
                    self.wrong(at, "no `<` is open here", help);
                    self.at += 1;
                }
                '\\' => self.escaped(),
                '#' => {
                    let at = self.at..self.at + 1;
                    self.wrong(at, "`#` never reaches a server", "leave out what stands behind it");
                    self.at += 1;
                }
                _ => {
                    self.text.push(letter);
                    self.at += letter.len_utf8();
                }
            }
        }
        self.end_text();
    }

    fn escaped(&mut self) {
        let next = self.rest().chars().nth(1);
        match next {
            Some(letter @ ('<' | '>' | '\\' | '?' | '#')) => {
                self.text.push(letter);
                self.at += 2;
            }
            _ => {
                let at = self.at..self.at + 1;
                self.wrong(at, "a `\\` has nothing to protect here", "write `\\\\` for the character itself");
                self.at += 1;
            }
        }
    }

    /// The text between `<` and its `>`, and its place. An expression may have brackets of its own.
    fn inside(&mut self) -> Option<(&'r str, usize)> {
        let start = self.at + 1;
        let body = self.rule.get(start..)?;
        let mut depth = 0_usize;
        for (offset, letter) in body.char_indices() {
            match letter {
                '<' => depth += 1,
                '>' if depth == 0 => {
                    self.at = start + offset + 1;
                    return Some((body.get(..offset)?, start));
                }
                '>' => depth -= 1,
                _ => {}
            }
        }
        let at = self.at..self.rule.len();
        let help = if body.contains(":re:") {
            r"put `>` behind the expression, which has to write `\x3C` for a `<` of its own"
        } else {
            r"put `>` behind the name, or write `\<` for the character itself"
        };
        self.wrong(at, "this `<` is never closed", help);
        self.at = self.rule.len();
        None
    }

    fn param(&mut self) {
        let touches = self.text.is_empty() && matches!(self.segments.last(), Some(Segment::Param(_)));
        let open = self.at;
        self.end_text();
        let Some((inside, start)) = self.inside() else { return };
        if touches {
            let at = open..self.at;
            self.wrong(at, "nothing says where the parameter before ends", "put text between the two");
        }
        let mut pieces = inside.splitn(3, ':');
        let name = pieces.next().unwrap_or_default();
        self.name(name, start);
        let filter = match (pieces.next(), pieces.next()) {
            (None, _) => Filter::None,
            (Some(filter), config) => self.filter(filter, config, start + name.len() + 1),
        };
        self.segments.push(Segment::Param(Param { name: name.to_owned().into(), filter, typed: false }));
    }

    fn filter(&mut self, filter: &str, config: Option<&str>, start: usize) -> Filter {
        let at = start..start + filter.len();
        let plain = match filter {
            "int" => Filter::Int,
            "float" => Filter::Float,
            "path" => Filter::Path,
            "re" => return self.expression(config, at),
            other => {
                let near = ["int", "float", "path", "re"].into_iter().find(|known| resembles(other, known));
                let help = match near {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => "the filters are `int`, `float`, `path` and `re:…`".to_owned(),
                };
                self.wrong(at, format!("unknown filter `{other}`"), help);
                return Filter::None;
            }
        };
        if let Some(config) = config {
            let at = at.end..at.end + 1 + config.len();
            self.wrong(
                at,
                format!("the filter `{filter}` takes nothing behind it"),
                format!("write `:{filter}>`"),
            );
        }
        plain
    }

    fn expression(&mut self, config: Option<&str>, at: Range<usize>) -> Filter {
        let Some(config) = config.filter(|config| !config.is_empty()) else {
            self.wrong(at, "the expression is missing", "write it behind a colon, as in `<code:re:[a-z]+>`");
            return Filter::None;
        };
        let (expression, checked) = Expression::parse(config);
        if let Err(error) = checked {
            let at = at.end + 1..at.end + 1 + config.len();
            let help =
                "it has to be one that the crate `regex-lite` knows, without look-around and back-references";
            self.wrong(at, format!("the expression does not parse ({error})"), help);
        }
        Filter::Re(expression)
    }

    fn name(&mut self, name: &str, start: usize) {
        let at = start..start + name.len();
        let mut letters = name.chars();
        let first = letters.next();
        let good = first.is_some_and(|letter| letter.is_alphabetic() || letter == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
            && name != "_";
        let known = self.segments.iter().any(|segment| match segment {
            Segment::Param(param) => param.name == name,
            Segment::Query(own) => own == name,
            Segment::Text(_) => false,
        });
        if name.is_empty() {
            self.wrong(at, "the name is missing", "write the argument's name, as in `<id>`");
        } else if !good {
            self.wrong(
                at,
                format!("`{name}` cannot be an argument's name"),
                "use letters, digits and `_`, a letter first",
            );
        } else if known {
            self.wrong(at, format!("the parameter `{name}` is there twice"), "give each a name of its own");
        }
    }

    fn query(&mut self) {
        if !self.rest().starts_with('?') {
            return;
        }
        self.at += 1;
        loop {
            if self.rest().starts_with('<') {
                let Some((inside, start)) = self.inside() else { return };
                let name = inside.split(':').next().unwrap_or_default();
                if name.len() < inside.len() {
                    let at = start + name.len()..start + inside.len();
                    self.wrong(
                        at,
                        "a query parameter has no filter",
                        format!("write `<{name}>`; its argument's type decides"),
                    );
                }
                self.name(name, start);
                self.segments.push(Segment::Query(name.to_owned().into()));
            } else {
                let end = self.rest().find('&').map_or(self.rule.len(), |offset| self.at + offset);
                self.wrong(
                    self.at..end,
                    "only parameters can stand behind the `?`",
                    "write `?<name>` or `?<one>&<two>`",
                );
                self.at = end;
            }
            match self.rest().chars().next() {
                None => return,
                Some('&') => self.at += 1,
                Some(_) => {
                    let end = self.rest().find('&').map_or(self.rule.len(), |offset| self.at + offset);
                    self.wrong(self.at..end, "query parameters stand apart by `&`", "write `?<one>&<two>`");
                    self.at = end;
                    if self.at < self.rule.len() {
                        self.at += 1;
                    } else {
                        return;
                    }
                }
            }
        }
    }
}

/// Whether one was likely meant to be the other: the same first letter, or the same letters.
fn resembles(wrong: &str, known: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(wrong) == sorted(known)
        || wrong.starts_with(known)
        || (wrong.len() > 1 && known.starts_with(wrong))
}
