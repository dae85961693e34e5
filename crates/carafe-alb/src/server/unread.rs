//! Answers that a client does not read. They stay in memory, so there are only so many, and only for so long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests of one connection that are answered at once, or whose answers the client has not read; others wait. More
/// than copies of the function run at once by default.
const MOST: usize = 16;
/// How often a connection is looked at within the time that it may stand still.
const LOOKS: u32 = 4;

/// The unread answers of one connection.
#[derive(Debug)]
pub(super) struct Unread {
    room: Arc<Semaphore>,
    answers: AtomicUsize,
    /// Bytes that the client has taken.
    taken: AtomicU64,
    /// The connection takes no more bytes for now.
    full: AtomicBool,
}

impl Unread {
    /// Starts without one. `concurrency` is how many requests the function can answer at once.
    pub(super) fn new(concurrency: usize) -> Arc<Unread> {
        let room = Arc::new(Semaphore::new(concurrency.clamp(MOST, Semaphore::MAX_PERMITS)));
        let (answers, taken, full) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicBool::new(false));
        Arc::new(Unread { room, answers, taken, full })
    }

    /// Waits for room for one more answer.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.room).acquire_owned().await.ok()
    }

    /// Counts a body as unread until the connection has written all of it.
    pub(super) fn keep(self: &Arc<Unread>, body: Bytes, place: Option<OwnedSemaphorePermit>) -> Bytes {
        if body.is_empty() {
            return body;
        }
        self.answers.fetch_add(1, Ordering::Relaxed);
        Bytes::from_owner(Kept { body, unread: Arc::clone(self), _place: place })
    }

    /// Notes bytes that were written.
    pub(super) fn wrote(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
        self.full.store(false, Ordering::Relaxed);
    }

    /// Notes that no more bytes can be written for now.
    pub(super) fn is_full(&self) {
        self.full.store(true, Ordering::Relaxed);
    }

    /// Waits until the client has read nothing of its answers for so long.
    pub(super) async fn stands_still(&self, patience: Duration) {
        let (mut looks, mut before) = (0, 0);
        while looks <= LOOKS {
            tokio::time::sleep(patience / LOOKS).await;
            let taken = self.taken.load(Ordering::Relaxed);
            let waits = self.full.load(Ordering::Relaxed) || self.answers.load(Ordering::Relaxed) > 0;
            looks = if waits && taken == before { looks + 1 } else { 0 };
            before = taken;
        }
    }
}

/// A body that knows when nobody needs it any more.
#[derive(Debug)]
struct Kept {
    body: Bytes,
    unread: Arc<Unread>,
    _place: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.unread.answers.fetch_sub(1, Ordering::Relaxed);
    }
}
