//! The arrival of an invocation.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// True once this process has had an invocation.
static WARM: AtomicBool = AtomicBool::new(false);

/// The facts about an invocation that are known before its payload is read.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) started: Instant,
    pub(crate) cold_start: bool,
    pub(crate) bytes_in: usize,
}

impl Arrival {
    /// Notes that an invocation is here now.
    pub(crate) fn now(bytes_in: usize) -> Arrival {
        let started = Instant::now();
        let cold_start = !WARM.swap(true, Ordering::Relaxed);
        Arrival { started, cold_start, bytes_in }
    }
}
