//! Text values of one name as a serde deserializer.

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::field::{Field, List, Looks};
use super::handover::{self, Token};
use super::mismatch::Mismatch;
use crate::request::Part;

impl<'r> Field<'r> {
    /// Returns the value that counts.
    #[inline]
    fn scalar(self, kind: &'static str) -> Result<&'r str, Mismatch> {
        match self.value() {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(self.no_text(kind)),
            Err(mismatch) => Err(mismatch),
        }
    }

    #[cold]
    fn no_file(self) -> Mismatch {
        match self.value() {
            Ok(None) => Mismatch::missing("a file"),
            _ if self.is_of_parts() => Mismatch::expected("a file"),
            _ => Mismatch::expected(handover::EXPECTED),
        }
    }

    #[cold]
    fn no_text(self, kind: &'static str) -> Mismatch {
        if self.is_file() { Mismatch::not_a_file(kind) } else { Mismatch::missing(kind) }
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $kind:literal;)*) => {$(
        fn $method<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            let text = self.scalar($kind)?;
            visitor.$visit(text.parse::<$type>().map_err(|_| Mismatch::expected($kind))?)
        }
    )*};
}

/// Reads what browsers and people write for a switch.
pub(super) fn switch(text: &str) -> Option<bool> {
    match text {
        "" | "true" | "1" | "on" | "yes" => Some(true),
        "false" | "0" | "off" | "no" => Some(false),
        _ => None,
    }
}

const TEXT: &str = "text";
const YES_OR_NO: &str = "true or false";

impl<'r> Deserializer<'r> for Field<'r> {
    type Error = Mismatch;

    numbers! {
        deserialize_i8 visit_i8 i8, "a whole number from -128 to 127";
        deserialize_i16 visit_i16 i16, "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 i32, "a whole number from -2147483648 to 2147483647";
        deserialize_i64 visit_i64 i64, "a whole number of 64 bits";
        deserialize_i128 visit_i128 i128, "a whole number of 128 bits";
        deserialize_u8 visit_u8 u8, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64, "a whole number from 0, of 64 bits";
        deserialize_u128 visit_u128 u128, "a whole number from 0, of 128 bits";
        deserialize_f32 visit_f32 f32, "a number";
        deserialize_f64 visit_f64 f64, "a number";
        deserialize_char visit_char char, "one character";
    }

    /// Reads what browsers and people write for a switch. A bare `?draft` turns it on; in a form, a checkbox that is not
    /// ticked sends nothing and is `false`.
    fn deserialize_bool<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.holder().is_form() && self.value()?.is_none() {
            return visitor.visit_bool(false);
        }
        let text = self.scalar(YES_OR_NO)?;
        visitor.visit_bool(switch(text).ok_or_else(|| Mismatch::expected(YES_OR_NO))?)
    }

    /// Hands out text, or what an earlier attempt has shown to be wanted.
    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if let Some(part) = self.as_file() {
            return visitor.visit_newtype_struct(Token(part));
        }
        if self.is_list() || self.hands_files() && self.last().is_none() {
            return self.deserialize_seq(visitor);
        }
        if self.looks() == Looks::Switch {
            return self.deserialize_bool(visitor);
        }
        let text = self.scalar(TEXT)?;
        if matches!(self.looks(), Looks::Text | Looks::StandIn) {
            return visitor.visit_borrowed_str(text);
        }
        if let Ok(number) = text.parse() {
            visitor.visit_u64(number)
        } else if let Ok(number) = text.parse() {
            visitor.visit_i64(number)
        } else if let Ok(number) = text.parse() {
            visitor.visit_f64(number)
        } else {
            visitor.visit_borrowed_str(text)
        }
    }

    fn deserialize_str<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(self.scalar(TEXT)?)
    }

    fn deserialize_string<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_bytes(self.scalar(TEXT)?.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if !self.hands_files() && self.value()?.is_none() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        if name != handover::NAME {
            return visitor.visit_newtype_struct(self);
        }
        let file = self.files().next_back().ok_or_else(|| self.no_file())?;
        visitor.visit_newtype_struct(Token(file))
    }

    fn deserialize_seq<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.hands_files() {
            return visitor.visit_seq(EachFile { field: self, rest: self.files() });
        }
        if !self.is_text() {
            return Err(Mismatch::not_text());
        }
        visitor.visit_seq(Each { field: self, rest: self.as_list()?.all() })
    }

    fn deserialize_tuple<V: Visitor<'r>>(self, _len: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'r>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let first = variants.first().filter(|_| self.looks() == Looks::StandIn);
        match first.copied().map_or_else(|| self.value(), |first| Ok(Some(first)))? {
            Some(text) => visitor.visit_enum(Choice(text)),
            None => Err(<Mismatch as serde::de::Error>::unknown_variant("", variants).nothing()),
        }
    }

    fn deserialize_map<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_any(visitor).map_err(|_| Mismatch::of_struct(None, self.holder()))
    }

    fn deserialize_struct<V: Visitor<'r>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_any(visitor).map_err(|_| Mismatch::of_struct(Some(name), self.holder()))
    }

    /// Passes over a field that is not read, whatever came.
    fn deserialize_ignored_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        unit unit_struct tuple_struct
    }
}

/// The values one by one.
struct Each<'r, I> {
    field: Field<'r>,
    rest: I,
}

impl<'r, I: Iterator<Item = &'r str>> SeqAccess<'r> for Each<'r, I> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        let Some(text) = self.rest.next() else { return Ok(None) };
        let value = Field::one(self.field.name(), Some(text)).held_by(self.field.holder());
        let value = value.guessed(self.field.looks(), List::No);
        seed.deserialize(value).map(Some).map_err(|fault| fault.at(text))
    }
}

/// The files one by one.
struct EachFile<'r, I> {
    field: Field<'r>,
    rest: I,
}

impl<'r, I: Iterator<Item = &'r Part>> SeqAccess<'r> for EachFile<'r, I> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        let Some(part) = self.rest.next() else { return Ok(None) };
        seed.deserialize(Field::file(self.field.name(), part)).map(Some)
    }
}

/// A variant without data, by its name.
struct Choice<'r>(&'r str);

impl<'r> EnumAccess<'r> for Choice<'r> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'r>>(self, seed: S) -> Result<(S::Value, Self), Mismatch> {
        let variant = seed.deserialize(serde::de::value::BorrowedStrDeserializer::new(self.0))?;
        Ok((variant, self))
    }
}

impl<'r> VariantAccess<'r> for Choice<'r> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'r>>(self, _seed: S) -> Result<S::Value, Mismatch> {
        Err(Mismatch::expected(PLAIN_VARIANT))
    }

    fn tuple_variant<V: Visitor<'r>>(self, _len: usize, _visitor: V) -> Result<V::Value, Mismatch> {
        Err(Mismatch::expected(PLAIN_VARIANT))
    }

    fn struct_variant<V: Visitor<'r>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Mismatch> {
        Err(Mismatch::expected(PLAIN_VARIANT))
    }
}

const PLAIN_VARIANT: &str = "a choice without data";

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::request::Pair;

    fn read<T: Deserialize<'static>>(name: &'static str) -> Result<T, String> {
        let held = [pair("n", "1"), pair("m", "no"), pair("n", "2"), pair("e", "")];
        let field = Field::among(name, Vec::from(held).leak());
        T::deserialize(field).map_err(|fault| fault.into_fault("here", name, field.last()).to_string())
    }

    fn pair(name: &str, value: &str) -> Pair {
        Pair::new(name, value, true)
    }

    #[derive(Debug, Deserialize, PartialEq)]
    enum Choice {
        #[serde(rename = "1")]
        One,
        #[serde(rename = "2")]
        Two,
        Three(u32),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Newtype(u16);

    #[test]
    fn a_scalar_takes_the_last_and_a_list_takes_all() {
        assert_eq!(read::<u8>("n"), Ok(2));
        assert_eq!(read::<Vec<u8>>("n"), Ok(vec![1, 2]));
        assert_eq!(read::<(u8, u8)>("n"), Ok((1, 2)));
        assert_eq!(read::<&str>("n"), Ok("2"));
        assert_eq!(read::<Option<u8>>("n"), Ok(Some(2)));
        assert_eq!(read::<Option<u8>>("x"), Ok(None));
        assert_eq!(read::<Vec<u8>>("x"), Ok(vec![]));
        assert_eq!(read::<Choice>("n"), Ok(Choice::Two));
        assert_eq!(read::<Newtype>("n"), Ok(Newtype(2)));
        assert_eq!(read::<bool>("e"), Ok(true));
    }

    #[test]
    fn the_fault_says_what_was_expected_and_what_came() {
        let number = "expected a whole number from 0 to 255";
        assert_eq!(read::<u8>("m"), Err(format!("here `m`: {number}, got `no`")));
        assert_eq!(read::<u8>("x"), Err(format!("here `x` is missing: {number}")));
        assert_eq!(read::<u8>("e"), Err(format!("here `e`: {number}, got an empty value")));
        assert_eq!(read::<&str>("x"), Err("here `x` is missing: expected text".to_owned()));
        assert_eq!(read::<Choice>("m"), Err("here `m`: expected `1`, `2` or `Three`, got `no`".to_owned()));
    }
}
