//! Name and value pairs as the fields of a struct: a scalar takes the last of several values, a list takes all.

use std::borrow::Cow;

use http::StatusCode;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::error::Error;
use crate::value::{Fault, Field};

/// Reads a struct or map from fields, each name once.
pub(super) fn read<'r, T: Deserialize<'r>>(
    place: &'static str,
    fields: impl Iterator<Item = Field<'r>>,
) -> Result<T, Error> {
    let mut fields = Fields { rest: fields, current: None };
    T::deserialize(Struct(&mut fields)).map_err(|fault| match fields.current {
        Some(field) => fault.into_error(place, field.name(), field.last()),
        None => Error::new(StatusCode::BAD_REQUEST, format!("{place}s: {fault}")),
    })
}

/// The same for pairs in the order of their names: each name's own are side by side, so that ten thousand parameters
/// are not looked through ten thousand times.
pub(super) fn read_pairs<'r, T: Deserialize<'r>>(
    place: &'static str,
    pairs: &'r [(Cow<'r, str>, Cow<'r, str>)],
) -> Result<T, Error> {
    let groups = pairs.chunk_by(|one, other| one.0 == other.0);
    read(place, groups.filter_map(|group| Some(Field::among(&group.first()?.0, group))))
}

struct Fields<'r, I> {
    rest: I,
    /// The field that is being read: where it stands when something goes wrong, the fault is.
    current: Option<Field<'r>>,
}

struct Struct<'f, 'r, I>(&'f mut Fields<'r, I>);

impl<'r, I: Iterator<Item = Field<'r>>> Deserializer<'r> for Struct<'_, 'r, I> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(self.0)
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'r, I: Iterator<Item = Field<'r>>> MapAccess<'r> for &mut Fields<'r, I> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'r>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.current = None;
        let Some(field) = self.rest.next() else { return Ok(None) };
        let key = seed.deserialize(BorrowedStrDeserializer::new(field.name()))?;
        self.current = Some(field);
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match self.current {
            Some(field) => seed.deserialize(field),
            None => Err(Fault::missing("a value")),
        }
    }
}
