//! What goes wrong with buckets.

use std::fmt;

/// The reason why something cannot be signed: the client gets a bare 500, and the log this.
#[derive(Debug)]
pub(super) struct BucketError(pub(super) String);

impl BucketError {
    pub(super) fn new(reason: impl Into<String>) -> BucketError {
        BucketError(reason.into())
    }
}

impl fmt::Display for BucketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BucketError {}
