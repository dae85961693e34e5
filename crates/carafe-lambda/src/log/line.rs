//! The text of one line. Text from outside is escaped, so that control characters do not reach the log.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::settings::Settings;
use super::{Entry, EventEntry, Level, shown};
use crate::failure::Failure;
use crate::json::{Writer, escape_strictly, push_decimal};

/// Returns the line of a request.
pub(super) fn request(settings: &Settings, level: Level, entry: &Entry<'_>) -> Vec<u8> {
    if !settings.json {
        return text_request(settings, level, entry);
    }
    let mut line = start(level);
    line.key("message").plain(&["request"]);
    let place = if entry.route.is_some() { ("route", entry.route) } else { ("path", entry.path) };
    for (name, value) in [("method", entry.method), place] {
        if let Some(value) = value {
            line.key(name).text(&shown(value));
        }
    }
    line.key("status").number(entry.status.into());
    line.key("ms").value(|out| push_millis(out, entry.took));
    line.key("bytes_in").number(entry.bytes_in as u64);
    line.key("bytes_out").number(entry.bytes_out as u64);
    line.key("request_id").text(entry.request_id);
    if let Some(trace_id) = entry.trace_id {
        line.key("trace_id").text(&shown(trace_id));
    }
    if let Some(trace_id) = entry.xray_trace_id {
        line.key("xray_trace_id").text(trace_id);
    }
    line.key("cold_start").literal(if entry.cold_start { "true" } else { "false" });
    if let Some(failure) = entry.failure {
        failure_fields(&mut line, failure);
    }
    end(line)
}

/// Returns the line of an event that is no HTTP request.
pub(super) fn event(settings: &Settings, level: Level, entry: &EventEntry<'_>) -> Vec<u8> {
    if !settings.json {
        let mut line = Vec::with_capacity(128);
        line.extend_from_slice(level.name().as_bytes());
        line.extend_from_slice(b" event ");
        push_millis(&mut line, entry.took);
        line.extend_from_slice(b" ms ");
        push_decimal(&mut line, entry.bytes_out as u64, 1);
        line.extend_from_slice(b" B");
        if let Some(failure) = entry.failure {
            push_text_failure(&mut line, failure, Some(entry.request_id));
        }
        line.push(b'\n');
        return line;
    }
    let mut line = start(level);
    line.key("message").plain(&["event"]);
    line.key("ms").value(|out| push_millis(out, entry.took));
    line.key("bytes_in").number(entry.bytes_in as u64);
    line.key("bytes_out").number(entry.bytes_out as u64);
    line.key("request_id").text(entry.request_id);
    if let Some(trace_id) = entry.xray_trace_id {
        line.key("xray_trace_id").text(trace_id);
    }
    line.key("cold_start").literal(if entry.cold_start { "true" } else { "false" });
    if let Some(failure) = entry.failure {
        failure_fields(&mut line, failure);
    }
    end(line)
}

/// Returns the line of a failure that has no request.
pub(super) fn failure(
    settings: &Settings,
    level: Level,
    failure: &Failure,
    request_id: Option<&str>,
) -> Vec<u8> {
    if !settings.json {
        let mut line = Vec::with_capacity(128);
        line.extend_from_slice(level.name().as_bytes());
        push_text_failure(&mut line, failure, request_id);
        line.push(b'\n');
        return line;
    }
    let mut line = start(level);
    line.key("message").plain(&["failure"]);
    failure_fields(&mut line, failure);
    if let Some(request_id) = request_id {
        line.key("request_id").text(request_id);
    }
    end(line)
}

/// Starts a JSON object with what Lambda's log filter reads: `timestamp` (RFC 3339) and `level`.
fn start(level: Level) -> Writer {
    let mut line = Writer::with_capacity(512).strict();
    line.open_object().key("timestamp").value(|out| {
        out.push(b'"');
        push_timestamp(out, SystemTime::now());
        out.push(b'"');
    });
    line.key("level").plain(&[level.name()]);
    line
}

fn end(mut line: Writer) -> Vec<u8> {
    line.close_object();
    let mut line = line.into_vec();
    line.push(b'\n');
    line
}

fn failure_fields(line: &mut Writer, failure: &Failure) {
    line.key("error_type").text(failure.kind.as_str()).key("error").text(&shown(&failure.message));
    if let Some(location) = &failure.location {
        line.key("location").text(location);
    }
}

/// Returns a line such as `INFO GET /hello/<name> 200 0.412 ms 12 B`, the status colored on a terminal.
fn text_request(settings: &Settings, level: Level, entry: &Entry<'_>) -> Vec<u8> {
    let mut line = Vec::with_capacity(128);
    line.extend_from_slice(level.name().as_bytes());
    line.push(b' ');
    escape_strictly(&mut line, &shown(entry.method.unwrap_or("-")));
    line.push(b' ');
    escape_strictly(&mut line, &shown(entry.route.or(entry.path).unwrap_or("-")));
    line.push(b' ');
    let color: &[u8] = match entry.status {
        200..=299 => b"\x1b[32m",
        300..=399 => b"\x1b[36m",
        400..=499 => b"\x1b[33m",
        _ => b"\x1b[31m",
    };
    if settings.color {
        line.extend_from_slice(color);
    }
    push_decimal(&mut line, entry.status.into(), 1);
    if settings.color {
        line.extend_from_slice(b"\x1b[0m");
    }
    line.push(b' ');
    push_millis(&mut line, entry.took);
    line.extend_from_slice(b" ms ");
    push_decimal(&mut line, entry.bytes_out as u64, 1);
    line.extend_from_slice(b" B");
    if let Some(failure) = entry.failure {
        push_text_failure(&mut line, failure, Some(entry.request_id));
    }
    line.push(b'\n');
    line
}

/// Writes what failed, and for whom: lines of one request are found by its id.
fn push_text_failure(line: &mut Vec<u8>, failure: &Failure, request_id: Option<&str>) {
    line.push(b' ');
    line.extend_from_slice(failure.kind.as_str().as_bytes());
    line.extend_from_slice(b": ");
    escape_strictly(line, &shown(&failure.message));
    if let Some(location) = &failure.location {
        line.extend_from_slice(b" at ");
        escape_strictly(line, location);
    }
    if let Some(request_id) = request_id {
        line.extend_from_slice(b" request_id=");
        escape_strictly(line, request_id);
    }
}

/// Writes milliseconds with three decimals.
fn push_millis(out: &mut Vec<u8>, time: Duration) {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    push_decimal(out, micros / 1000, 1);
    out.push(b'.');
    push_decimal(out, micros % 1000, 3);
}

/// Writes RFC 3339 in UTC, to the millisecond. The calendar arithmetic counts days from 1 March 0000, so that the leap day
/// is the last of its year.
fn push_timestamp(out: &mut Vec<u8>, time: SystemTime) {
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
        push_decimal(out, value, digits);
        out.extend_from_slice(end.as_bytes());
    }
    push_decimal(out, since.subsec_millis().into(), 3);
    out.push(b'Z');
}

#[cfg(test)]
mod tests {
    use super::{push_millis, push_timestamp};
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
            let mut line = Vec::new();
            push_timestamp(&mut line, UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(String::from_utf8_lossy(&line), text);
        }
    }

    #[test]
    fn milliseconds_have_three_decimals() {
        for (micros, text) in [(0, "0.000"), (7, "0.007"), (1_234, "1.234"), (90_000_050, "90000.050")] {
            let mut line = Vec::new();
            push_millis(&mut line, Duration::from_micros(micros));
            assert_eq!(String::from_utf8_lossy(&line), text);
        }
    }
}
