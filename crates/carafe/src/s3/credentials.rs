//! Credentials of a bucket, given or from the environment.

use std::fmt;

use super::BucketError;

/// The credentials that sign for a [`Bucket`](super::Bucket). They are never printed.
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

    /// Reads the variables that Lambda and `aws configure export-credentials --format env` set.
    pub(super) fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<BucketCredentials, BucketError> {
        let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
        match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => {
                Ok(BucketCredentials { id, secret, token: variable("AWS_SESSION_TOKEN") })
            }
            (Some(_), None) => {
                Err(BucketError::new("`AWS_SECRET_ACCESS_KEY` is not set beside `AWS_ACCESS_KEY_ID`"))
            }
            (None, _) if variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").is_some() => Err(BucketError::new(
                "the function's credentials are at `AWS_CONTAINER_CREDENTIALS_FULL_URI`, as under SnapStart: fetch them \
                 with the AWS SDK and give them to `Bucket::credentials`",
            )),
            (None, _) => Err(BucketError::new(
                "there are no credentials: `AWS_ACCESS_KEY_ID` is not set. On Lambda the function's role sets it; elsewhere \
                 run `eval \"$(aws configure export-credentials --format env)\"`, or call `Bucket::credentials`",
            )),
        }
    }
}

impl fmt::Debug for BucketCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketCredentials").finish_non_exhaustive()
    }
}
