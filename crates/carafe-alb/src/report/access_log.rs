//! The access log, in the format that load balancers write to Amazon S3 (user guide, "Access logs").

use std::fs::OpenOptions;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::Seen;
use super::escape::is_unsafe;
use super::output::Output;
use crate::error::Error;
use crate::{LOAD_BALANCER, TARGET_GROUP};

/// A file that grows, or a named pipe that somebody may read.
#[derive(Debug)]
pub(crate) struct AccessLog(Output);

impl AccessLog {
    /// Opens the file. A named pipe is opened once it has a reader.
    pub(crate) fn open(path: &Path) -> Result<AccessLog, Error> {
        let open = |path: &Path| OpenOptions::new().create(true).append(true).open(path);
        let is_pipe = path.metadata().is_ok_and(|data| data.file_type().is_fifo());
        let output = if is_pipe {
            let path = path.to_owned();
            Output::start("access log", move || open(&path))
        } else {
            let file = open(path).map_err(|source| Error::Write { path: path.to_owned(), source })?;
            Output::start("access log", || Ok(file))
        };
        output.map(AccessLog).map_err(Error::Runtime)
    }

    /// Writes the line of a request.
    pub(crate) fn write(&self, seen: &Seen, port: u16) {
        self.0.write(line(seen, port).as_bytes());
    }

    /// Waits until all has been written, but not for a reader that does not read.
    pub(crate) fn finish(&self) {
        self.0.finish();
    }
}

fn line(seen: &Seen, port: u16) -> String {
    let total = seen.started.elapsed();
    let ended = time(seen.began + total);
    let seconds = |time: Duration| format!("{:.3}", time.as_secs_f64());
    // With a target that was not reached, all three times are -1.
    let (before, target, after) = match seen.target {
        Some(target) if seen.target_status.is_some() => {
            ("0.000".to_owned(), seconds(target), seconds(total.saturating_sub(target)))
        }
        _ => ("-1".to_owned(), "-1".to_owned(), "-1".to_owned()),
    };
    let head = seen.head.as_ref();
    let kind = if head.is_some_and(|head| head.version == "HTTP/2.0") { "h2" } else { "http" };
    let request = match head {
        Some(head) => {
            let host =
                if head.host.contains(':') { head.host.clone() } else { format!("{}:{port}", head.host) };
            format!("{} http://{host}{} {}", head.method, head.target, head.version)
        }
        None => "- - - ".to_owned(),
    };
    let fields = [
        kind.to_owned(),
        ended,
        LOAD_BALANCER.to_owned(),
        seen.client.to_string(),
        "-".to_owned(),
        before,
        target,
        after,
        if seen.status == 0 { "-".to_owned() } else { seen.status.to_string() },
        seen.target_status.map_or_else(|| "-".to_owned(), |status| status.to_string()),
        seen.received.to_string(),
        seen.sent.to_string(),
        quoted(&request),
        quoted(head.and_then(|head| head.user_agent.as_deref()).unwrap_or("-")),
        "-".to_owned(),
        "-".to_owned(),
        TARGET_GROUP.to_owned(),
        quoted(head.and_then(|head| head.trace.as_deref()).unwrap_or("-")),
        quoted("-"),
        quoted("-"),
        "0".to_owned(),
        time(seen.began),
        quoted(if seen.target.is_some() { "forward" } else { "-" }),
        quoted("-"),
        quoted(seen.reason.as_str()),
        quoted("-"),
        quoted("-"),
        quoted("-"),
        quoted("-"),
        format!("TID_{:032x}", fastrand::u128(..)),
    ];
    fields.join(" ") + "\n"
}

fn time(at: SystemTime) -> String {
    humantime::format_rfc3339_micros(at).to_string()
}

/// Puts text in quotes, with the bytes of what would end them or is not safe to look at as `\xHH`.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        if matches!(char, '"' | '\\') || is_unsafe(char) {
            for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                quoted.push_str(&format!("\\x{byte:02X}"));
            }
        } else {
            quoted.push(char);
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes() {
        assert_eq!(quoted("a\"b\\ü\n\u{85}\u{202e}"), r#""a\x22b\x5Cü\x0A\xC2\x85\xE2\x80\xAE""#);
    }
}
