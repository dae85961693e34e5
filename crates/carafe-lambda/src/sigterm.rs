//! SIGTERM as a byte in a socket, and the time at which it came.

use std::io;
use std::os::unix::net::UnixStream as StdStream;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::SIGTERM;
use signal_hook::low_level::pipe;
use tokio::net::UnixStream;
use tokio::runtime::Handle;

/// True once a run loop handles SIGTERM.
static IS_HANDLED: AtomicBool = AtomicBool::new(false);
/// True once a task waits for it to note its time.
static IS_AWAITED: AtomicBool = AtomicBool::new(false);
static CAME: OnceLock<Instant> = OnceLock::new();

/// Makes a pair of sockets, the first of which becomes readable at SIGTERM. From now on the signal does not end the process.
pub(crate) fn sockets() -> io::Result<(UnixStream, StdStream)> {
    let (near, far) = StdStream::pair()?;
    near.set_nonblocking(true)?;
    pipe::register(SIGTERM, far.try_clone()?)?;
    IS_HANDLED.store(true, Ordering::Release);
    Ok((UnixStream::from_std(near)?, far))
}

/// Has the time of SIGTERM noted by a task of its own, because the loop does not look while a handler runs. Where no loop of
/// carafe's handles the signal, it is left alone.
pub(crate) fn note_time() {
    if !IS_HANDLED.load(Ordering::Acquire) || IS_AWAITED.swap(true, Ordering::AcqRel) {
        return;
    }
    if let (Ok(runtime), Ok((near, _))) = (Handle::try_current(), sockets()) {
        runtime.spawn(async move {
            if near.readable().await.is_ok() {
                CAME.get_or_init(Instant::now);
            }
        });
    }
}

/// Returns the time since SIGTERM, zero where it was not noted.
pub(crate) fn since() -> Duration {
    CAME.get().map_or(Duration::ZERO, Instant::elapsed)
}
