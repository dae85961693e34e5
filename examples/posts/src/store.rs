//! Where posts are kept: one type `Store` with the same five functions, in memory or in DynamoDB.

#[cfg(feature = "dynamodb")]
mod dynamodb;
#[cfg(not(feature = "dynamodb"))]
mod memory;

#[cfg(feature = "dynamodb")]
pub use dynamodb::Store;
#[cfg(not(feature = "dynamodb"))]
pub use memory::Store;

use serde::{Deserialize, Serialize};

/// One post.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Post {
    /// Counted up from 1.
    pub id: u64,
    /// Never empty.
    pub title: String,
    /// May be empty.
    pub body: String,
}
