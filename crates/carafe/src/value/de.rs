//! Text values of one name as a serde deserializer.

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Fault;
use super::read::Field;

impl<'r> Field<'r> {
    /// The value that counts, or what is missing.
    fn scalar(self, kind: &'static str) -> Result<&'r str, Fault> {
        self.last().ok_or_else(|| Fault::missing(kind))
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $kind:literal;)*) => {$(
        fn $method<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
            let text = self.scalar($kind)?;
            visitor.$visit(text.parse::<$type>().map_err(|_| Fault::expected($kind))?)
        }
    )*};
}

const TEXT: &str = "text";
const YES_OR_NO: &str = "true or false";

impl<'r> Deserializer<'r> for Field<'r> {
    type Error = Fault;

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

    /// What browsers and people write for a switch; a bare `?draft` turns it on.
    fn deserialize_bool<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.scalar(YES_OR_NO)? {
            "" | "true" | "1" | "on" | "yes" => visitor.visit_bool(true),
            "false" | "0" | "off" | "no" => visitor.visit_bool(false),
            _ => Err(Fault::expected(YES_OR_NO)),
        }
    }

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.scalar(TEXT)?)
    }

    fn deserialize_bytes<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_bytes(self.scalar(TEXT)?.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.last().is_none() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(Each { name: self.name(), rest: self.all() })
    }

    fn deserialize_tuple<V: Visitor<'r>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'r>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.last() {
            Some(text) => visitor.visit_enum(Choice(text)),
            None => Err(<Fault as serde::de::Error>::unknown_variant("", variants).nothing()),
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        str string unit unit_struct tuple_struct map struct identifier ignored_any
    }
}

/// The values one by one.
struct Each<'r, I> {
    name: &'r str,
    rest: I,
}

impl<'r, I: Iterator<Item = &'r str>> SeqAccess<'r> for Each<'r, I> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(text) = self.rest.next() else { return Ok(None) };
        seed.deserialize(Field::one(self.name, Some(text))).map(Some).map_err(|fault| fault.at(text))
    }
}

/// A variant without data, by its name.
struct Choice<'r>(&'r str);

impl<'r> EnumAccess<'r> for Choice<'r> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'r>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let variant = seed.deserialize(serde::de::value::BorrowedStrDeserializer::new(self.0))?;
        Ok((variant, self))
    }
}

impl<'r> VariantAccess<'r> for Choice<'r> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'r>>(self, _seed: S) -> Result<S::Value, Fault> {
        Err(Fault::expected(PLAIN_VARIANT))
    }

    fn tuple_variant<V: Visitor<'r>>(self, _len: usize, _visitor: V) -> Result<V::Value, Fault> {
        Err(Fault::expected(PLAIN_VARIANT))
    }

    fn struct_variant<V: Visitor<'r>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Fault> {
        Err(Fault::expected(PLAIN_VARIANT))
    }
}

const PLAIN_VARIANT: &str = "a choice without data";

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde::Deserialize;

    use super::*;

    const PAIRS: [(Cow<'static, str>, Cow<'static, str>); 4] = [
        (Cow::Borrowed("n"), Cow::Borrowed("1")),
        (Cow::Borrowed("m"), Cow::Borrowed("no")),
        (Cow::Borrowed("n"), Cow::Borrowed("2")),
        (Cow::Borrowed("e"), Cow::Borrowed("")),
    ];

    fn read<T: Deserialize<'static>>(name: &'static str) -> Result<T, String> {
        static HELD: [(Cow<'static, str>, Cow<'static, str>); 4] = PAIRS;
        let field = Field::among(name, &HELD);
        T::deserialize(field)
            .map_err(|fault| fault.into_error("here", name, field.last()).message().to_owned())
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
