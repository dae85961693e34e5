//! The environment variables that AWS's loop panics without.

use std::env;

use carafe_lambda::Error;
use http::Uri;

use crate::threads::Threads;

/// The most slots. Lambda allows a function 1,024.
const MOST_SLOTS: u32 = 1024;

const API: &str = "AWS_LAMBDA_RUNTIME_API";

/// Returns the address of the Runtime API, as it is written.
pub(crate) fn address() -> String {
    env::var(API).unwrap_or_default()
}

/// Checks what `lambda_runtime` takes for granted, and returns the threads for as many invocations as Lambda asks for.
pub(crate) fn check() -> Result<Threads, Error> {
    let problem = |name, problem: String| Error::Environment { name, problem };
    let address = address();
    if !address.parse().is_ok_and(|uri: Uri| uri.authority().is_some()) {
        return Err(problem(
            API,
            format!("AWS's run loop cannot use {address:?}; write host:port or http://host:port/path"),
        ));
    }
    for name in ["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION"] {
        if env::var(name).is_err() {
            return Err(problem(name, "missing: AWS's run loop needs it".to_owned()));
        }
    }
    const MEMORY: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
    if !env::var(MEMORY).is_ok_and(|size| size.parse::<i32>().is_ok()) {
        return Err(problem(MEMORY, "missing, or no number: AWS's run loop needs it".to_owned()));
    }
    const CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";
    // AWS's loop reads it so, too: a text that is not a number means one slot.
    let slots =
        env::var(CONCURRENCY).ok().and_then(|written| written.parse::<u32>().ok()).unwrap_or(1).max(1);
    if slots > MOST_SLOTS {
        return Err(problem(
            CONCURRENCY,
            format!("{slots} is more than the {MOST_SLOTS} that Lambda allows"),
        ));
    }
    Ok(Threads::new(usize::try_from(slots).unwrap_or(1)))
}
