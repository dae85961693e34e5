//! Credentials from the environment.

use super::error::BucketError;
use super::{BucketCredentials, container};

/// Where the credentials are under SnapStart.
const CONTAINER: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// Reads the variables that Lambda and `aws configure export-credentials --format env` set, or asks where
/// Lambda has them under SnapStart.
pub(super) fn credentials(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<BucketCredentials, BucketError> {
    let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
    match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable(CONTAINER)) {
        (Some(id), Some(secret), _) => {
            Ok(BucketCredentials { id, secret, token: variable("AWS_SESSION_TOKEN") })
        }
        (Some(_), None, _) => {
            Err(BucketError::new("`AWS_SECRET_ACCESS_KEY` is not set beside `AWS_ACCESS_KEY_ID`"))
        }
        (None, _, Some(url)) => {
            let file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
            let of_file = file.and_then(|file| std::fs::read_to_string(file).ok());
            let token = of_file.or_else(|| variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
            container::credentials(&url, token.as_deref().map(str::trim_end))
        }
        (None, _, None) => Err(BucketError::new(
            "there are no credentials: `AWS_ACCESS_KEY_ID` is not set. On Lambda the function's role sets it; elsewhere \
             run `eval \"$(aws configure export-credentials --format env)\"`, or call `Bucket::credentials`",
        )),
    }
}
