//! Why a value could not be read, kept small so that a refusal on the way through the routes costs nothing.

use std::fmt;

use http::StatusCode;
use serde::de::{self, Expected, Unexpected};

use crate::error::Error;

/// The longest piece of a client's text that a message repeats, in characters.
const SHOWN: usize = 80;

/// What went wrong with one value.
#[derive(Debug)]
pub struct Fault {
    wanted: Wanted,
    came: Came,
}

#[derive(Debug)]
enum Wanted {
    /// "expected …"
    Kind(&'static str),
    /// The same, made from a type's own words.
    Said(String),
    /// A sentence that is complete in itself.
    Reason(String),
}

#[derive(Debug)]
enum Came {
    /// No value of this name.
    Nothing,
    /// The last value of the field, which the field itself knows.
    Last,
    /// Another value, already cut for showing.
    Text(String),
    /// The sentence says already.
    Told,
}

impl Fault {
    pub(crate) fn expected(kind: &'static str) -> Fault {
        Fault { wanted: Wanted::Kind(kind), came: Came::Last }
    }

    pub(crate) fn missing(kind: &'static str) -> Fault {
        Fault { wanted: Wanted::Kind(kind), came: Came::Nothing }
    }

    pub(crate) fn of_type<T>() -> Fault {
        Fault { wanted: Wanted::Said(format!("a valid {}", short_name::<T>())), came: Came::Last }
    }

    pub(crate) fn missing_type<T>() -> Fault {
        Fault::of_type::<T>().nothing()
    }

    /// The same fault where no value came at all.
    pub(crate) fn nothing(self) -> Fault {
        Fault { came: Came::Nothing, ..self }
    }

    /// A fault that JSON reports in its own words.
    pub(crate) fn json(error: &serde_json::Error) -> Fault {
        Fault { wanted: Wanted::Reason(cut(&error.to_string(), 2 * SHOWN)), came: Came::Told }
    }

    /// Remembers which of several values was the bad one.
    pub(crate) fn at(self, text: &str) -> Fault {
        match self.came {
            Came::Last => Fault { came: Came::Text(shown(text)), ..self },
            Came::Nothing | Came::Text(_) | Came::Told => self,
        }
    }

    /// The answer: 400 with a text that names the parameter, what was expected and what came.
    pub(crate) fn into_error(self, place: &str, name: &str, last: Option<&str>) -> Error {
        let wanted = match &self.wanted {
            Wanted::Kind(kind) => format!("expected {kind}"),
            Wanted::Said(kind) => format!("expected {kind}"),
            Wanted::Reason(reason) => cut(reason, 2 * SHOWN),
        };
        let name = cut(name, SHOWN);
        let message = match (self.came, last) {
            (Came::Nothing, _) => format!("{place} `{name}` is missing: {wanted}"),
            (Came::Text(text), _) => format!("{place} `{name}`: {wanted}, got {text}"),
            (Came::Last, Some(text)) => format!("{place} `{name}`: {wanted}, got {}", shown(text)),
            (Came::Last, None) | (Came::Told, _) => format!("{place} `{name}`: {wanted}"),
        };
        Error::new(StatusCode::BAD_REQUEST, message)
    }
}

/// A client's text for a message: quoted, without control characters, cut to 80 characters.
fn shown(text: &str) -> String {
    if text.is_empty() {
        return "an empty value".to_owned();
    }
    let mut out = String::with_capacity(text.len().min(4 * SHOWN) + 2);
    out.push('`');
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN {
            out.push('…');
            break;
        }
        if character.is_control() { out.extend(character.escape_default()) } else { out.push(character) }
    }
    out.push('`');
    out
}

fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The last word of a type's path, without its generic arguments.
fn short_name<T>() -> &'static str {
    let full = std::any::type_name::<T>();
    let path = full.split('<').next().unwrap_or(full);
    path.rsplit("::").next().unwrap_or(path)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wanted {
            Wanted::Kind(kind) => write!(f, "expected {kind}"),
            Wanted::Said(kind) => write!(f, "expected {kind}"),
            Wanted::Reason(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Fault {
        Fault { wanted: Wanted::Reason(message.to_string()), came: Came::Last }
    }

    // The value is shown by us, cut; serde would repeat all of it.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault { wanted: Wanted::Said(expected.to_string()), came: Came::Last }
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault { wanted: Wanted::Said(expected.to_string()), came: Came::Last }
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Fault {
        let said = match expected {
            [] => "nothing at all".to_owned(),
            [one] => format!("`{one}`"),
            [first @ .., last] => {
                let first: Vec<_> = first.iter().map(|name| format!("`{name}`")).collect();
                format!("{} or `{last}`", first.join(", "))
            }
        };
        Fault { wanted: Wanted::Said(said), came: Came::Last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_strange_values_are_cut_and_escaped() {
        assert_eq!(shown(""), "an empty value");
        assert_eq!(shown("a\nb"), "`a\\nb`");
        assert_eq!(shown(&"é".repeat(81)), format!("`{}…`", "é".repeat(80)));
        assert_eq!(shown(&"é".repeat(80)), format!("`{}`", "é".repeat(80)));
    }

    #[test]
    fn type_names_are_short() {
        assert_eq!(short_name::<std::net::IpAddr>(), "IpAddr");
        assert_eq!(short_name::<Option<std::net::IpAddr>>(), "Option");
    }
}
