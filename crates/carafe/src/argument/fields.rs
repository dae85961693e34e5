//! Fields as a serde deserializer of a struct, a map, or an enum of which one field is the variant.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::field::{Field, Looks, Read as _};
use super::groups::Groups;
use super::guesses::Guesses;
use super::known::Known;
use super::mismatch::Mismatch;

/// The fields, while they are read one by one.
pub(super) struct Fields<'g, 'r> {
    pub(super) rest: Groups<'g, 'r>,
    pub(super) guesses: &'g Guesses,
    /// What stands in for fields that are known not to fit.
    pub(super) known: &'g Known,
    /// A field at fault that comes after all others.
    pub(super) late: Option<Field<'r>>,
    /// The field that is being read. If the reading fails, this is the field that did not fit.
    pub(super) current: Option<Field<'r>>,
    /// Set until serde says which fields it wants: values are buffered before their types are known.
    pub(super) buffers: bool,
}

/// The struct, map or enum that the fields are read as.
pub(super) struct Struct<'f, 'g, 'r>(pub(super) &'f mut Fields<'g, 'r>);

impl<'r> Deserializer<'r> for Struct<'_, '_, 'r> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_map(self.0)
    }

    fn deserialize_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.0.buffers = false;
        visitor.visit_map(self.0)
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    /// Reads the one field as the variant of its name.
    fn deserialize_enum<V: Visitor<'r>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

impl<'r> EnumAccess<'r> for Struct<'_, '_, 'r> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'r>>(mut self, seed: S) -> Result<(S::Value, Self), Mismatch> {
        let variant = self.0.next_key_seed(seed)?.ok_or_else(|| Mismatch::missing(ONE_FIELD))?;
        Ok((variant, self))
    }
}

impl<'r> Struct<'_, '_, 'r> {
    /// Returns the one field as it is to be handed out.
    fn only(self) -> Result<Field<'r>, Mismatch> {
        let field = self.0.current.ok_or_else(|| Mismatch::missing(ONE_FIELD))?;
        if self.0.next_field().is_some() {
            self.0.current = None;
            return Err(Mismatch::expected(ONE_FIELD));
        }
        Ok(self.0.guesses.applied_to(field, false))
    }
}

const ONE_FIELD: &str = "exactly one";

impl<'r> VariantAccess<'r> for Struct<'_, '_, 'r> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        if self.only()?.is_blank() { Ok(()) } else { Err(Mismatch::expected("an empty value")) }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'r>>(self, seed: S) -> Result<S::Value, Mismatch> {
        seed.deserialize(self.only()?)
    }

    fn tuple_variant<V: Visitor<'r>>(self, len: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.only()?.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'r>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.only()?.deserialize_struct("a variant", fields, visitor)
    }
}

impl<'r> Fields<'_, 'r> {
    /// Returns the next field that is not passed over. Those without a stand-in come last.
    #[inline]
    fn next_field(&mut self) -> Option<Field<'r>> {
        let guesses = self.guesses;
        if self.known.is_empty() {
            return self.rest.find(|field| !guesses.passes_over(*field));
        }
        self.next_but_for_known()
    }

    #[cold]
    fn next_but_for_known(&mut self) -> Option<Field<'r>> {
        let guesses = self.guesses;
        while let Some(field) = self.rest.find(|field| !guesses.passes_over(*field)) {
            if self.known.applied_to(field).is_some() {
                return Some(field);
            }
            // It will not fit, and that ends the reading: one of them is enough.
            self.late = Some(field);
        }
        self.late.take()
    }
}

impl<'r> MapAccess<'r> for &mut Fields<'_, 'r> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'r>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        self.current = None;
        let Some(field) = self.next_field() else { return Ok(None) };
        let key = seed.deserialize(Field::one(field.name(), Some(field.name())));
        let key = key.map_err(|mismatch| mismatch.of_name(field.name()))?;
        self.current = Some(field);
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let Some(field) = self.current else { return Err(Mismatch::missing("a value")) };
        if !self.known.is_empty()
            && let Some(stand_in) = self.known.applied_to(field)
            && stand_in.looks() == Looks::StandIn
        {
            return seed.deserialize(stand_in);
        }
        seed.deserialize(self.guesses.applied_to(field, self.buffers))
    }
}
