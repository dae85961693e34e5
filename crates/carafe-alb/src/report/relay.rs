//! What the function prints, where that goes into a pipe: one that nobody reads would hold up the function, and with it a
//! request.

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileTypeExt as _;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;
use tokio::task::JoinSet;

use super::output::Output;
use crate::error::Error;

/// The time that the end of the program waits for the last that the function printed.
const LAST: Duration = Duration::from_millis(200);

/// Bytes of a line that are waited for.
const LONGEST: usize = 64 * 1024;

/// Standard output or error for the copies of the function.
#[derive(Debug)]
pub(crate) struct Relay {
    /// None where the function may have the balancer's own: a terminal, so that it sees one, or a file.
    output: Option<Arc<Output>>,
    /// One task for each copy.
    passing: Mutex<JoinSet<()>>,
}

impl Relay {
    /// Looks at the balancer's own stream.
    pub(crate) fn start<W: Write + AsFd + Send + 'static>(name: &str, own: W) -> Result<Relay, Error> {
        let output = is_pipe(&own).then(|| Output::start(name, move || Ok(own)).map(Arc::new));
        Ok(Relay { output: output.transpose().map_err(Error::Runtime)?, passing: Mutex::default() })
    }

    /// Returns the stream to start a copy with.
    pub(crate) fn stdio(&self) -> Stdio {
        if self.output.is_some() { Stdio::piped() } else { Stdio::inherit() }
    }

    /// Passes on what a copy prints, until nobody can print there any more.
    pub(crate) fn pass_on(&self, from: Option<OwnedFd>) -> io::Result<()> {
        let (Some(from), Some(output)) = (from, &self.output) else { return Ok(()) };
        let (mut from, output) = (Receiver::from_owned_fd(from)?, Arc::clone(output));
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        while passing.try_join_next().is_some() {}
        passing.spawn(async move {
            let mut bytes = Vec::with_capacity(8 * 1024);
            while from.read_buf(&mut bytes).await.is_ok_and(|length| length > 0) {
                output.write(&lines(&mut bytes));
            }
            output.write(&bytes);
        });
        Ok(())
    }

    /// Waits until all has been passed on, but not for a reader that does not read.
    pub(crate) async fn finish(&self) {
        let mut passing = std::mem::take(&mut *self.passing.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while passing.join_next().await.is_some() {} };
        // Somebody who has left the function's process group may have it open for ever.
        let _ = tokio::time::timeout(LAST, all).await;
        if let Some(output) = &self.output {
            output.finish();
        }
    }
}

/// Takes the lines that are whole, so that those of several copies do not mix.
fn lines(bytes: &mut Vec<u8>) -> Vec<u8> {
    let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let take = if bytes.len() - whole > LONGEST { bytes.len() } else { whole };
    let rest = bytes.split_off(take);
    std::mem::replace(bytes, rest)
}

/// Whether a write waits for somebody who reads.
fn is_pipe(stream: &impl AsFd) -> bool {
    let file = stream.as_fd().try_clone_to_owned().map(std::fs::File::from);
    let kind = file.and_then(|file| file.metadata()).map(|data| data.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines() {
        let mut bytes = b"one\ntwo\nhalf".to_vec();
        assert_eq!((lines(&mut bytes), &bytes[..]), (b"one\ntwo\n".to_vec(), &b"half"[..]));
        assert_eq!((lines(&mut bytes), &bytes[..]), (b"".to_vec(), &b"half"[..]));
        bytes.extend_from_slice(b" a line\n");
        assert_eq!((lines(&mut bytes), &bytes[..]), (b"half a line\n".to_vec(), &b""[..]));
        bytes.resize(LONGEST, b'x');
        assert_eq!((lines(&mut bytes).len(), bytes.len()), (0, LONGEST));
        bytes.push(b'x');
        assert_eq!((lines(&mut bytes).len(), bytes.len()), (LONGEST + 1, 0));
    }

    #[test]
    fn pipes_and_files() {
        let (reader, writer) = io::pipe().unwrap();
        assert!(is_pipe(&reader) && is_pipe(&writer));
        assert!(is_pipe(&std::os::unix::net::UnixStream::pair().unwrap().0));
        assert!(!is_pipe(&std::fs::File::open("/dev/null").unwrap()));
        assert!(!is_pipe(&std::fs::File::open(std::env::current_exe().unwrap()).unwrap()));
    }
}
