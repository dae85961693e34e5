//! The expression of a filter, rewritten as a part of one for a whole pattern.

use std::iter::Peekable;
use std::str::CharIndices;

use crate::path::INSIDE;

/// How deep brackets may be nested, a few deeper than in an expression alone.
pub(super) const NEST_LIMIT: u32 = 60;

/// A slash of either kind.
const SLASH: &str = r"[/\x00]";

/// Why an expression cannot be a part of another one, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unfit {
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

impl Unfit {
    fn new(message: impl Into<String>, help: &'static str) -> Unfit {
        Unfit { message: message.into(), help }
    }

    pub(super) fn too_large() -> Unfit {
        Unfit::new(
            "the expressions of this pattern are too large together",
            "make repetitions such as `{1000}` smaller, or check the length of the value in the handler",
        )
    }

    fn anchor(sign: &str) -> Unfit {
        Unfit::new(
            format!("`{sign}` stands inside an expression that has other parameters beside it"),
            "leave it out: an expression is matched from the first to the last character of its value",
        )
    }

    fn boundary(sign: &str) -> Unfit {
        Unfit::new(
            format!("`{sign}` looks around, and the expression has other parameters beside it"),
            "leave it out: an expression is matched from the first to the last character of its value",
        )
    }

    fn spaced() -> Unfit {
        Unfit::new(
            "the expression has the flag `x`, and other parameters beside it",
            "write it without the flag, spaces and comments",
        )
    }

    fn empty() -> Unfit {
        Unfit::new(
            "the expression may be empty, and has other parameters beside it",
            "let it take at least one character, as no value is empty: write `+` for `*`",
        )
    }

    fn unknown() -> Unfit {
        Unfit::new(
            "the expression cannot stand beside other parameters",
            "write it in a simpler way, or let it be the only parameter of the pattern",
        )
    }
}

/// Rewrites an expression that is valid alone: its groups do not capture, `^` and `$` at its ends are left out, what takes `/`
/// takes [`INSIDE`] as well, and `*` behind all of it is `+`, because no value is empty.
pub(super) fn of(text: &str) -> Result<String, Unfit> {
    let mut reader = Reader { text, letters: text.char_indices().peekable() };
    let mut signs = Vec::new();
    while let Some(sign) = reader.next()? {
        signs.push(sign);
    }
    leave_out_ends(&mut signs)?;
    repeat_once(&mut signs);
    let text: String = signs.iter().map(|sign| &*sign.text).collect();
    let part = format!("(?:{text})");
    let alone = compiled(&format!("^{part}$")).ok_or_else(Unfit::unknown)?;
    if alone.is_match("") { Err(Unfit::empty()) } else { Ok(part) }
}

fn compiled(text: &str) -> Option<regex_lite::Regex> {
    regex_lite::RegexBuilder::new(text).nest_limit(NEST_LIMIT).build().ok()
}

/// Anchors an expression at both ends of the value.
pub(super) fn anchored(expression: &str) -> String {
    format!("^(?:{expression})$")
}

/// A part of an expression that is not divided any further.
struct Sign {
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter, an escape or a class.
    One,
    Open,
    Close,
    Or,
    /// `*`, `+`, `?` and `{…}`, and the `?` behind them.
    Repeat,
    /// `(?i)`
    Flags,
    /// `^`, `\A`
    Start,
    /// `$`, `\z`
    End,
}

/// Removes the anchors at the beginnings and the ends of the value, where they are always right, and refuses all others.
fn leave_out_ends(signs: &mut Vec<Sign>) -> Result<(), Unfit> {
    // Which brackets are repeated: then their ends are not those of the value.
    let mut repeated = vec![false; signs.len()];
    let mut open = Vec::new();
    for (at, sign) in signs.iter().enumerate() {
        match sign.kind {
            Kind::Open => open.push(at),
            Kind::Close => {
                let is_repeated = signs.get(at + 1).is_some_and(|next| next.kind == Kind::Repeat);
                for bracket in [open.pop().unwrap_or(at), at] {
                    if let Some(place) = repeated.get_mut(bracket) {
                        *place = is_repeated;
                    }
                }
            }
            _ => {}
        }
    }
    check_ends(signs.iter().zip(repeated.iter().copied()), Kind::Start, Kind::Open, Kind::Close)?;
    let back = signs.iter().rev().zip(repeated.iter().rev().copied());
    check_ends(back, Kind::End, Kind::Close, Kind::Open)?;
    let is_anchor = |sign: &Sign| matches!(sign.kind, Kind::Start | Kind::End);
    let mut anchors = signs.iter().zip(signs.iter().skip(1));
    if let Some((anchor, _)) = anchors.find(|(sign, next)| is_anchor(sign) && next.kind == Kind::Repeat) {
        return Err(Unfit::anchor(&anchor.text));
    }
    signs.retain(|sign| !is_anchor(sign));
    Ok(())
}

/// Checks that anchors of a kind stand only where everything before them, in the direction of the signs, is other anchors,
/// brackets and flags. `open` and `close` are the brackets as they are met in that direction.
fn check_ends<'s>(
    signs: impl Iterator<Item = (&'s Sign, bool)>,
    anchor: Kind,
    open: Kind,
    close: Kind,
) -> Result<(), Unfit> {
    let mut at_end = true;
    // Whether each bracket that is open begins at the end.
    let mut outer = Vec::new();
    for (sign, is_repeated) in signs {
        match sign.kind {
            kind if kind == anchor && at_end => {}
            kind if kind == anchor => return Err(Unfit::anchor(&sign.text)),
            kind if kind == open => {
                at_end &= !is_repeated;
                outer.push(at_end);
            }
            kind if kind == close => {
                outer.pop();
                at_end = false;
            }
            Kind::Or => at_end = outer.last().copied().unwrap_or(true),
            Kind::Flags => {}
            _ => at_end = false,
        }
    }
    Ok(())
}

/// Makes `+` of a `*` that is behind the whole expression, and leaves out a `?` there. Of several repeats, as in `a?*`, each
/// repeats what the one before made, and none can be replaced by itself.
fn repeat_once(signs: &mut Vec<Sign>) {
    let first = signs.iter().take_while(|sign| sign.kind == Kind::Flags).count();
    let repeats = signs.iter().rev().take_while(|sign| sign.kind == Kind::Repeat).count();
    let last = signs.len() - repeats;
    let mut depth = 0;
    let ones = signs.get(first..last).unwrap_or_default().iter().filter(|sign| {
        depth += usize::from(sign.kind == Kind::Open);
        let is_outside = depth == 0 || (depth == 1 && sign.kind == Kind::Close);
        depth -= usize::from(sign.kind == Kind::Close);
        is_outside
    });
    let is_one = ones.count() == 1;
    // The second `?` of two signs only says that less is preferred.
    let is_lazy = repeats == 2 && signs.last().is_some_and(|sign| sign.text == "?");
    if is_one && (repeats == 1 || is_lazy) {
        match signs.get_mut(last) {
            Some(repeat) if repeat.text == "*" => "+".clone_into(&mut repeat.text),
            Some(repeat) if repeat.text == "?" => signs.truncate(last),
            _ => {}
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    letters: Peekable<CharIndices<'t>>,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Option<Sign>, Unfit> {
        let Some((at, letter)) = self.letters.next() else { return Ok(None) };
        let whole = |kind| Some((kind, letter.to_string()));
        let read = match letter {
            '\\' => return self.escape(at).map(Some),
            '(' => return self.group(at).map(Some),
            '[' => self.class(at).map(|class| (Kind::One, class)),
            '{' => self.until('}').map(|()| (Kind::Repeat, self.since(at))),
            ')' => whole(Kind::Close),
            '|' => whole(Kind::Or),
            '*' | '+' | '?' => whole(Kind::Repeat),
            '^' => whole(Kind::Start),
            '$' => whole(Kind::End),
            '/' => Some((Kind::One, SLASH.to_owned())),
            _ => whole(Kind::One),
        };
        let (kind, text) = read.ok_or_else(Unfit::unknown)?;
        Ok(Some(Sign { kind, text }))
    }

    /// Returns the text from a place to where the reader is.
    fn since(&mut self, start: usize) -> String {
        let end = self.letters.peek().map_or(self.text.len(), |(at, _)| *at);
        self.text.get(start..end).unwrap_or_default().to_owned()
    }

    /// Skips everything up to a letter, that one included.
    fn until(&mut self, last: char) -> Option<()> {
        self.letters.find(|(_, letter)| *letter == last).map(drop)
    }

    fn escape(&mut self, at: usize) -> Result<Sign, Unfit> {
        let (_, kind) = self.letters.next().ok_or_else(Unfit::unknown)?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'A' => return Ok(Sign { kind: Kind::Start, text: self.since(at) }),
            'z' => return Ok(Sign { kind: Kind::End, text: self.since(at) }),
            'b' | 'B' | '<' | '>' => return Err(Unfit::boundary(&self.since(at))),
            '/' => return Ok(Sign { kind: Kind::One, text: SLASH.to_owned() }),
            _ => return Ok(Sign { kind: Kind::One, text: self.since(at) }),
        };
        let read = match self.letters.next_if(|(_, letter)| *letter == '{') {
            Some(_) => self.until('}'),
            None => self.letters.nth(digits - 1).map(drop),
        };
        read.ok_or_else(Unfit::unknown)?;
        let text = self.since(at);
        let number = text.trim_start_matches(['\\', 'x', 'u', 'U', '{']).trim_end_matches('}');
        let is_slash = u32::from_str_radix(number, 16) == Ok(0x2f);
        Ok(Sign { kind: Kind::One, text: if is_slash { SLASH.to_owned() } else { text } })
    }

    fn group(&mut self, at: usize) -> Result<Sign, Unfit> {
        let open = || Ok(Sign { kind: Kind::Open, text: "(?:".to_owned() });
        if self.letters.next_if(|(_, letter)| *letter == '?').is_none() {
            return open();
        }
        self.letters.next_if(|(_, letter)| *letter == 'P');
        if self.letters.next_if(|(_, letter)| *letter == '<').is_some() {
            self.until('>').ok_or_else(Unfit::unknown)?;
            return open();
        }
        loop {
            match self.letters.next() {
                Some((_, 'x')) => return Err(Unfit::spaced()),
                Some((_, ':')) => return Ok(Sign { kind: Kind::Open, text: self.since(at) }),
                Some((_, ')')) => return Ok(Sign { kind: Kind::Flags, text: self.since(at) }),
                Some(_) => {}
                None => return Err(Unfit::unknown()),
            }
        }
    }

    fn class(&mut self, at: usize) -> Option<String> {
        let is_negated = self.letters.next_if(|(_, letter)| *letter == '^').is_some();
        let mut is_first = true;
        loop {
            let (place, letter) = self.letters.next()?;
            match letter {
                '\\' => drop(self.letters.next()?),
                '[' => {
                    let rest = self.text.get(place..)?;
                    let len = rest.find(":]").filter(|_| rest.starts_with("[:"))?;
                    // As many letters as bytes: names of classes are ASCII.
                    self.letters.nth(len)?;
                }
                ']' if !is_first => break,
                _ => {}
            }
            is_first = false;
        }
        let class = self.since(at);
        let own = compiled(&anchored(&class))?;
        let (slash, inside) = (own.is_match("/"), own.is_match(INSIDE));
        if slash == inside {
            return Some(class);
        }
        if slash {
            return Some(format!(r"(?:{class}|\x00)"));
        }
        // Only a negated class takes one and not the other without naming it; another one names NUL, which no path has.
        if !is_negated {
            return Some(class);
        }
        let inner = class.get(2..class.len() - 1)?;
        // A hyphen at the end stands for itself, and would make a range with what comes behind it.
        let inner = match inner.strip_suffix('-').filter(|rest| !is_escaping(rest)) {
            Some(rest) => format!(r"{rest}\-"),
            None => inner.to_owned(),
        };
        let both = format!(r"[^{inner}\x00]");
        let other = compiled(&anchored(&both))?;
        let is_same = ('\x01'..='\u{ff}').all(|letter| {
            let mut bytes = [0; 4];
            let text = letter.encode_utf8(&mut bytes);
            own.is_match(text) == other.is_match(text)
        });
        (is_same && !other.is_match(INSIDE)).then_some(both)
    }
}

/// Returns whether a backslash at the end takes the next letter as it is.
fn is_escaping(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}
