//! The end of the run loop: SIGTERM, or a worker that cannot go on.

use std::future::pending;
use std::io::Write as _;
use std::os::unix::net::UnixStream as StdStream;
use std::sync::OnceLock;

use tokio::net::UnixStream;

use crate::sigterm;

/// The end, SIGTERM, which all workers watch. The signal handler is set up when somebody asks for the first time, inside a
/// tokio runtime.
///
/// ```
/// use std::task::{Context, Waker};
///
/// use carafe_lambda::run_loop::Ending;
///
/// # tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
/// let ending = Ending::default();
/// let mut come = Box::pin(ending.come());
/// assert!(come.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending(), "nobody has sent SIGTERM");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Ending(OnceLock<Option<Sockets>>);

/// A pair of sockets. The end is a byte in it, which nobody takes out, so every worker sees it at any time.
#[derive(Debug)]
struct Sockets {
    near: UnixStream,
    far: StdStream,
}

impl Ending {
    fn sockets(&self) -> Option<&Sockets> {
        let sockets = || sigterm::sockets().ok().map(|(near, far)| Sockets { near, far });
        self.0.get_or_init(sockets).as_ref()
    }

    /// Sets up the signal handler, unless that has been done.
    pub(super) fn watch(&self) {
        self.sockets();
    }

    /// Waits for the end.
    pub async fn come(&self) {
        match self.sockets() {
            Some(sockets) => drop(sockets.near.readable().await),
            // Without a handler the signal ends the process.
            None => pending().await,
        }
    }

    /// Ends the loop as SIGTERM does, and tells whether that was possible.
    pub(super) fn call(&self) -> bool {
        self.sockets().is_some_and(|sockets| (&sockets.far).write_all(&[0]).is_ok())
    }
}
