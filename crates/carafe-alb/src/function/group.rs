//! A child process with everything that it starts.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitStatus};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::sync::watch;

/// A process in a process group of its own, so that a shell and what it started end together, and so that a Ctrl-C in
/// the terminal reaches only the load balancer. Dropped, all of it is killed.
#[derive(Debug)]
pub(super) struct Group {
    signals: Signals,
    /// The exit status of the process, once it has ended.
    status: watch::Receiver<Option<ExitStatus>>,
}

/// The ends of the pipes that the process prints into, if it does.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
}

impl Group {
    /// Starts the process. A thread waits for its end: tokio's feature for that costs every deployed program (Cargo.toml).
    pub(super) fn start(mut command: Command) -> io::Result<(Group, Printed)> {
        let mut leader = command.process_group(0).spawn()?;
        let printed = Printed {
            stdout: leader.stdout.take().map(OwnedFd::from),
            stderr: leader.stderr.take().map(OwnedFd::from),
        };
        let id = i32::try_from(leader.id()).map(Pid::from_raw).map_err(io::Error::other)?;
        let (ended, status) = watch::channel(None);
        let group = Group { signals: Signals(id), status };
        std::thread::Builder::new().name(format!("wait for {id}")).spawn(move || {
            // Waiting cannot fail: it is a child of this process, and only this thread waits for it.
            let _ = leader.wait().map(|status| ended.send(Some(status)));
        })?;
        Ok((group, printed))
    }

    /// Waits for the end of the process; `None` if its status is not known.
    pub(super) async fn ended(&mut self) -> Option<ExitStatus> {
        self.status.wait_for(Option::is_some).await.ok().and_then(|status| *status)
    }

    /// Returns a future of the end of the process, for others to wait for.
    pub(super) fn end(&self) -> impl Future<Output = ()> + use<> {
        let mut status = self.status.clone();
        async move { drop(status.wait_for(Option::is_some).await) }
    }

    /// Whether the process still runs.
    pub(super) fn is_alive(&self) -> bool {
        self.status.borrow().is_none() && still_runs(self.signals.0)
    }

    /// Asks the processes to end, as Lambda does. Stopped ones go on, else they would not notice.
    pub(super) fn terminate(&self) {
        self.signals.send(Signal::SIGTERM);
        self.signals.resume();
    }

    pub(super) fn signals(&self) -> Signals {
        self.signals
    }
}

/// Asks the system whether a child runs, because the thread that waits for it may not have noticed its end yet.
#[cfg(target_os = "linux")]
fn still_runs(id: Pid) -> bool {
    use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};

    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    waitid(Id::Pid(id), look) == Ok(WaitStatus::StillAlive)
}

/// Believes the thread: `nix` has no `waitid` for macOS, and any other call would take the status away from it.
#[cfg(not(target_os = "linux"))]
fn still_runs(_: Pid) -> bool {
    true
}

/// Signals a process group. Without its leader it may still have members, and its id is not used again until they ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signals(Pid);

impl Signals {
    /// Stops all processes; they cannot refuse.
    pub(super) fn stop(self) {
        self.send(Signal::SIGSTOP);
    }

    /// Lets stopped processes go on.
    pub(super) fn resume(self) {
        self.send(Signal::SIGCONT);
    }

    /// Ends all processes at once.
    pub(super) fn kill(self) {
        self.send(Signal::SIGKILL);
    }

    /// Returns the number of the group.
    pub(super) fn group(self) -> i32 {
        self.0.as_raw()
    }

    fn send(self, signal: Signal) {
        // It has ended already.
        let _ = killpg(self.0, signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signals.kill();
    }
}
