//! One argument's value: where it is looked for, how its text becomes a type, and what is said when it cannot.
//!
//! A scalar takes the last of several values, a list takes all. `Option` is `None` when nothing came, and also
//! when something empty came that the type cannot read (`?page=` for `Option<u32>`); a `String` reads the empty
//! text as it is.

pub(crate) mod caught;
mod de;
mod fault;
mod place;
mod read;
pub(crate) mod tiers;

pub(crate) use fault::Fault;
pub(crate) use place::Place;
pub use place::{ByMethod, InForm, InPath, InQuery};
pub(crate) use read::Field;
