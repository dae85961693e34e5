//! Hands the files of a multipart form through serde, which has no kind of value for them.
//!
//! A type that wants a file asks for a newtype of the name [`NAME`]. The deserializer of form fields recognises it and hands out
//! the number of the part, as bytes: no text that a client sends is read as these. The part itself, whose content is a slice of
//! the body, waits meanwhile in a list of the thread, also while serde buffers the number for `flatten` or an untagged enum.

use std::cell::RefCell;
use std::fmt;

use serde::Deserializer;
use serde::de::{Deserialize, Error as _, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::mismatch::Mismatch;
use crate::request::Part;

/// The name of the newtype that stands for a file.
pub(super) const NAME: &str = "$carafe::Upload";

/// What is wanted, for deserializers that have no files.
pub(super) const EXPECTED: &str = "a file, which only a form with `enctype=\"multipart/form-data\"` sends";

/// A part that was handed out.
struct Held {
    part: Part,
    is_taken: bool,
}

thread_local! {
    /// The parts in the order of their numbers; `None` outside a form.
    static HELD: RefCell<Option<Vec<Held>>> = const { RefCell::new(None) };
}

/// The reading of a form: while it lives, files can be handed out.
pub(crate) struct Reading {
    outer: Option<Vec<Held>>,
}

impl Reading {
    /// Begins one.
    pub(crate) fn begin() -> Reading {
        Reading { outer: HELD.replace(Some(Vec::new())) }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        HELD.set(self.outer.take());
    }
}

fn hold(part: &Part) {
    HELD.with_borrow_mut(|held| {
        let Some(held) = held else { return };
        if let Err(place) = held.binary_search_by_key(&part.number(), |held| held.part.number()) {
            held.insert(place, Held { part: part.clone(), is_taken: false });
        }
    });
}

fn take(number: usize) -> Option<Part> {
    HELD.with_borrow_mut(|held| {
        let held = held.as_mut()?;
        let place = held.binary_search_by_key(&number, |held| held.part.number()).ok()?;
        let held = held.get_mut(place)?;
        held.is_taken = true;
        Some(held.part.clone())
    })
}

/// Returns whether a type has taken the part in this reading.
pub(super) fn is_taken(part: &Part) -> bool {
    HELD.with_borrow(|held| {
        let held = held.as_deref().unwrap_or_default();
        let place = held.binary_search_by_key(&part.number(), |held| held.part.number());
        place.ok().and_then(|place| held.get(place)).is_some_and(|held| held.is_taken)
    })
}

/// Reads a file: what a type's `Deserialize` calls.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Part, D::Error> {
    deserializer.deserialize_newtype_struct(NAME, PartVisitor)
}

struct PartVisitor;

impl<'de> Visitor<'de> for PartVisitor {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Part, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bytes<E: serde::de::Error>(self, number: &[u8]) -> Result<Part, E> {
        let number = number.try_into().ok().map(usize::from_be_bytes);
        number.and_then(take).ok_or_else(|| E::invalid_type(Unexpected::Other("bytes"), &self))
    }

    /// Takes the last of several, which is how files are handed out where serde does not say what they are to be.
    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Part, A::Error> {
        let mut last = None;
        while let Some(Handed(part)) = parts.next_element()? {
            last = Some(part);
        }
        last.ok_or_else(|| A::Error::invalid_type(Unexpected::Seq, &self))
    }
}

struct Handed(Part);

impl<'de> Deserialize<'de> for Handed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Handed, D::Error> {
        read(deserializer).map(Handed)
    }
}

/// A part as its number.
pub(super) struct Token<'r>(pub(super) &'r Part);

impl<'r> Deserializer<'r> for Token<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        hold(self.0);
        visitor.visit_bytes(&self.0.number().to_be_bytes())
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
