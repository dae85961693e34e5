//! Credentials of a bucket.

use std::fmt;

/// The credentials that sign for a [`Bucket`](super::Bucket). They are never printed.
///
/// ```
/// use carafe::{Bucket, BucketCredentials};
///
/// let credentials = BucketCredentials::new("AKIA…", "secret").session_token("token");
/// assert!(!format!("{credentials:?}").contains("secret"));
/// let bucket = Bucket::new("acme").region("eu-west-1").credentials(credentials);
/// # let _ = bucket;
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BucketCredentials {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) token: Option<String>,
}

impl BucketCredentials {
    /// Takes an access key's id and secret.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> BucketCredentials {
        BucketCredentials { id: id.into(), secret: secret.into(), token: None }
    }

    /// Adds the token of a role's session. Whatever it signed ends with that session.
    #[must_use]
    pub fn session_token(self, token: impl Into<String>) -> BucketCredentials {
        BucketCredentials { token: Some(token.into()), ..self }
    }
}

impl fmt::Debug for BucketCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketCredentials").finish_non_exhaustive()
    }
}
