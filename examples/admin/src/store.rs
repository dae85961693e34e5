//! Where posts are kept: one type `Store` with the same functions, in memory or in DynamoDB.

#[cfg(feature = "dynamodb")]
mod dynamodb;
#[cfg(not(feature = "dynamodb"))]
mod memory;

#[cfg(feature = "dynamodb")]
pub use dynamodb::Store;
#[cfg(not(feature = "dynamodb"))]
pub use memory::Store;

use carafe::Bytes;
use serde::Serialize;

/// One post.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Post {
    /// Counted up from 1.
    pub id: u64,
    /// Never blank.
    pub title: String,
    /// Never blank.
    pub body: String,
    /// The name of who wrote it.
    pub author: String,
    /// Whether there is a picture, for [`Store::picture`].
    pub picture: bool,
}

/// What somebody has typed.
#[derive(Debug)]
pub struct Draft {
    /// The new title.
    pub title: String,
    /// The new text.
    pub body: String,
    /// What becomes of the picture.
    pub picture: Picture,
}

/// What becomes of a post's picture.
#[derive(Debug)]
pub enum Picture {
    /// It stays, if there is one.
    AsItIs,
    /// There is none any more.
    None,
    /// This is it.
    New(Bytes),
}
