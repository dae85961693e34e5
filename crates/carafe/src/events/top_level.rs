//! Writes a value as JSON, unless it is a `Result`: then what is in its `Ok`, or nothing and the error.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::ser::CompactFormatter;

use crate::error::{Error, Result};

/// Writes a value. An `Err` at its top is an error, also inside a further `Ok` or a `Some`; a `Result` further down is data.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Bytes> {
    let (mut text, mut failure) = (Vec::new(), None);
    let writer = &mut serde_json::Serializer::new(&mut text);
    value.serialize(TopLevel { writer, failure: &mut failure })?;
    match failure {
        None => Ok(text.into()),
        Some(words) => Err(Error::from_source(words.into())),
    }
}

/// Returns an error in words: text as it is, anything else as JSON.
fn words<E: Serialize + ?Sized>(error: &E) -> serde_json::Result<String> {
    let json = serde_json::to_string(error)?;
    Ok(serde_json::from_str(&json).unwrap_or(json))
}

type Json<'w> = serde_json::Serializer<&'w mut Vec<u8>>;
type Compound<'s, 'w> = serde_json::ser::Compound<'s, &'w mut Vec<u8>, CompactFormatter>;

/// Hands everything on but a `Result`, which serde has as an enum of that name.
struct TopLevel<'s, 'w> {
    writer: &'s mut Json<'w>,
    failure: &'s mut Option<String>,
}

macro_rules! scalars {
    ($($method:ident $scalar:ty;)*) => {$(
        fn $method(self, value: $scalar) -> serde_json::Result<()> {
            self.writer.$method(value)
        }
    )*};
}

impl<'s, 'w> Serializer for TopLevel<'s, 'w> {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = Compound<'s, 'w>;
    type SerializeTuple = Compound<'s, 'w>;
    type SerializeTupleStruct = Compound<'s, 'w>;
    type SerializeTupleVariant = Compound<'s, 'w>;
    type SerializeMap = Compound<'s, 'w>;
    type SerializeStruct = Compound<'s, 'w>;
    type SerializeStructVariant = Compound<'s, 'w>;

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        match (name, variant) {
            ("Result", "Ok") => value.serialize(self),
            ("Result", "Err") => {
                *self.failure = Some(words(value)?);
                Ok(())
            }
            _ => self.writer.serialize_newtype_variant(name, index, variant, value),
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        self.writer.serialize_newtype_struct(name, value)
    }

    scalars! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_i128 i128;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_u128 u128;
        serialize_f32 f32;
        serialize_f64 f64;
        serialize_char char;
        serialize_str &str;
        serialize_bytes &[u8];
        serialize_unit_struct &'static str;
    }

    fn serialize_none(self) -> serde_json::Result<()> {
        self.writer.serialize_none()
    }

    fn serialize_unit(self) -> serde_json::Result<()> {
        self.writer.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> serde_json::Result<()> {
        self.writer.serialize_unit_variant(name, index, variant)
    }

    fn serialize_seq(self, length: Option<usize>) -> serde_json::Result<Self::SerializeSeq> {
        self.writer.serialize_seq(length)
    }

    fn serialize_tuple(self, length: usize) -> serde_json::Result<Self::SerializeTuple> {
        self.writer.serialize_tuple(length)
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> serde_json::Result<Self::SerializeTupleStruct> {
        self.writer.serialize_tuple_struct(name, length)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> serde_json::Result<Self::SerializeTupleVariant> {
        self.writer.serialize_tuple_variant(name, index, variant, length)
    }

    fn serialize_map(self, length: Option<usize>) -> serde_json::Result<Self::SerializeMap> {
        self.writer.serialize_map(length)
    }

    fn serialize_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> serde_json::Result<Self::SerializeStruct> {
        self.writer.serialize_struct(name, length)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> serde_json::Result<Self::SerializeStructVariant> {
        self.writer.serialize_struct_variant(name, index, variant, length)
    }
}
