//! From the bytes of an event to the fields a request is made of, in one pass (`docs/alb.md` §1 and §5).

mod error;
mod fields;
mod foreign;
mod request;

pub use error::EventError;
pub(crate) use request::read;
