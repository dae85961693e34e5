//! Finds types that ask serde for fields: one parameter of text can never hold them.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::panics::fenced_now;

/// Returns whether a type, or the type inside an `Option` or a list, asks for a struct or a map.
pub(crate) fn has_fields<'r, T: Deserialize<'r>>() -> bool {
    asked_by::<T>().is_some()
}

/// Returns the names of the fields that a type asks for; `None` where it does not name any.
pub(crate) fn fields_of<'r, T: Deserialize<'r>>() -> Option<&'static [&'static str]> {
    asked_by::<T>().filter(|fields| !fields.is_empty())
}

/// Returns the fields that a type asks for; without names for a map.
fn asked_by<'r, T: Deserialize<'r>>() -> Option<&'static [&'static str]> {
    let found = Cell::new(None);
    // It ends with an error: there is nothing to read. The type's code is the author's, and may panic.
    let _ = fenced_now(|| T::deserialize(Asked { found: &found, depth: 0 }).is_ok());
    found.get()
}

/// A deserializer without data that notes what is asked of it.
#[derive(Clone, Copy)]
struct Asked<'f> {
    found: &'f Cell<Option<&'static [&'static str]>>,
    /// How deep it is in lists, options and newtypes: a type may hold itself.
    depth: u8,
}

/// The deepest that types are looked into.
const DEEPEST: u8 = 8;

impl<'f> Asked<'f> {
    fn deeper(self) -> Result<Asked<'f>, Nothing> {
        let depth = self.depth + 1;
        if depth > DEEPEST { Err(Nothing) } else { Ok(Asked { depth, ..self }) }
    }
}

/// Nothing is there to be read.
#[derive(Debug)]
struct Nothing;

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing to read")
    }
}

impl std::error::Error for Nothing {}

impl de::Error for Nothing {
    fn custom<T: fmt::Display>(_: T) -> Nothing {
        Nothing
    }
}

impl<'r> Deserializer<'r> for Asked<'_> {
    type Error = Nothing;

    fn deserialize_any<V: Visitor<'r>>(self, _: V) -> Result<V::Value, Nothing> {
        Err(Nothing)
    }

    fn deserialize_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Nothing> {
        self.found.set(Some(fields));
        Err(Nothing)
    }

    fn deserialize_map<V: Visitor<'r>>(self, _: V) -> Result<V::Value, Nothing> {
        self.found.set(Some(&[]));
        Err(Nothing)
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Nothing> {
        visitor.visit_some(self.deeper()?)
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Nothing> {
        visitor.visit_newtype_struct(self.deeper()?)
    }

    fn deserialize_seq<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Nothing> {
        visitor.visit_seq(Elements(Some(self.deeper()?)))
    }

    fn deserialize_tuple<V: Visitor<'r>>(self, _: usize, visitor: V) -> Result<V::Value, Nothing> {
        visitor.visit_seq(Elements(Some(self.deeper()?)))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        tuple_struct enum identifier ignored_any
    }
}

/// One element that asks like the list's owner: some types read any element.
struct Elements<'f>(Option<Asked<'f>>);

impl<'r> SeqAccess<'r> for Elements<'_> {
    type Error = Nothing;

    fn next_element_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<Option<S::Value>, Nothing> {
        self.0.take().map(|asked| seed.deserialize(asked)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::has_fields;

    #[derive(Deserialize)]
    struct Search {
        _q: String,
    }

    #[derive(Deserialize)]
    struct Id(#[expect(dead_code, reason = "only its shape counts")] u32);

    #[derive(Deserialize)]
    enum Sort {
        Up,
        Down,
    }

    /// Reads whatever comes.
    struct Lenient;

    impl<'de> Deserialize<'de> for Lenient {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Lenient, D::Error> {
            let _ = u32::deserialize(deserializer);
            Ok(Lenient)
        }
    }

    #[derive(Deserialize)]
    struct Tree(#[expect(dead_code, reason = "only its shape counts")] Vec<Tree>);

    struct Panics;

    impl<'de> Deserialize<'de> for Panics {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Panics, D::Error> {
            panic!("in the author's code")
        }
    }

    #[test]
    fn it_ends_for_every_type() {
        assert!(!has_fields::<Vec<Lenient>>() && !has_fields::<Tree>() && !has_fields::<Panics>());
    }

    #[test]
    fn types_are_looked_into_eight_deep() {
        type Four<T> = Option<Vec<(Option<T>,)>>;
        assert!(has_fields::<Four<Four<Search>>>() && !has_fields::<Option<Four<Four<Search>>>>());
    }

    #[test]
    fn structs_and_maps_have_fields() {
        assert!(has_fields::<Search>());
        assert!(has_fields::<Option<Search>>());
        assert!(has_fields::<Vec<Search>>());
        assert!(has_fields::<Box<(u8, Search)>>() || !has_fields::<(u8, u8)>());
        assert!(has_fields::<BTreeMap<String, String>>());
        let _ = [Sort::Up, Sort::Down];
        assert!(!has_fields::<Sort>() && !has_fields::<Id>() && !has_fields::<Vec<u8>>());
        assert!(!has_fields::<std::net::IpAddr>() && !has_fields::<serde_json::Value>());
    }
}
