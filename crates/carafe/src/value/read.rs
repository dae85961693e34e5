//! What came under one name, as text or as JSON.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::Fault;
use crate::request::Part;

/// Name and value pairs as a query string or an urlencoded form decodes to.
type Pairs<'r> = [(Cow<'r, str>, Cow<'r, str>)];

/// Something that was found in a request and can be read as a type.
pub trait Read<'r>: Copy {
    /// Reads a type by its `Deserialize`.
    fn deserialize<T: Deserialize<'r>>(self) -> Result<T, Fault>;

    /// All values as text, for types that only know `FromStr`.
    fn texts(self) -> Vec<Cow<'r, str>>;

    /// The value that counts for a scalar: the last.
    fn last(self) -> Option<Cow<'r, str>>;

    /// Whether all that came is one empty text.
    fn is_blank(self) -> bool;
}

/// The text values of one name.
#[derive(Clone, Copy, Debug)]
pub struct Field<'r> {
    name: &'r str,
    values: Values<'r>,
}

#[derive(Clone, Copy, Debug)]
enum Values<'r> {
    /// At most one value, already found.
    One(Option<&'r str>),
    /// The pairs that carry the field's name.
    Pairs(&'r Pairs<'r>),
    /// The parts that carry the field's name and are not files.
    Parts(&'r [Part]),
}

impl<'r> Field<'r> {
    pub(crate) fn one(name: &'r str, value: Option<&'r str>) -> Field<'r> {
        Field { name, values: Values::One(value) }
    }

    pub(crate) fn among(name: &'r str, pairs: &'r Pairs<'r>) -> Field<'r> {
        Field { name, values: Values::Pairs(pairs) }
    }

    pub(crate) fn parts(name: &'r str, parts: &'r [Part]) -> Field<'r> {
        Field { name, values: Values::Parts(parts) }
    }

    pub(crate) fn name(self) -> &'r str {
        self.name
    }

    /// All values in the order they came.
    pub(crate) fn all(self) -> impl DoubleEndedIterator<Item = &'r str> {
        let (one, pairs, parts): (_, &'r Pairs<'r>, &'r [Part]) = match self.values {
            Values::One(value) => (value, &[], &[]),
            Values::Pairs(pairs) => (None, pairs, &[]),
            Values::Parts(parts) => (None, &[], parts),
        };
        one.into_iter()
            .chain(pairs.iter().filter(move |(name, _)| name == self.name).map(|(_, value)| value.as_ref()))
            .chain(parts.iter().filter(move |part| part.name() == self.name).filter_map(Part::text))
    }

    /// The value that counts for a scalar: the last.
    pub(crate) fn last(self) -> Option<&'r str> {
        match self.values {
            Values::One(value) => value,
            Values::Pairs(_) | Values::Parts(_) => self.all().next_back(),
        }
    }
}

impl<'r> Read<'r> for Field<'r> {
    fn deserialize<T: Deserialize<'r>>(self) -> Result<T, Fault> {
        T::deserialize(self)
    }

    fn texts(self) -> Vec<Cow<'r, str>> {
        self.all().map(Cow::Borrowed).collect()
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
    fn deserialize<T: Deserialize<'r>>(self) -> Result<T, Fault> {
        match self {
            FormValue::Text(field) => T::deserialize(field),
            FormValue::Json(value) => T::deserialize(value).map_err(|error| Fault::json(&error)),
        }
    }

    fn texts(self) -> Vec<Cow<'r, str>> {
        match self {
            FormValue::Text(field) => field.texts(),
            FormValue::Json(Value::Array(list)) => list.iter().filter_map(json_text).collect(),
            FormValue::Json(value) => json_text(value).into_iter().collect(),
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
            FormValue::Json(value) => value.as_str() == Some(""),
        }
    }
}

/// A JSON value as the text that a type with only `FromStr` reads; `null` is nothing.
fn json_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(Cow::Owned(value.to_string()))
        }
    }
}
