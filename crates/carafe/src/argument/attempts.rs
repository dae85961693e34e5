//! What failed readings of a struct have told, and what the next one does with it.
//!
//! None of this depends on the struct's type, so it is compiled once. A struct that is read at the first attempt never comes here.

use http::StatusCode;

use super::field::{Field, Looks, Read as _};
use super::groups::{Groups, Source};
use super::guesses::{self, Guesses};
use super::known::{Known, Refusal};
use super::mismatch::{Hint, Mismatch};
use crate::error::{Error, Result, is_secret, may_be_secret};

/// The attempts to read one struct so far.
#[derive(Default)]
pub(super) struct Attempts {
    known: Known,
    /// How often the struct was read, and how many fields were looked at for that.
    readings: usize,
    looked_at: usize,
    /// What the search for the next fault has learned.
    search: Search,
}

/// What may be looked at for one struct: so many fields in all readings together, once it has been read so often. Beyond that
/// nothing more is learned, so that a hostile form costs no more than a long one.
const MOST_FIELDS: usize = 1_000_000;
const FREE_READINGS: usize = 16;

#[derive(Default)]
struct Search {
    guesses: Guesses,
    /// Fields that did not come, and that the next reading asks for by name.
    absent: Vec<&'static str>,
    missing_first: Option<Mismatch>,
    refused_first: Option<Refusal>,
}

/// A reading that failed.
pub(super) struct Failed<'f, 'r> {
    pub(super) fields: Groups<'f, 'r>,
    pub(super) mismatch: Mismatch,
    pub(super) hints: Vec<Hint>,
    /// The field that was being read.
    pub(super) current: Option<Field<'r>>,
    /// Set where serde has buffered the values before it knew their types.
    pub(super) buffers: bool,
}

/// What follows a failed reading.
pub(super) enum Next {
    /// Another one, which has more to go by.
    Again,
    /// Nothing more is to be learned.
    Refused(Refusal),
}

impl Attempts {
    /// Draws a conclusion from refusals that serde has swallowed; `false` where none does.
    #[cold]
    pub(super) fn learn(&mut self, hints: &[Hint], fields: Groups<'_, '_>) -> bool {
        !self.is_spent(fields, hints.len()) && self.search.guesses.learn(hints, fields)
    }

    /// Notes a reading and the search for what its hints speak of; `true` where that was the last one.
    fn is_spent(&mut self, fields: Groups<'_, '_>, hints: usize) -> bool {
        self.readings += 1;
        self.looked_at = self.looked_at.saturating_add(fields.count().saturating_mul(hints + 1));
        self.is_over()
    }

    /// Tells whether all has been looked at that may be.
    fn is_over(&self) -> bool {
        self.readings > FREE_READINGS && self.looked_at > MOST_FIELDS
    }

    /// Draws a conclusion from a reading that failed.
    #[cold]
    pub(super) fn learn_from(&mut self, failed: Failed<'_, '_>) -> Next {
        let Failed { mut fields, mismatch, hints, current, buffers } = failed;
        let is_spent = self.is_spent(fields, hints.len());
        let Search { guesses, absent, missing_first, refused_first } = &mut self.search;
        if is_spent {
            return Next::Refused(refused_first.take().unwrap_or_else(|| refusal(fields, mismatch, current)));
        }
        // A field that did not come is asked for by name, so that it can say what it would have been: an unticked
        // checkbox is `false`, a list is empty, and all others tell their type.
        if let Some(name) = mismatch.missing_field().filter(|name| !absent.contains(name)) {
            absent.push(name);
            missing_first.get_or_insert(mismatch);
            return Next::Again;
        }
        // An input that was left empty counts as one that did not come, where its type cannot be empty.
        let is_blank = current
            .filter(|field| field.is_text() && field.is_blank())
            .is_some_and(|field| guesses.leave_out(field));
        if is_blank || guesses.learn(&hints, fields) || current.is_some_and(|field| guesses.take_last(field))
        {
            return Next::Again;
        }
        if guesses.hide_files(current, fields) {
            if !buffers {
                refused_first.get_or_insert_with(|| refusal(fields, mismatch, current));
            }
            return Next::Again;
        }
        if let Some(refusal) = refused_first.take() {
            return Next::Refused(refusal);
        }
        // Of a buffered value serde does not say whose it is, but its text does.
        let text = mismatch.hint().and_then(Hint::text);
        let blamed = text.and_then(|text| fields.find(|field| guesses::has(*field, text)));
        let refusal = match (current.or(blamed), missing_first.take()) {
            // The field did not come: the message shows no value for it.
            (None, Some(missing)) => refusal(fields, missing, None),
            (current, _) => refusal(fields, mismatch, current),
        };
        Next::Refused(if buffers { refusal.alone() } else { refusal })
    }

    /// Takes a fault in, and begins to look for the next one.
    ///
    /// # Errors
    ///
    /// No other can be found: all that are known.
    #[cold]
    pub(super) fn add(&mut self, refusal: Refusal) -> Result {
        self.search = Search::default();
        if self.known.add(refusal) && !self.is_over() {
            Ok(())
        } else {
            Err(std::mem::take(&mut self.known).into_error())
        }
    }

    /// Ends with a struct that could be read.
    ///
    /// # Errors
    ///
    /// It could be read because something stood in for what is at fault.
    #[cold]
    pub(super) fn finish(self) -> Result {
        if self.known.is_empty() { Ok(()) } else { Err(self.known.into_error()) }
    }

    /// The fields that did not come, and are asked for by name.
    pub(super) fn absent(&self) -> &[&'static str] {
        &self.search.absent
    }

    /// Returns whether a field is not handed out at all.
    pub(super) fn passes_over(&self, field: Field<'_>) -> bool {
        self.search.guesses.passes_over(field)
    }

    /// Returns whether a field is handed out after all others: it will not fit, and that ends the reading.
    pub(super) fn comes_last(&self, field: Field<'_>) -> bool {
        self.known.applied_to(field).is_none()
    }

    /// Returns a field as it is handed out.
    #[cold]
    pub(super) fn applied_to<'r>(&self, field: Field<'r>, buffers: bool) -> Field<'r> {
        match self.known.applied_to(field) {
            Some(stand_in) if stand_in.looks() == Looks::StandIn => stand_in,
            Some(_) | None => self.search.guesses.applied_to(field, buffers),
        }
    }
}

fn refusal(fields: Groups<'_, '_>, mismatch: Mismatch, current: Option<Field<'_>>) -> Refusal {
    let source = fields.source();
    match (current, mismatch.missing_field()) {
        (_, Some(name)) => Refusal::of(name, mismatch.into_fault(source.place(), name, None)),
        (Some(field), None) => {
            // The words of a type hide that nothing came.
            let is_missing = field.last().is_none() && !field.is_file() && field.is_text();
            let mismatch = if is_missing { mismatch.nothing() } else { mismatch };
            Refusal::of(field.name(), mismatch.into_fault(source.place(), field.name(), field.last()))
        }
        (None, None) => Refusal::Whole(whole(fields, &mismatch)),
    }
}

/// Makes the error of a struct that no single field is to blame for. The words of a type are left out if they repeat a
/// secret, and any variable may be one.
fn whole(mut fields: Groups<'_, '_>, mismatch: &Mismatch) -> Error {
    let source = fields.source();
    let is_repeated = fields.any(|field| {
        let name = field.name();
        field.all().any(|value| match source {
            _ if is_secret(name) => mismatch.repeats(name, value),
            // An address may have a password in it. Others, of all that are set, share words with any sentence.
            Source::Environment if value.contains("://") || may_be_secret(name) => {
                mismatch.repeats(name, value)
            }
            Source::Environment => mismatch.quotes(value),
            Source::Query | Source::Form => false,
        })
    });
    let words = if is_repeated { "a value is not valid".to_owned() } else { mismatch.to_string() };
    Error::new(StatusCode::BAD_REQUEST, format!("{}s: {words}", source.place()))
}
