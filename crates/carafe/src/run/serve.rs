//! The app behind a local load balancer: the function is this very program, started again as Lambda would.

use std::ffi::OsString;

use carafe_alb::Options;
use serde_json::json;

use super::on_lambda::LOCAL;
use crate::app::App;
use crate::error::{Error, Result};

/// Listens, shows the address and the table of routes, and answers until Ctrl-C.
pub(super) fn serve(arguments: Vec<OsString>, made: impl FnOnce() -> Result<(App, String)>) -> Result {
    let mut options =
        Options::from_arguments(arguments).map_err(|error| Error::in_words(error.to_string()))?;
    if let Some(more) = options.command.first() {
        let more = more.to_string_lossy();
        return Err(Error::in_words(format!(
            "unexpected argument `{more}`: `serve` takes options only; see `--help`"
        )));
    }
    let (app, table) = made()?;
    let notes = stand_in(&app, &mut options)?;
    options.command.push(std::env::current_exe()?.into_os_string());
    options.environment.push((LOCAL.into(), "1".into()));
    if std::env::var_os(FORMAT).is_none() {
        // The function takes itself to be on Lambda, and somebody is looking.
        options.environment.push((FORMAT.into(), "Text".into()));
    }
    let greeting = |address| {
        let table: String = table.lines().map(|line| format!("  {line}\n")).collect();
        format!("Listening on http://{address}\n{table}{notes}")
    };
    carafe_alb::serve(options, greeting).map_err(|error| match error {
        carafe_alb::Error::Listen { .. } => Error::in_words(format!("{error} with `serve --listen ADDRESS`")),
        error => Error::in_words(error.to_string()),
    })
}

/// Describes the app for a load balancer in another process: the routes, and variables that all copies of the function are to have.
pub(super) fn describe(app: &App, table: &str) -> Result<String> {
    let variables = missing_variables(app)?.into_iter();
    let variables = variables.map(|(name, value, note)| json!({"name": name, "value": value, "note": note}));
    Ok(format!("{}\n", json!({"routes": table, "variables": variables.collect::<Vec<_>>()})))
}

/// Gives all copies of the function one value for each variable that the environment does not have, and returns what there
/// is to say about that.
fn stand_in(app: &App, options: &mut Options) -> Result<String> {
    let mut notes = String::new();
    for (name, value, note) in missing_variables(app)? {
        options.environment.push((name.into(), value.into()));
        notes.push_str(&note);
        notes.push('\n');
    }
    Ok(notes)
}

#[cfg(feature = "sessions")]
fn missing_variables(app: &App) -> Result<Vec<(String, String, String)>> {
    app.missing_variables().map_err(Error::in_words)
}

#[cfg(not(feature = "sessions"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
fn missing_variables(_: &App) -> Result<Vec<(String, String, String)>> {
    Ok(Vec::new())
}

/// Returns what `--help` says of `serve`.
pub(super) fn help() -> String {
    format!("Options of `serve`:\n{}", Options::HELP)
}

const FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";
