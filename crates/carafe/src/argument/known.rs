//! The faults of a struct that are known already, while the others are looked for.
//!
//! Serde stops at the first field that it cannot read. So the struct is read once more, with a stand-in for that field: a text
//! that most types can read. Where its type reads none of them, the field is handed out after all others, as it is.

use super::field::{Field, List, Looks};
use crate::error::{Error, Fault};

/// Texts that stand in for one at fault: the first suits numbers, switches, text and lists.
const STAND_INS: [&str; 10] = [
    "1",
    "",
    "a",
    "127.0.0.1",
    "127.0.0.1:80",
    "http://a.test/",
    "2000-01-01",
    "2000-01-01T00:00:00Z",
    "00:00:00",
    "00000000-0000-4000-8000-000000000000",
];

/// The most faults that are looked for.
const MOST: usize = 64;

/// Why a struct could not be read.
pub(super) enum Refusal {
    /// The field of this name does not fit.
    Field(String, Box<Fault>),
    /// The same, where no stand-in helps: serde buffers the values, and does not say which field's value it refused.
    Alone(Box<Fault>),
    /// No single field is to blame.
    Whole(Error),
}

impl Refusal {
    pub(super) fn of(name: &str, fault: Fault) -> Refusal {
        Refusal::Field(name.to_owned(), Box::new(fault))
    }

    pub(super) fn alone(self) -> Refusal {
        match self {
            Refusal::Field(_, fault) => Refusal::Alone(fault),
            other @ (Refusal::Alone(_) | Refusal::Whole(_)) => other,
        }
    }
}

/// The fields at fault, in the order in which they were found.
#[derive(Default)]
pub(super) struct Known {
    fields: Vec<KnownField>,
    /// Set where no single field is to blame.
    whole: Option<Error>,
}

struct KnownField {
    name: String,
    fault: Fault,
    /// Which of the stand-ins it is handed out as; behind the last one it comes last, as it is.
    stand_in: usize,
}

impl Known {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.whole.is_none()
    }

    /// Takes a fault in; `false` where nothing more can be found.
    #[cold]
    pub(super) fn add(&mut self, refusal: Refusal) -> bool {
        match refusal {
            Refusal::Field(name, fault) => {
                if let Some(known) = self.fields.iter_mut().find(|known| known.name == name) {
                    known.stand_in += 1;
                    return known.stand_in <= STAND_INS.len();
                }
                self.fields.push(KnownField { name, fault: *fault, stand_in: 0 });
                self.fields.len() < MOST
            }
            // Beside others it may be the fault of a stand-in.
            Refusal::Alone(fault) if self.is_empty() => {
                self.fields.push(KnownField { name: String::new(), fault: *fault, stand_in: 0 });
                false
            }
            Refusal::Whole(error) if self.is_empty() => {
                self.whole = Some(error);
                false
            }
            Refusal::Alone(_) | Refusal::Whole(_) => false,
        }
    }

    #[cold]
    pub(super) fn into_error(self) -> Error {
        let faults = self.fields.into_iter().map(|known| known.fault).collect();
        self.whole.unwrap_or_else(|| Error::of_faults(faults))
    }

    /// Returns the field as it is handed out; `None` where it comes last.
    pub(super) fn applied_to<'r>(&self, field: Field<'r>) -> Option<Field<'r>> {
        let Some(known) = self.fields.iter().find(|known| known.name == field.name()) else {
            return Some(field);
        };
        let text = STAND_INS.get(known.stand_in)?;
        Some(Field::one(field.name(), Some(text)).guessed(Looks::StandIn, List::No))
    }
}
