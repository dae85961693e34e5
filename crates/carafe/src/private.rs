//! What the attributes write into a user's crate. Not an interface: any of it may change in any release.

mod clash;
mod glue;

pub use clash::{Signpost, clash, clash_message, trimmed};
pub use glue::*;

pub use core;
pub use std;
