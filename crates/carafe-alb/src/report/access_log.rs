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
    use std::time::Instant;

    use super::super::Head;
    use super::*;

    /// A request that began two seconds ago and was at the function for half of one.
    fn seen() -> Seen {
        let started = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
        Seen {
            // In whole microseconds, as the log has them.
            began: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000),
            started,
            head: Some(Head {
                method: "GET".to_owned(),
                target: "/a".to_owned(),
                host: "app".to_owned(),
                version: "HTTP/1.1",
                user_agent: Some("me".to_owned()),
                trace: Some("Root=1".to_owned()),
            }),
            target: Some(Duration::from_millis(500)),
            target_status: Some(201),
            status: 201,
            received: 12,
            sent: 34,
            ..Seen::new("203.0.113.7:4711".parse().unwrap())
        }
    }

    /// The fields of a line up to the first text in quotes, and that.
    fn fields(seen: &Seen) -> (Vec<String>, String) {
        let line = line(seen, 3000);
        let (fields, rest) = line.split_once('"').unwrap();
        (fields.split_whitespace().map(str::to_owned).collect(), rest.split('"').next().unwrap().to_owned())
    }

    #[test]
    fn times_of_a_request() {
        let seen = seen();
        let (fields, request) = fields(&seen);
        let ended = humantime::parse_rfc3339(&fields[1]).unwrap();
        assert!(ended.duration_since(seen.began).unwrap() >= Duration::from_secs(2));
        assert_eq!(fields[5..7], ["0.000", "0.500"]);
        let after: f64 = fields[7].parse().unwrap();
        assert!(after >= 1.5, "{after}");
        assert_eq!(fields[8..], ["201", "201", "12", "34"]);
        assert_eq!(
            (&*fields[0], &*fields[3], &*request),
            ("http", "203.0.113.7:4711", "GET http://app:3000/a HTTP/1.1")
        );
    }

    #[test]
    fn what_did_not_happen() {
        let failed = Seen { target_status: None, status: 502, ..seen() };
        assert_eq!(fields(&failed).0[5..], ["-1", "-1", "-1", "502", "-", "12", "34"]);
        let refused = Seen { target: None, ..seen() };
        assert_eq!(fields(&refused).0[5..8], ["-1", "-1", "-1"]);
        let gone = Seen { status: 0, head: None, ..seen() };
        let (fields, request) = fields(&gone);
        assert_eq!((&*fields[8], &*request), ("-", "- - - "));
    }

    #[test]
    fn http2_and_a_port() {
        let mut seen = seen();
        let head = seen.head.as_mut().unwrap();
        (head.version, head.host) = ("HTTP/2.0", "app:8080".to_owned());
        let (fields, request) = fields(&seen);
        assert_eq!((&*fields[0], &*request), ("h2", "GET http://app:8080/a HTTP/2.0"));
    }

    #[test]
    fn quotes() {
        assert_eq!(quoted("a\"b\\ü\n\u{85}\u{202e}"), r#""a\x22b\x5Cü\x0A\xC2\x85\xE2\x80\xAE""#);
    }
}
