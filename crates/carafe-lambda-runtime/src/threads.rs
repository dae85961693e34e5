//! The threads on which invocations are answered.

use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// The threads on which invocations are answered. AWS's loop has one task for each slot, and no thread. As on carafe's loop, a
/// handler that blocks its thread must not delay the others, so where there are others, each is answered on a thread of its
/// own, and the first one is left to sockets, timers and spawned tasks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(usize);

impl Threads {
    /// `slots` is the number of invocations at a time.
    pub(crate) fn new(slots: usize) -> Threads {
        Threads(slots)
    }

    /// Returns the number of threads besides the first one.
    pub(crate) fn number(self) -> usize {
        if self.0 > 1 { self.0 } else { 0 }
    }

    /// Does a piece of work where it belongs. Returns `None` if it panicked on its own thread.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        if self.number() == 0 {
            return Some(work.await);
        }
        let runtime = Handle::current();
        spawn_blocking(move || runtime.block_on(work)).await.ok()
    }
}
