//! Credentials from the environment.

use std::fs::File;
use std::io::{self, Read as _};

use super::error::BucketError;
use super::{BucketCredentials, container};

/// Where the credentials are under SnapStart, and in EKS.
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
/// The path at which ECS and CodeBuild have them. It goes first.
const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/// A file with the token, which may change. It goes first.
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// Reads the variables that Lambda and `aws configure export-credentials --format env` set, or asks where
/// Lambda has them under SnapStart.
pub(super) fn credentials(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<BucketCredentials, BucketError> {
    let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
    match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
        (Some(id), Some(secret)) => {
            return Ok(BucketCredentials { id, secret, token: variable("AWS_SESSION_TOKEN") });
        }
        (Some(_), None) => {
            return Err(BucketError::new("`AWS_SECRET_ACCESS_KEY` is not set beside `AWS_ACCESS_KEY_ID`"));
        }
        (None, _) => {}
    }
    let place = match (variable(RELATIVE), variable(FULL)) {
        (Some(path), _) => (RELATIVE, format!("http://169.254.170.2{path}")),
        (None, Some(url)) => (FULL, url),
        (None, None) => {
            return Err(BucketError::new(
                "there are no credentials: `AWS_ACCESS_KEY_ID` is not set. On Lambda the function's role sets it; elsewhere \
                 run `eval \"$(aws configure export-credentials --format env)\"`, or call `Bucket::credentials`",
            ));
        }
    };
    let token = match variable(TOKEN_FILE) {
        Some(file) => Some(token_in(&file).map_err(|error| {
            BucketError(format!("cannot read `{file}`, which `{TOKEN_FILE}` names: {error}"))
        })?),
        None => variable(TOKEN),
    };
    let (name, url) = place;
    container::credentials(name, &url, token.as_deref().map(str::trim_end))
}

/// The longest token that is read, in bytes: it becomes a header.
const MOST_BYTES: u64 = 16 * 1024;

fn token_in(file: &str) -> io::Result<String> {
    let mut token = String::new();
    if File::open(file)?.take(MOST_BYTES + 1).read_to_string(&mut token)? as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it is over {MOST_BYTES} bytes")));
    }
    Ok(token)
}
