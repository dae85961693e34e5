//! Reads the source of a crate and finds which of its modules uses which.
//!
//! [`modules`] finds the modules, [`Uses`] the paths in one file, [`Crate::arrows`] what they lead to, and [`circle`]
//! says where they lead back. Code under `#[cfg(test)]` and documentation are left out.

mod circle;
mod resolve;
mod source;
mod uses;

pub use circle::{Graph, circle};
pub use resolve::{Arrow, Crate};
pub use source::{Module, modules, rust_files};
pub use uses::{Used, Uses};
