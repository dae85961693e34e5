//! The values that came under one name, as text or as JSON.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::handover::Reading;
use super::holder::Holder;
use super::mismatch::{Hint, Mismatch, hints_of, is_hinted};
use crate::request::{Pair, Part};

/// Something that was found in a request and can be read as a type.
pub trait Read<'r>: Copy + Send {
    /// Reads a type by its `Deserialize`.
    fn deserialize<T: Deserialize<'r>>(self) -> Result<T, Mismatch>;

    /// Returns all values as text, for types that only know `FromStr`.
    fn texts(self) -> Result<Vec<Cow<'r, str>>, Mismatch>;

    /// Returns the value that counts for a scalar: the last.
    fn last(self) -> Option<Cow<'r, str>>;

    /// Returns whether all that came is one empty text, or the `null` of JSON.
    fn is_blank(self) -> bool;
}

/// The text values of one name.
#[derive(Clone, Copy, Debug)]
pub struct Field<'r> {
    name: &'r str,
    values: Values<'r>,
    holder: Holder,
    /// The type it is handed out as, where serde does not say what it is to be.
    looks: Looks,
    list: List,
    /// Set where files are handed out as well, to types that ask for them.
    with_files: bool,
}

/// Whether the values are handed out as a list, where serde does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum List {
    /// If there are several.
    #[default]
    Unknown,
    Yes,
    /// The last one is handed out.
    No,
}

/// The type that a text is handed out as, where serde does not say what it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    Text,
    Number,
    Switch,
    /// A text that stands in for one at fault, to find the other faults of a struct: an enum takes its first variant.
    StandIn,
}

#[derive(Clone, Copy, Debug)]
enum Values<'r> {
    /// At most one value, already found.
    One(Option<&'r str>),
    /// Pairs, among them those that carry the field's name.
    Pairs(&'r [Pair]),
    /// Pairs that all carry it.
    Own(&'r [Pair]),
    /// A variable of the environment, if it is set; its value may be a list.
    Variable { whole: Option<&'r str>, each: &'r [Pair], is_text: bool },
    /// Parts, among them those that carry the field's name.
    Parts(&'r [Part]),
    /// One of several files.
    File(&'r Part),
}

impl<'r> Field<'r> {
    fn of(name: &'r str, values: Values<'r>) -> Field<'r> {
        let holder = Holder::Query;
        Field { name, values, holder, looks: Looks::Text, list: List::Unknown, with_files: false }
    }

    pub(crate) fn one(name: &'r str, value: Option<&'r str>) -> Field<'r> {
        Field::of(name, Values::One(value))
    }

    pub(crate) fn among(name: &'r str, pairs: &'r [Pair]) -> Field<'r> {
        Field::of(name, Values::Pairs(pairs))
    }

    /// Makes a field of pairs that all carry its name.
    pub(crate) fn of_own(name: &'r str, pairs: &'r [Pair]) -> Field<'r> {
        Field::of(name, Values::Own(pairs))
    }

    /// Makes a field of a variable, if it is set; `each` is its value as a list.
    pub(crate) fn variable(
        name: &'r str,
        whole: Option<&'r str>,
        each: &'r [Pair],
        is_text: bool,
    ) -> Field<'r> {
        let values = Values::Variable { whole, each, is_text };
        Field { list: List::No, ..Field::of(name, values) }
    }

    /// Returns the field as a list is read from it. A form has no other way to send an empty one than to send nothing, but a
    /// variable can be empty.
    pub(crate) fn as_list(self) -> Result<Field<'r>, Mismatch> {
        match self.values {
            Values::Variable { whole: None, .. } => Err(Mismatch::missing("a list, separated by commas")),
            Values::Variable { each, .. } => Ok(Field { values: Values::Own(each), ..self }),
            Values::One(_) | Values::Pairs(_) | Values::Own(_) | Values::Parts(_) | Values::File(_) => {
                Ok(self)
            }
        }
    }

    pub(crate) fn parts(name: &'r str, parts: &'r [Part]) -> Field<'r> {
        Field::of(name, Values::Parts(parts))
    }

    /// Makes a field of one file.
    pub(super) fn file(name: &'r str, part: &'r Part) -> Field<'r> {
        Field { with_files: true, ..Field::of(name, Values::File(part)) }
    }

    /// Hands out files, too, or no longer.
    pub(super) fn with_files(self, with_files: bool) -> Field<'r> {
        Field { with_files, ..self }
    }

    /// Says what holds the field, where that is not the query: in a form, a checkbox that is not ticked sends nothing.
    pub(crate) fn held_by(self, holder: Holder) -> Field<'r> {
        Field { holder, ..self }
    }

    /// Tells what to hand out where serde does not say.
    pub(crate) fn guessed(self, looks: Looks, list: List) -> Field<'r> {
        Field { looks, list, ..self }
    }

    pub(crate) fn looks(self) -> Looks {
        self.looks
    }

    /// Returns whether the values are handed out as a list, where serde does not say.
    pub(crate) fn is_list(self) -> bool {
        match self.list {
            List::Yes => true,
            List::No => false,
            List::Unknown => self.has_several(),
        }
    }

    pub(crate) fn has_several(self) -> bool {
        self.all().nth(1).is_some()
    }

    pub(super) fn holder(self) -> Holder {
        self.holder
    }

    pub(crate) fn name(self) -> &'r str {
        self.name
    }

    /// Returns all values in the order they came.
    pub(crate) fn all(self) -> impl DoubleEndedIterator<Item = &'r str> {
        let (one, pairs, parts): (_, &'r [Pair], &'r [Part]) = match self.values {
            Values::One(value) => (value, &[], &[]),
            Values::Variable { whole, .. } => (whole, &[], &[]),
            Values::File(_) => (None, &[], &[]),
            Values::Pairs(pairs) | Values::Own(pairs) => (None, pairs, &[]),
            Values::Parts(parts) => (None, &[], parts),
        };
        one.into_iter()
            .chain(pairs.iter().filter(move |pair| pair.name() == self.name).map(Pair::value))
            .chain(parts.iter().filter(move |part| part.name() == self.name).filter_map(Part::text))
    }

    /// Returns whether all values are UTF-8.
    pub(crate) fn is_text(self) -> bool {
        match self.values {
            Values::One(_) | Values::File(_) => true,
            Values::Variable { is_text, .. } => is_text,
            Values::Pairs(pairs) => pairs.iter().all(|pair| pair.is_text || pair.name() != self.name),
            Values::Own(pairs) => pairs.iter().all(|pair| pair.is_text),
            Values::Parts(parts) => {
                parts.iter().all(|part| part.name() != self.name || !part.is_field() || part.text().is_some())
            }
        }
    }

    /// Returns whether a file came under the name.
    pub(crate) fn is_file(self) -> bool {
        match self.values {
            Values::Parts(parts) => parts.iter().any(|part| part.name() == self.name && !part.is_field()),
            Values::File(_) => true,
            Values::One(_) | Values::Pairs(_) | Values::Own(_) | Values::Variable { .. } => false,
        }
    }

    /// Returns what can be had as files.
    pub(super) fn files(self) -> impl DoubleEndedIterator<Item = &'r Part> {
        let parts: &'r [Part] = match self.values {
            Values::Parts(parts) => parts,
            Values::File(part) => std::slice::from_ref(part),
            Values::One(_) | Values::Pairs(_) | Values::Own(_) | Values::Variable { .. } => &[],
        };
        parts.iter().filter(move |part| part.name() == self.name && part.is_file())
    }

    /// Returns whether there are files to hand out.
    pub(super) fn hands_files(self) -> bool {
        self.with_files && self.files().next().is_some()
    }

    /// Returns whether files are all there is.
    pub(super) fn is_only_files(self) -> bool {
        match self.values {
            Values::Parts(parts) => !parts.iter().any(|part| part.name() == self.name && part.is_field()),
            Values::File(_) => true,
            Values::One(_) | Values::Pairs(_) | Values::Own(_) | Values::Variable { .. } => false,
        }
    }

    /// Returns the field's file, if it is the one of a list.
    pub(super) fn as_file(self) -> Option<&'r Part> {
        if let Values::File(part) = self.values { Some(part) } else { None }
    }

    /// Returns whether the body that it came in can hold files.
    pub(super) fn is_of_parts(self) -> bool {
        matches!(self.values, Values::Parts(_) | Values::File(_))
    }

    /// Returns the value that counts for a scalar: the last.
    ///
    /// # Errors
    ///
    /// A value is not UTF-8.
    #[inline]
    pub(crate) fn value(self) -> Result<Option<&'r str>, Mismatch> {
        let (last, is_text) = match self.values {
            Values::One(value) => (value, true),
            Values::Variable { whole, is_text, .. } => (whole, is_text),
            // In one pass: this is asked for every field that is read.
            Values::Pairs(pairs) => {
                let own = pairs.iter().filter(|pair| pair.name() == self.name);
                own.fold((None, true), |(_, is_text), pair| (Some(pair.value()), is_text && pair.is_text))
            }
            Values::Own(pairs) => (pairs.last().map(Pair::value), pairs.iter().all(|pair| pair.is_text)),
            Values::Parts(_) => (self.last(), self.is_text()),
            Values::File(_) => (None, true),
        };
        if is_text { Ok(last) } else { Err(Mismatch::not_text()) }
    }

    /// Returns the same, with U+FFFD for what is not UTF-8, or without it.
    pub(crate) fn last(self) -> Option<&'r str> {
        match self.values {
            Values::One(value) | Values::Variable { whole: value, .. } => value,
            Values::Own(pairs) => pairs.last().map(Pair::value),
            Values::Pairs(_) | Values::Parts(_) => self.all().next_back(),
            Values::File(_) => None,
        }
    }
}

impl<'r> Field<'r> {
    /// Reads a type, and reads it once more if it is an enum without tags that wanted a number or a list.
    fn read<T: Deserialize<'r>>(self) -> Result<T, Mismatch> {
        let (outcome, is_hinted) = is_hinted(|| T::deserialize(self));
        if is_hinted { self.read_by_hints(outcome) } else { outcome }
    }

    #[cold]
    fn read_by_hints<T: Deserialize<'r>>(self, outcome: Result<T, Mismatch>) -> Result<T, Mismatch> {
        let (_, hints) = hints_of(|| T::deserialize(self));
        let list = if hints.iter().any(|hint| matches!(hint, Hint::List(_))) { List::Yes } else { self.list };
        let looks = hints.iter().find_map(|hint| match hint {
            Hint::Text(_) => Some(Looks::Number),
            Hint::Switch(_) => Some(Looks::Switch),
            _ => None,
        });
        T::deserialize(self.guessed(looks.unwrap_or(Looks::Text), list)).or(outcome)
    }
}

impl<'r> Read<'r> for Field<'r> {
    fn deserialize<T: Deserialize<'r>>(self) -> Result<T, Mismatch> {
        let outcome = self.read();
        // Several values are a list, or the last of them where no list is wanted.
        if outcome.is_err() && self.is_list() {
            return self.guessed(self.looks, List::No).read().or(outcome);
        }
        outcome
    }

    fn texts(self) -> Result<Vec<Cow<'r, str>>, Mismatch> {
        if self.is_text() { Ok(self.all().map(Cow::Borrowed).collect()) } else { Err(Mismatch::not_text()) }
    }

    fn last(self) -> Option<Cow<'r, str>> {
        Field::last(self).map(Cow::Borrowed)
    }

    fn is_blank(self) -> bool {
        let mut all = self.all();
        all.next() == Some("") && all.next().is_none()
    }
}

/// The value of a form field.
#[derive(Clone, Copy, Debug)]
pub enum FormValue<'r> {
    /// Text: no, one or many values.
    Text(Field<'r>),
    /// The value of a key of a JSON object.
    Json(&'r Value),
}

impl<'r> Read<'r> for FormValue<'r> {
    fn deserialize<T: Deserialize<'r>>(self) -> Result<T, Mismatch> {
        match self {
            FormValue::Text(field) if field.with_files(true).hands_files() => {
                let reading = Reading::begin();
                // A type that does not ask for a file finds the text that may have come beside it.
                let outcome = Read::deserialize(field.with_files(true));
                drop(reading);
                outcome.or_else(|_| Read::deserialize(field))
            }
            FormValue::Text(field) => Read::deserialize(field),
            FormValue::Json(value) => T::deserialize(value).map_err(|error| Mismatch::json(&error)),
        }
    }

    fn texts(self) -> Result<Vec<Cow<'r, str>>, Mismatch> {
        match self {
            FormValue::Text(field) => field.texts(),
            FormValue::Json(Value::Array(list)) => Ok(list.iter().filter_map(json_text).collect()),
            FormValue::Json(value) => Ok(json_text(value).into_iter().collect()),
        }
    }

    fn last(self) -> Option<Cow<'r, str>> {
        match self {
            FormValue::Text(field) => Read::last(field),
            FormValue::Json(value) => json_text(value),
        }
    }

    fn is_blank(self) -> bool {
        match self {
            FormValue::Text(field) => field.is_blank(),
            FormValue::Json(value) => value.is_null() || value.as_str() == Some(""),
        }
    }
}

/// Returns a JSON value as the text that a type with only `FromStr` reads; `null` counts as nothing.
fn json_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(Cow::Owned(value.to_string()))
        }
    }
}
