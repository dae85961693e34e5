//! The access log, in the format that load balancers write to Amazon S3 (user guide, "Access logs").

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use super::Seen;
use crate::error::Error;
use crate::{LOAD_BALANCER, TARGET_GROUP};

/// A file that grows.
#[derive(Debug)]
pub(crate) struct AccessLog(Mutex<File>);

impl AccessLog {
    pub(crate) fn open(path: &Path) -> Result<AccessLog, Error> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|source| Error::Write { path: path.to_owned(), source })?;
        Ok(AccessLog(Mutex::new(file)))
    }

    /// A full disk is no reason to refuse requests.
    pub(crate) fn write(&self, seen: &Seen, port: u16) {
        let line = line(seen, port);
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = file.write_all(line.as_bytes());
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

/// In quotes, with what would end them or the line as `\xHH`.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        if char == '"' || char == '\\' || char.is_control() {
            quoted.push_str(&format!("\\x{:02X}", u32::from(char)));
        } else {
            quoted.push(char);
        }
    }
    quoted.push('"');
    quoted
}
