//! The end of a connection whose client may still be sending.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Sleep;

/// The time in which a client may read the last reply and close its side.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes that are read meanwhile.
const MOST: usize = 16 * 1024 * 1024;

/// Reads what a client still sends after the last reply, and forgets it. A socket that is closed with unread bytes in it
/// resets the connection (RFC 9112 §9.6), and the reset can overtake the reply.
#[derive(Debug, Default)]
pub(super) struct Linger {
    deadline: Option<Pin<Box<Sleep>>>,
    read: usize,
}

impl Linger {
    /// Is ready once the client has closed its side, or has had its time and its bytes.
    pub(super) fn poll(&mut self, stream: &mut (impl AsyncRead + Unpin), cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(PATIENCE)));
        let mut bytes = [0; 8192];
        while self.read < MOST && deadline.as_mut().poll(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut bytes);
            let read = ready!(Pin::new(&mut *stream).poll_read(cx, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            self.read += buffer.filled().len();
        }
        Poll::Ready(())
    }
}
