//! The app behind a local load balancer: the function is this very program, started again as Lambda would.

use std::ffi::OsString;

use carafe_alb::Options;

use super::on_lambda::LOCAL;
use crate::error::{Error, Result};

/// Listens, shows the address and the table of routes, and answers until Ctrl-C.
pub(super) fn serve(arguments: Vec<OsString>, table: impl FnOnce() -> Result<String>) -> Result {
    let mut options =
        Options::from_arguments(arguments).map_err(|error| Error::in_words(error.to_string()))?;
    if let Some(more) = options.command.first() {
        let more = more.to_string_lossy();
        return Err(Error::in_words(format!(
            "unexpected argument `{more}`: `serve` takes options only; see `--help`"
        )));
    }
    let table = table()?;
    options.command.push(std::env::current_exe()?.into_os_string());
    options.environment.push((LOCAL.into(), "1".into()));
    if std::env::var_os(FORMAT).is_none() {
        // The function takes itself to be on Lambda, and somebody is looking.
        options.environment.push((FORMAT.into(), "Text".into()));
    }
    let greeting = |address| {
        let table: String = table.lines().map(|line| format!("  {line}\n")).collect();
        format!("Listening on http://{address}\n{table}")
    };
    carafe_alb::serve(options, greeting).map_err(|error| match error {
        carafe_alb::Error::Listen { .. } => Error::in_words(format!("{error} with `serve --listen ADDRESS`")),
        error => Error::in_words(error.to_string()),
    })
}

/// Returns what `--help` says of `serve`.
pub(super) fn help() -> String {
    format!("Options of `serve`:\n{}", Options::HELP)
}

const FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";
