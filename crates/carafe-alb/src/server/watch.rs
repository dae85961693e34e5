//! Requests that hyper cannot parse, and those whose head does not come to an end. hyper refuses them with a status of its
//! own and an empty body, or not at all; the bytes on the connection tell which refusal a load balancer sends, and the
//! terminal shows why.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Method;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::linger::Linger;
use super::unread::Unread;
use crate::refusal::Refusal;
use crate::request::MOST_LINE;

/// Bytes of a head that are kept to look at.
const KEPT: usize = 128 * 1024;

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    Reading,
    Answering,
    Answered,
}

/// State that the stream and the service of one connection share.
#[derive(Debug)]
pub(super) struct Shared {
    phase: AtomicU8,
    /// The head that is being read or answered.
    head: Mutex<Vec<u8>>,
}

impl Shared {
    pub(super) fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    fn is(&self, phase: Phase) -> bool {
        self.phase.load(Ordering::Relaxed) == phase as u8
    }

    fn head(&self) -> MutexGuard<'_, Vec<u8>> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request has both `transfer-encoding` and `content-length`. hyper hides the second, and closes the
    /// connection after the reply (RFC 9112 §6.3).
    pub(super) fn has_two_lengths(&self) -> bool {
        let head = self.head();
        has_header(&head, b"transfer-encoding") && has_header(&head, b"content-length")
    }
}

/// Takes a refusal, and the number of bytes that are sent for it.
type Refused = dyn Fn(&Refusal, usize) + Send;

/// A stream whose other end is hyper.
pub(super) struct Watched<S> {
    stream: S,
    phase: Arc<Shared>,
    /// The bytes sent in place of hyper's refusal, and how many of them have been.
    instead: Option<(Vec<u8>, usize)>,
    unread: Arc<Unread>,
    linger: Linger,
    http2: bool,
    /// The time that a head may take, and when that is over for the one that is being read.
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    refused: Box<Refused>,
}

impl<S> Watched<S> {
    pub(super) fn new(
        stream: S,
        unread: Arc<Unread>,
        patience: Duration,
        refused: impl Fn(&Refusal, usize) + Send + 'static,
    ) -> Watched<S> {
        let phase = Arc::new(Shared { phase: AtomicU8::new(Phase::Reading as u8), head: Mutex::default() });
        Watched {
            stream,
            phase,
            instead: None,
            unread,
            linger: Linger::default(),
            http2: false,
            patience,
            deadline: None,
            refused: Box::new(refused),
        }
    }

    pub(super) fn phase(&self) -> Arc<Shared> {
        Arc::clone(&self.phase)
    }

    fn read(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.phase.is(Phase::Answered) {
            self.phase.set(Phase::Reading);
            self.phase.head().clear();
            self.deadline = None;
        }
        if self.phase.is(Phase::Reading) {
            let mut head = self.phase.head();
            let room = KEPT.saturating_sub(head.len());
            head.extend(bytes.iter().take(room));
            self.http2 = self.http2 || head.starts_with(HTTP2);
        }
    }

    /// Whether a head has begun and is not through in time. HTTP/2 has frames, of which some come at any time.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let begun = self.phase.is(Phase::Reading) && !self.phase.head().is_empty();
        if self.http2 || !begun {
            return false;
        }
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        deadline.as_mut().poll(cx).is_ready()
    }

    /// Whether hyper itself wrote this reply: those of the balancer have a `server`.
    fn is_refusal_of_hyper(&self, bytes: &[u8]) -> bool {
        self.phase.is(Phase::Reading)
            && bytes.starts_with(b"HTTP/1.1 4")
            && !bytes.windows(SERVER.len()).any(|window| window == SERVER)
    }
}

/// What an HTTP/2 connection begins with (RFC 9113 §3.4).
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SERVER: &[u8] = b"\r\nserver: ";

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, into);
        if read.is_pending() && self.instead.is_none() && self.is_late(cx) {
            let why =
                format!("the head of the request was not through after {} s", self.patience.as_secs_f32());
            let refusal = Refusal::new(408, why);
            let reply = response(&refusal);
            (self.refused)(&refusal, reply.len());
            // It fits into the buffer of a connection over which nothing is sent. hyper then sees its end.
            let _ = Pin::new(&mut self.stream).poll_write(cx, &reply);
            self.instead = Some((Vec::new(), 0));
            return Poll::Ready(Ok(()));
        }
        ready!(read)?;
        self.read(into.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.instead.is_none() && this.is_refusal_of_hyper(bytes) {
            let refusal = unreadable(&this.phase.head());
            let reply = response(&refusal);
            (this.refused)(&refusal, reply.len());
            this.instead = Some((reply, 0));
        }
        let Some((instead, sent)) = &mut this.instead else {
            let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
            match &written {
                Poll::Ready(Ok(bytes)) => this.unread.wrote(*bytes),
                Poll::Ready(Err(_)) => {}
                Poll::Pending => this.unread.is_full(),
            }
            return written;
        };
        while let Some(rest) = instead.get(*sent..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut this.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                more => *sent += more,
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        this.linger.poll(&mut this.stream, cx).map(Ok)
    }
}

/// The bytes of a refusal over HTTP/1.1.
fn response(refusal: &Refusal) -> Vec<u8> {
    let response = refusal.to_response(&Method::GET);
    let mut bytes = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        bytes.extend_from_slice(format!("{name}: ").as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"connection: close\r\n\r\n");
    bytes.extend_from_slice(response.body());
    bytes
}

/// Returns the refusal for a head that hyper could not parse.
fn unreadable(head: &[u8]) -> Refusal {
    let first = lines(head).next().unwrap_or_default();
    if first.len() > MOST_LINE {
        let why = format!("the request line has more than {MOST_LINE} bytes");
        return Refusal::new(414, why);
    }
    let mut words = first.split(|&byte| byte == b' ');
    let version = words.next_back().unwrap_or_default();
    if version.starts_with(b"HTTP/") && version != b"HTTP/1.0" && version != b"HTTP/1.1" {
        let why = format!(
            "the version {} is not supported, only HTTP/1.0, HTTP/1.1 and HTTP/2",
            String::from_utf8_lossy(version)
        );
        return Refusal::new(505, why);
    }
    if let Some(raw) = words.nth(1).and_then(raw_character) {
        let why = format!("the request target has a raw `{}`; send it as %{raw:02X}", char::from(raw));
        return Refusal::new(400, why);
    }
    let coding = headers(head).find(|(name, _)| name.eq_ignore_ascii_case(b"transfer-encoding"));
    let coding = coding.map(|(_, value)| String::from_utf8_lossy(value));
    match coding {
        Some(coding) => Refusal::unknown_coding(&coding),
        None if head.len() > 64 * 1024 => Refusal::new(400, "the head of the request has more than 64 K"),
        None => Refusal::new(400, "the request cannot be read as HTTP/1.1 (RFC 9112)"),
    }
}

/// Returns the first character of a target that hyper does not take. A load balancer may (docs/alb.md §12).
fn raw_character(target: &[u8]) -> Option<u8> {
    let mut in_query = false;
    target.iter().copied().find(|&byte| {
        in_query |= byte == b'?';
        matches!((byte, in_query), (b'<' | b'>', _) | (b'`', false) | (b'"', true))
    })
}

/// Returns the lines of a head, without the empty ones that may come before it (RFC 9112 §2.2).
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty())
}

fn headers(head: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines(head).skip(1).filter_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        Some((name, value.get(1..)?.trim_ascii()))
    })
}

fn has_header(head: &[u8], wanted: &[u8]) -> bool {
    headers(head).any(|(name, _)| name.eq_ignore_ascii_case(wanted))
}
