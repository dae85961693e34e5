//! Fields as a serde deserializer of a struct, a map, or an enum of which one field is the variant.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::attempts::Attempts;
use super::field::{Field, Read as _};
use super::groups::Groups;
use super::mismatch::Mismatch;

/// The fields, while they are read one by one.
pub(super) struct Fields<'g, 'r> {
    rest: Groups<'g, 'r>,
    /// What earlier readings have told; `None` at the first one.
    attempts: Option<&'g Attempts>,
    /// A field at fault that comes after all others.
    late: Option<Field<'r>>,
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
        Ok(self.0.handed_out(field, false))
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

impl<'g, 'r> Fields<'g, 'r> {
    pub(super) fn new(fields: Groups<'g, 'r>, attempts: Option<&'g Attempts>) -> Fields<'g, 'r> {
        let rest = match attempts {
            Some(attempts) => fields.with(attempts.absent()),
            None => fields,
        };
        Fields { rest, attempts, late: None, current: None, buffers: true }
    }

    /// Returns the next field that is not passed over.
    #[inline]
    fn next_field(&mut self) -> Option<Field<'r>> {
        match self.attempts {
            None => self.rest.next(),
            Some(attempts) => self.next_after(attempts),
        }
    }

    #[cold]
    fn next_after(&mut self, attempts: &Attempts) -> Option<Field<'r>> {
        while let Some(field) = self.rest.find(|field| !attempts.passes_over(*field)) {
            if !attempts.comes_last(field) {
                return Some(field);
            }
            // One of them is enough, as it ends the reading.
            self.late = Some(field);
        }
        self.late.take()
    }

    /// Returns a field as it is handed out.
    #[inline]
    fn handed_out(&self, field: Field<'r>, buffers: bool) -> Field<'r> {
        if self.attempts.is_none() && !buffers { field } else { self.handed_out_by_guess(field, buffers) }
    }

    #[cold]
    fn handed_out_by_guess(&self, field: Field<'r>, buffers: bool) -> Field<'r> {
        match self.attempts {
            Some(attempts) => attempts.applied_to(field, buffers),
            None => Attempts::default().applied_to(field, buffers),
        }
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
        seed.deserialize(self.handed_out(field, self.buffers))
    }
}
