//! The text of one line. Whatever came from outside is escaped: no control character reaches the log.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::settings::Settings;
use super::{Entry, Level};
use crate::failure::Failure;

/// A line under construction.
pub(super) struct Line {
    text: String,
}

impl Line {
    pub(super) fn into_string(mut self) -> String {
        self.text.push('\n');
        self.text
    }

    /// Starts a JSON object with what Lambda's log filter reads: `timestamp` (RFC 3339) and `level`.
    fn json(level: Level) -> Line {
        let mut line = Line { text: String::with_capacity(512) };
        line.text.push_str("{\"timestamp\":\"");
        push_timestamp(&mut line.text, SystemTime::now());
        line.text.push_str("\",\"level\":\"");
        line.text.push_str(level.name());
        line.text.push('"');
        line
    }

    fn field(&mut self, name: &str, value: &str) {
        self.name(name);
        self.text.push('"');
        push_escaped(&mut self.text, value);
        self.text.push('"');
    }

    fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        push_number(&mut self.text, value, 1);
    }

    fn name(&mut self, name: &str) {
        self.text.push_str(",\"");
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    fn failure_fields(&mut self, failure: &Failure) {
        self.field("error_type", failure.kind);
        self.field("error", &failure.message);
        if let Some(location) = &failure.location {
            self.field("location", location);
        }
    }
}

pub(super) fn request(settings: &Settings, level: Level, entry: &Entry<'_>) -> Line {
    if !settings.json {
        return text_request(settings, level, entry);
    }
    let mut line = Line::json(level);
    line.field("message", "request");
    line.field("method", entry.method);
    match entry.route {
        Some(route) => line.field("route", route),
        None => line.field("path", entry.path),
    }
    line.number("status", entry.status.into());
    line.name("ms");
    push_millis(&mut line.text, micros(entry.took));
    line.number("bytes_in", entry.bytes_in as u64);
    line.number("bytes_out", entry.bytes_out as u64);
    line.field("request_id", entry.request_id);
    if let Some(trace_id) = entry.trace_id {
        line.field("trace_id", trace_id);
    }
    if let Some(trace_id) = entry.xray_trace_id {
        line.field("xray_trace_id", trace_id);
    }
    line.name("cold_start");
    line.text.push_str(if entry.cold_start { "true" } else { "false" });
    if let Some(failure) = entry.failure {
        line.failure_fields(failure);
    }
    line.text.push('}');
    line
}

pub(super) fn failure(
    settings: &Settings,
    level: Level,
    failure: &Failure,
    request_id: Option<&str>,
) -> Line {
    if !settings.json {
        let mut line = Line { text: String::with_capacity(128) };
        line.text.push_str(level.name());
        push_text_failure(&mut line.text, failure);
        return line;
    }
    let mut line = Line::json(level);
    line.field("message", "failure");
    line.failure_fields(failure);
    if let Some(request_id) = request_id {
        line.field("request_id", request_id);
    }
    line.text.push('}');
    line
}

/// `INFO GET /hello/<name> 200 0.412 ms 12 B`, the status coloured on a terminal.
fn text_request(settings: &Settings, level: Level, entry: &Entry<'_>) -> Line {
    let mut text = String::with_capacity(128);
    text.push_str(level.name());
    text.push(' ');
    push_escaped(&mut text, entry.method);
    text.push(' ');
    push_escaped(&mut text, entry.route.unwrap_or(entry.path));
    text.push(' ');
    let colour = match entry.status {
        200..=299 => "\x1b[32m",
        300..=399 => "\x1b[36m",
        400..=499 => "\x1b[33m",
        _ => "\x1b[31m",
    };
    if settings.colour {
        text.push_str(colour);
    }
    push_number(&mut text, entry.status.into(), 1);
    if settings.colour {
        text.push_str("\x1b[0m");
    }
    text.push(' ');
    push_millis(&mut text, micros(entry.took));
    text.push_str(" ms ");
    push_number(&mut text, entry.bytes_out as u64, 1);
    text.push_str(" B");
    if let Some(failure) = entry.failure {
        push_text_failure(&mut text, failure);
    }
    Line { text }
}

fn push_text_failure(text: &mut String, failure: &Failure) {
    text.push(' ');
    text.push_str(failure.kind);
    text.push_str(": ");
    push_escaped(text, &failure.message);
    if let Some(location) = &failure.location {
        text.push_str(" at ");
        push_escaped(text, location);
    }
}

/// JSON's escapes, and beyond them every control character of Unicode: a terminal obeys those too.
fn push_escaped(text: &mut String, value: &str) {
    if value.bytes().all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'"' && byte != b'\\') {
        text.push_str(value);
        return;
    }
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            // The two line ends that are no controls by name would still break a line.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                // A `String` takes everything.
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
}

/// A number with at least so many digits. `write!` takes several times as long, and a line has fourteen of them.
fn push_number(text: &mut String, value: u64, digits: usize) {
    if value >= 10 || digits > 1 {
        push_number(text, value / 10, digits.saturating_sub(1));
    }
    text.push(char::from(b'0' + u8::try_from(value % 10).unwrap_or(0)));
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Milliseconds with three decimals.
fn push_millis(text: &mut String, micros: u64) {
    push_number(text, micros / 1000, 1);
    text.push('.');
    push_number(text, micros % 1000, 3);
}

/// RFC 3339 in UTC, to the millisecond. The calendar arithmetic counts days from 1 March 0000, so that the leap day
/// is the last of its year.
fn push_timestamp(text: &mut String, time: SystemTime) {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = (since.as_secs() / 86_400 + 719_468, since.as_secs() % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year_of_era + era * 400, month + 3)
    } else {
        (year_of_era + era * 400 + 1, month - 9)
    };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts =
        [(year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (hour, 2, ":"), (minute, 2, ":"), (second, 2, ".")];
    for (value, digits, end) in parts {
        push_number(text, value, digits);
        text.push_str(end);
    }
    push_number(text, since.subsec_millis().into(), 3);
    text.push('Z');
}

#[cfg(test)]
mod tests {
    use super::{push_escaped, push_number, push_timestamp};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn timestamps() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"),
            (1_735_689_600, "2025-01-01T00:00:00.000Z"),
            (4_102_444_799, "2099-12-31T23:59:59.000Z"),
        ] {
            let mut line = String::new();
            push_timestamp(&mut line, UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(line, text);
        }
    }

    #[test]
    fn numbers() {
        for (value, digits, text) in [(0, 1, "0"), (7, 3, "007"), (1234, 3, "1234"), (0, 3, "000")] {
            let mut line = String::new();
            push_number(&mut line, value, digits);
            assert_eq!(line, text);
        }
        let mut line = String::new();
        push_number(&mut line, u64::MAX, 1);
        assert_eq!(line, u64::MAX.to_string());
    }

    #[test]
    fn nothing_controls_the_terminal() {
        let mut text = String::new();
        push_escaped(&mut text, "a\"b\\c\u{1b}[31m\n\u{7f}\u{85}\u{2028}ü");
        assert_eq!(text, "a\\\"b\\\\c\\u001b[31m\\u000a\\u007f\\u0085\\u2028ü");
    }
}
