//! The log: one line for each request and each failure, written without a logging library.

mod entry;
mod line;
mod settings;
mod shown;

use std::io::Write as _;

pub(crate) use entry::{Entry, EventEntry};
pub(crate) use settings::Level;
use settings::Settings;
pub(crate) use shown::shown;

use crate::failure::Failure;

/// Writes the line of a request, if the level asks for it.
pub(crate) fn request(entry: &Entry<'_>) {
    let level = match (entry.failure, entry.health_check) {
        // The client's mistake, not the application's.
        (Some(failure), _) if failure.kind.is_of_the_client() => Level::Warn,
        (Some(_), _) => Level::Error,
        (None, true) if entry.status < 500 => Level::Debug,
        _ => Level::Info,
    };
    let settings = Settings::get();
    if level >= settings.level {
        write(&line::request(settings, level, entry));
    }
}

/// Writes the line of an event that is no HTTP request, if the level asks for it.
pub(crate) fn event(entry: &EventEntry<'_>) {
    let level = if entry.failure.is_some() { Level::Error } else { Level::Info };
    let settings = Settings::get();
    if level >= settings.level {
        write(&line::event(settings, level, entry));
    }
}

/// Writes the line of a failure that has no line of a request.
pub(crate) fn failure(level: Level, failure: &Failure, request_id: Option<&str>) {
    let settings = Settings::get();
    if level >= settings.level {
        write(&line::failure(settings, level, failure, request_id));
    }
}

/// Writes a line with one call, so that lines of several threads do not mix. An error is ignored: requests are answered
/// even if the log cannot be written.
fn write(line: &[u8]) {
    let _ = std::io::stderr().write_all(line);
}
