//! The reason why a value could not be read, kept small so that a refusal while routes are tried costs nothing.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::holder::Holder;
use super::pointer;
use super::repetition::{quotes, shares};
use crate::error::{Fault, is_secret};

/// The place of a field in a JSON body.
pub(crate) const JSON_FIELD: &str = "JSON field";

/// The place of a setting.
pub(crate) const VARIABLE: &str = "variable";

/// The longest piece of a client's text that a message repeats, in characters.
const SHOWN: usize = 80;

/// The reason why one value could not be read.
#[derive(Debug)]
pub struct Mismatch {
    wanted: Wanted,
    came: Came,
    hint: Option<Hint>,
}

/// A hint, from the refusal of a value that serde had buffered, at how it has to be handed out.
#[derive(Clone, Debug)]
pub(crate) enum Hint {
    /// This text is wanted as a number or something else.
    Text(String),
    /// This text is wanted as a switch.
    Switch(String),
    /// This text was handed out as a number or switch, and is wanted as something else.
    Typed(String),
    /// This text is wanted as a list.
    List(String),
    /// A list was handed out, and something else is wanted.
    NotList,
}

impl Hint {
    /// Returns the text that did not fit.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Hint::Text(text) | Hint::Switch(text) | Hint::Typed(text) | Hint::List(text) => Some(text),
            Hint::NotList => None,
        }
    }
}

thread_local! {
    /// The hints of refusals, also of those that serde swallows: it tries one variant of an enum after the other.
    /// `None` while nobody asks for them.
    static HINTS: RefCell<Option<Vec<Hint>>> = const { RefCell::new(None) };
    /// Set with every hint. To ask this costs next to nothing, where the list has to be moved.
    static HINTED: Cell<bool> = const { Cell::new(false) };
}

/// The most hints that are kept of one reading.
const MOST_HINTS: usize = 64;

fn note(hint: Option<&Hint>) {
    let Some(hint) = hint else { return };
    HINTED.set(true);
    HINTS.with_borrow_mut(|hints| {
        if let Some(hints) = hints.as_mut().filter(|hints| hints.len() < MOST_HINTS) {
            hints.push(hint.clone());
        }
    });
}

/// Runs a reading, and returns whether one of its refusals has a hint beside what it gives.
pub(crate) fn is_hinted<T>(read: impl FnOnce() -> T) -> (T, bool) {
    let outer = HINTED.replace(false);
    let outcome = read();
    (outcome, HINTED.replace(outer))
}

/// Runs a reading, and returns the hints of its refusals beside what it gives.
pub(crate) fn hints_of<T>(read: impl FnOnce() -> T) -> (T, Vec<Hint>) {
    let outer = HINTS.replace(Some(Vec::new()));
    let outcome = read();
    (outcome, HINTS.replace(outer).unwrap_or_default())
}

#[derive(Debug)]
enum Wanted {
    /// "expected …"
    Kind(Cow<'static, str>),
    /// The same in the words of a type of which nothing is known: it may hold a password, as an address does.
    Type(String),
    /// A sentence that is complete in itself.
    Reason(String),
    /// A field of a struct that did not come.
    Field(&'static str),
}

#[derive(Debug)]
enum Came {
    /// No value of this name.
    Nothing,
    /// The last value of the field, which the field itself knows.
    Last,
    /// Another value.
    Text(String),
    /// The sentence says already.
    Told,
}

impl Mismatch {
    pub(crate) fn expected(kind: &'static str) -> Mismatch {
        Mismatch { wanted: Wanted::Kind(kind.into()), came: Came::Last, hint: None }
    }

    pub(crate) fn missing(kind: &'static str) -> Mismatch {
        Mismatch { wanted: Wanted::Kind(kind.into()), came: Came::Nothing, hint: None }
    }

    pub(crate) fn of_type<T>() -> Mismatch {
        Mismatch {
            wanted: Wanted::Kind(format!("a valid {}", short_name::<T>()).into()),
            came: Came::Last,
            hint: None,
        }
    }

    pub(crate) fn missing_type<T>() -> Mismatch {
        Mismatch::of_type::<T>().nothing()
    }

    pub(crate) fn not_text() -> Mismatch {
        Mismatch::expected("UTF-8 text")
    }

    /// Tells the client that a file came where text was expected.
    pub(crate) fn not_a_file(kind: &str) -> Mismatch {
        let reason = format!("expected {kind}, got a file");
        Mismatch { wanted: Wanted::Reason(reason), came: Came::Told, hint: None }
    }

    /// Tells the author that a struct of this name, or a map, cannot be one field, and what to write instead.
    pub(crate) fn of_struct(name: Option<&str>, holder: Holder) -> Mismatch {
        let came = if holder == Holder::JsonObject { Came::Nothing } else { Came::Told };
        Mismatch { wanted: Wanted::Reason(holder.refuses(name)), came, hint: None }
    }

    /// Marks that no value came at all.
    pub(crate) fn nothing(self) -> Mismatch {
        Mismatch { came: Came::Nothing, ..self }
    }

    /// Takes over what JSON reports in its own words.
    pub(crate) fn json(error: &serde_json::Error) -> Mismatch {
        // What came stands beside it already: "invalid type: string \"x\", expected u8".
        let words = error.to_string();
        let expected = words.strip_prefix("invalid ").and_then(|words| words.rsplit_once(", expected "));
        match expected {
            Some((_, expected)) => {
                Mismatch { wanted: Wanted::Kind(sentence(expected).into()), came: Came::Last, hint: None }
            }
            None => Mismatch { wanted: Wanted::Reason(words), came: Came::Told, hint: None },
        }
    }

    /// Says that it is the name of a parameter or field that could not be read.
    pub(crate) fn of_name(self, name: &str) -> Mismatch {
        match &self.wanted {
            Wanted::Kind(_) | Wanted::Type(_) => {
                let reason = format!("the name `{}`: {self}", shown(name));
                Mismatch { wanted: Wanted::Reason(reason), came: Came::Told, ..self }
            }
            Wanted::Reason(_) | Wanted::Field(_) => self,
        }
    }

    /// Remembers which of several values was the bad one.
    pub(crate) fn at(self, text: &str) -> Mismatch {
        match self.came {
            Came::Last => Mismatch { came: Came::Text(shown(text)), ..self },
            Came::Nothing | Came::Text(_) | Came::Told => self,
        }
    }

    pub(crate) fn hint(&self) -> Option<&Hint> {
        self.hint.as_ref()
    }

    /// Returns the name of the struct's field that did not come, if that is the reason.
    pub(crate) fn missing_field(&self) -> Option<&'static str> {
        if let Wanted::Field(name) = self.wanted { Some(name) } else { None }
    }

    /// Returns whether the words of a type repeat the value of this name, or a piece of it.
    pub(crate) fn repeats(&self, name: &str, value: &str) -> bool {
        self.quotes(value) || self.words().is_some_and(|words| shares(&sentence(words), name, value))
    }

    /// Returns whether they repeat all of it, or what is between two of its commas.
    pub(crate) fn quotes(&self, value: &str) -> bool {
        self.words().is_some_and(|words| quotes(words, value))
    }

    fn words(&self) -> Option<&str> {
        match &self.wanted {
            Wanted::Type(words) | Wanted::Reason(words) => Some(words),
            Wanted::Kind(_) | Wanted::Field(_) => None,
        }
    }

    /// Makes the fault that names the parameter, what was expected and what came. What came is left out of the fault of a
    /// secret, and of a variable of a type that may hold one; so are the words of a type that repeat it.
    pub(crate) fn into_fault(self, place: &'static str, name: &str, last: Option<&str>) -> Fault {
        let is_secret = is_secret(name);
        let is_shown = !is_secret && (place != VARIABLE || matches!(self.wanted, Wanted::Kind(_)));
        let one = if let Came::Text(text) = &self.came { Some(text.trim_end_matches('…')) } else { None };
        let is_repeated = (is_secret || place == VARIABLE)
            && [last, one].into_iter().flatten().any(|value| self.repeats(name, value));
        let (expected, reason) = match self.wanted {
            _ if is_repeated => (Some("a valid value".into()), None),
            Wanted::Kind(kind) => (Some(kind), None),
            Wanted::Type(words) => (Some(sentence(&words).into()), None),
            Wanted::Reason(reason) => (None, Some(sentence(&reason))),
            Wanted::Field(_) => (Some("a value".into()), None),
        };
        let missing = matches!(self.came, Came::Nothing);
        let got = match self.came {
            Came::Nothing => None,
            Came::Text(text) => Some(text),
            Came::Last | Came::Told => last.map(shown),
        };
        let got = got.filter(|_| is_shown);
        let pointer = (place == JSON_FIELD).then(|| pointer::of("").below(name).told()).flatten();
        Fault { name: shown(name), place, expected, reason, got, missing, pointer, refused: false }
    }
}

/// Returns a client's text for a message: without control characters, cut to 80 characters.
pub(crate) fn shown(text: &str) -> String {
    printable(text, SHOWN)
}

/// Returns the words of a type or of JSON, which may repeat a client's text.
pub(crate) fn sentence(text: &str) -> String {
    printable(text, 2 * SHOWN)
}

fn printable(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(4 * most));
    for (count, character) in text.chars().enumerate() {
        if count == most {
            out.push('…');
            break;
        }
        if character.is_control() { out.extend(character.escape_default()) } else { out.push(character) }
    }
    out
}

/// Returns the last word of a type's path, without its generic arguments.
pub(crate) fn short_name<T>() -> &'static str {
    last_word(std::any::type_name::<T>())
}

/// Returns the same of the type inside `Option`, `Vec` and `Box`.
pub(crate) fn inner_name<T>() -> &'static str {
    let mut name = std::any::type_name::<T>();
    while let Some((wrapper, inner)) = name.split_once('<')
        && matches!(last_word(wrapper), "Option" | "Vec" | "Box")
    {
        name = inner;
    }
    last_word(name).trim_end_matches('>')
}

fn last_word(full: &'static str) -> &'static str {
    let path = full.split(['<', ',']).next().unwrap_or(full);
    path.rsplit("::").next().unwrap_or(path)
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wanted {
            Wanted::Kind(kind) => write!(f, "expected {kind}"),
            Wanted::Type(words) => write!(f, "expected {}", sentence(words)),
            Wanted::Reason(reason) => f.write_str(&sentence(reason)),
            Wanted::Field(name) => write!(f, "`{name}` is missing"),
        }
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Mismatch {
        Mismatch { wanted: Wanted::Reason(message.to_string()), came: Came::Last, hint: None }
    }

    // The value is shown by us, cut; serde would repeat all of it.
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Mismatch {
        let expected = expected.to_string();
        let list = expected.contains("sequence") || expected.contains("tuple");
        let hint = match unexpected {
            Unexpected::Str(text) if list => Some(Hint::List(text.to_owned())),
            Unexpected::Str(text) if expected == "a boolean" => Some(Hint::Switch(text.to_owned())),
            Unexpected::Str(text) => Some(Hint::Text(text.to_owned())),
            Unexpected::Seq => Some(Hint::NotList),
            Unexpected::Bool(value) => Some(typed(value, list)),
            Unexpected::Unsigned(value) => Some(typed(value, list)),
            Unexpected::Signed(value) => Some(typed(value, list)),
            Unexpected::Float(value) => Some(typed(value, list)),
            _ => None,
        };
        note(hint.as_ref());
        Mismatch { wanted: Wanted::Type(expected), came: Came::Last, hint }
    }

    // Its hint is not noted: the value was of a type that fits. It only tells which field's it was.
    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Mismatch {
        let hint = match unexpected {
            Unexpected::Str(text) => Some(Hint::Text(text.to_owned())),
            Unexpected::Unsigned(value) => Some(typed(value, false)),
            Unexpected::Signed(value) => Some(typed(value, false)),
            Unexpected::Float(value) => Some(typed(value, false)),
            _ => None,
        };
        Mismatch { wanted: Wanted::Type(expected.to_string()), came: Came::Last, hint }
    }

    fn missing_field(field: &'static str) -> Mismatch {
        Mismatch { wanted: Wanted::Field(field), came: Came::Nothing, hint: None }
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Mismatch {
        let said = match expected {
            [] => "nothing at all".to_owned(),
            [one] => format!("`{one}`"),
            [first @ .., last] => {
                let first: Vec<_> = first.iter().map(|name| format!("`{name}`")).collect();
                format!("{} or `{last}`", first.join(", "))
            }
        };
        Mismatch { wanted: Wanted::Kind(said.into()), came: Came::Last, hint: None }
    }
}

fn typed(value: impl fmt::Display, list: bool) -> Hint {
    let text = value.to_string();
    if list { Hint::List(text) } else { Hint::Typed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_strange_values_are_cut_and_escaped() {
        assert_eq!(shown(""), "");
        assert_eq!(shown("a\nb"), "a\\nb");
        assert_eq!(shown(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
    }

    #[test]
    fn type_names_are_short() {
        assert_eq!(short_name::<std::net::IpAddr>(), "IpAddr");
        assert_eq!(short_name::<Option<std::net::IpAddr>>(), "Option");
        assert_eq!(inner_name::<std::net::IpAddr>(), "IpAddr");
        assert_eq!(inner_name::<Option<Vec<Box<std::net::IpAddr>>>>(), "IpAddr");
        assert_eq!(inner_name::<Vec<std::collections::BTreeMap<String, u8>>>(), "BTreeMap");
    }
}
