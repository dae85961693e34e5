//! The grammar of patterns: text, `<name>`, `<name:filter>`, `<name:re:expression>`, `\<`, and `?<name>&<name>` at the end.

use std::ops::Range;

use super::error::PatternError;
use super::foreign::{self, Foreign};
use super::pieces;
use super::token::{Param, Token, is_name};
use crate::filter::Filter;
use crate::regex::{self, Regex};

/// Parses a pattern into its tokens, or returns all mistakes in the order of the pattern.
pub(crate) fn tokens(pattern: &str) -> Result<Vec<Token>, Vec<PatternError>> {
    let mut parser = Parser {
        pattern,
        at: 0,
        text: String::new(),
        tokens: Vec::new(),
        expressions: Vec::new(),
        errors: Vec::new(),
    };
    parser.path();
    parser.expressions();
    parser.query();
    if parser.errors.is_empty() { Ok(parser.tokens) } else { Err(parser.errors) }
}

struct Parser<'p> {
    pattern: &'p str,
    at: usize,
    text: String,
    tokens: Vec<Token>,
    /// Where the expressions of the filters are.
    expressions: Vec<Range<usize>>,
    errors: Vec<PatternError>,
}

impl<'p> Parser<'p> {
    fn rest(&self) -> &'p str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    fn wrong(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(PatternError { at, message: message.into(), help: help.into() });
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.tokens.push(Token::Text(std::mem::take(&mut self.text).into()));
        }
    }

    fn path(&mut self) {
        if !self.pattern.starts_with('/') {
            let end = self.pattern.chars().next().map_or(0, char::len_utf8);
            self.wrong(0..end, "a path starts with `/`", format!("write `/{}`", self.pattern));
            self.foreign(foreign::prefixed(self.rest()));
        }
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                '?' => break,
                '<' => self.param(),
                '>' => {
                    let at = self.at..self.at + 1;
                    let help = match self.tokens.last() {
                        Some(Token::Param(Param { filter: Filter::Re(_), .. })) => {
                            r"write `\>` for the character itself, and `\x3E` inside an expression"
                        }
                        _ => r"write `\>` for the character itself",
                    };
                    self.wrong(at, "this `>` closes no `<`", help);
                    self.at += 1;
                }
                '\\' => self.escaped(),
                '#' => {
                    let at = self.at..self.at + 1;
                    self.wrong(at, "`#` never reaches a server", "leave it and the rest out");
                    self.at += 1;
                }
                '{' if self.foreign(foreign::braced(self.rest())) => {}
                _ => {
                    self.text.push(letter);
                    self.at += letter.len_utf8();
                    if letter == '/' {
                        self.foreign(foreign::prefixed(self.rest()));
                    }
                }
            }
        }
        self.end_text();
    }

    /// Refuses a parameter of another framework, if there is one, and goes on behind it.
    fn foreign(&mut self, found: Option<Foreign<'p>>) -> bool {
        let Some(Foreign { text, instead }) = found else { return false };
        let at = self.at..self.at + text.len();
        self.at = at.end;
        // Stands between two parameters as any text does.
        self.text.push_str(text);
        let help = format!(r"write `{instead}`, or `\{text}` for the text itself");
        self.wrong(at, format!("`{text}` is not a parameter here"), help);
        true
    }

    fn escaped(&mut self) {
        let next = self.rest().chars().nth(1);
        match next {
            Some(letter @ ('<' | '>' | '\\' | '?' | '#' | '{' | '}' | ':' | '*')) => {
                self.text.push(letter);
                self.at += 2;
            }
            _ => {
                let at = self.at..self.at + 1;
                self.wrong(at, "a `\\` escapes nothing here", "write `\\\\` for the character itself");
                self.at += 1;
            }
        }
    }

    /// Returns the text between `<` and its `>`, and where it starts. A regular expression may have brackets of its own.
    fn inside(&mut self) -> Option<(&'p str, usize)> {
        let start = self.at + 1;
        let body = self.pattern.get(start..)?;
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
        let at = self.at..self.pattern.len();
        let help = if body.contains(":re:") {
            r"put `>` behind the expression, which has to write `\x3C` for a `<` of its own"
        } else {
            r"put `>` behind the name, or write `\<` for the character itself"
        };
        self.wrong(at, "this `<` is never closed", help);
        self.at = self.pattern.len();
        None
    }

    fn param(&mut self) {
        let touches = self.text.is_empty() && matches!(self.tokens.last(), Some(Token::Param(_)));
        let open = self.at;
        self.end_text();
        let Some((inside, start)) = self.inside() else { return };
        if touches {
            let at = open..self.at;
            self.wrong(
                at,
                "two parameters touch, so nothing tells where the first ends",
                "put text between the two",
            );
        }
        if let Some(instead) = foreign::dotted(inside) {
            let message = format!("`<{inside}>` is not a parameter here");
            self.wrong(open..self.at, message, format!("write `{instead}`"));
            return;
        }
        let mut parts = inside.splitn(3, ':');
        let name = parts.next().unwrap_or_default();
        self.name(name, start);
        let filter = match (parts.next(), parts.next()) {
            (None, _) => Filter::None,
            (Some(filter), config) => self.filter(name, filter, config, start + name.len() + 1),
        };
        self.tokens.push(Token::Param(Param { name: name.to_owned().into(), filter, typed: false }));
    }

    fn filter(&mut self, name: &str, filter: &str, config: Option<&str>, start: usize) -> Filter {
        let at = start..start + filter.len();
        let plain = match filter {
            "int" => Filter::Int,
            "float" => Filter::Float,
            "path" => Filter::Path,
            "re" => return self.regex(config, at),
            other => {
                let near = ["int", "float", "path", "re"].into_iter().find(|known| resembles(other, known));
                let help = match (foreign::filter_first(name, other), near) {
                    (Some(instead), _) => format!("write `{instead}`, the name first"),
                    (None, Some(known)) => format!("did you mean `{known}`?"),
                    (None, None) => "the filters are `int`, `float`, `path` and `re:…`".to_owned(),
                };
                self.wrong(at, format!("unknown filter `{other}`"), help);
                return Filter::None;
            }
        };
        if let Some(config) = config {
            let at = at.end..at.end + 1 + config.len();
            self.wrong(
                at,
                format!("the filter `{filter}` takes no configuration"),
                format!("write `:{filter}>`"),
            );
        }
        plain
    }

    fn regex(&mut self, config: Option<&str>, at: Range<usize>) -> Filter {
        let Some(config) = config.filter(|config| !config.is_empty()) else {
            self.wrong(at, "the expression is missing", "write it behind a colon, as in `<code:re:[a-z]+>`");
            return Filter::None;
        };
        let (regex, checked) = Regex::parse(config);
        let at = at.end + 1..at.end + 1 + config.len();
        self.expressions.push(at.clone());
        if let Err(error) = checked {
            let help =
                "it has to be one that the crate `regex-lite` knows, without look-around and back-references";
            self.wrong(at, format!("the expression does not parse ({error})"), help);
        }
        Filter::Re(regex)
    }

    /// Checks that the expressions can be parts of one, if the pattern has to be matched as one.
    fn expressions(&mut self) {
        if !self.errors.is_empty() || pieces::are_needed_for(&self.tokens).is_none() {
            return;
        }
        let tokens = std::mem::take(&mut self.tokens);
        let pieces = pieces::of(&tokens);
        let regexes = tokens.iter().filter_map(|token| match token {
            Token::Param(Param { filter: Filter::Re(regex), .. }) => Some(regex),
            _ => None,
        });
        let places = std::mem::take(&mut self.expressions);
        for (regex, at) in regexes.zip(places) {
            if let Err(unfit) = regex.check_part() {
                self.wrong(at, unfit.message, unfit.help);
            }
        }
        if self.errors.is_empty()
            && let Err(unfit) = regex::check_whole(&pieces)
        {
            self.wrong(0..self.at, unfit.message, unfit.help);
        }
        self.tokens = tokens;
    }

    fn name(&mut self, name: &str, start: usize) {
        let at = start..start + name.len();
        let known = self.tokens.iter().any(|token| match token {
            Token::Param(param) => param.name == name,
            Token::Query(own) => own == name,
            Token::Text(_) => false,
        });
        if name.is_empty() {
            self.wrong(at, "the name is missing", "write the argument's name, as in `<id>`");
        } else if !is_name(name) {
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
                self.tokens.push(Token::Query(name.to_owned().into()));
            } else {
                let end = self.rest().find('&').map_or(self.pattern.len(), |offset| self.at + offset);
                self.wrong(
                    self.at..end,
                    "only parameters can follow the `?`",
                    "write `?<name>` or `?<one>&<two>`",
                );
                self.at = end;
            }
            match self.rest().chars().next() {
                None => return,
                Some('&') => self.at += 1,
                Some(_) => {
                    let end = self.rest().find('&').map_or(self.pattern.len(), |offset| self.at + offset);
                    self.wrong(self.at..end, "query parameters are separated by `&`", "write `?<one>&<two>`");
                    self.at = end;
                    if self.at < self.pattern.len() {
                        self.at += 1;
                    } else {
                        return;
                    }
                }
            }
        }
    }
}

/// Returns whether one was likely meant to be the other: it has the same letters, or one is the beginning of the other.
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
