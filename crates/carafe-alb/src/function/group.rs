//! A child process with everything that it starts.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::sync::watch;

use super::supervisor::Supervisor;

/// A process in a process group of its own, so that a shell and what it started end together, and so that a Ctrl-C in
/// the terminal reaches only the load balancer. All of it is killed when the process ends, when the group is dropped, and when
/// the load balancer ends, however that does.
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
        let signals = Signals(Arc::new(Mutex::new(Some(id))));
        // Where there is no shell, a balancer that is killed leaves the processes behind.
        let supervisor = Supervisor::start(id.as_raw()).ok();
        let (ended, status) = watch::channel(None);
        let group = Group { signals: signals.clone(), status };
        std::thread::Builder::new().name(format!("wait for {id}")).spawn(move || {
            wait_for_end(id);
            signals.end(&mut leader);
            // Before the number of the group can belong to others: it would kill those.
            drop(supervisor);
            let status = leader.wait();
            // Waiting cannot fail: it is a child of this process, and only this thread waits for it.
            let _ = status.map(|status| ended.send(Some(status)));
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
        self.signals.id().is_some_and(still_runs)
    }

    /// Asks the processes to end, as Lambda does. Stopped ones go on, else they would not notice.
    pub(super) fn terminate(&self) {
        self.signals.send(Signal::SIGTERM);
        self.signals.resume();
    }

    pub(super) fn signals(&self) -> Signals {
        self.signals.clone()
    }
}

/// Waits for the end of a child, and leaves its status to be fetched: until then its number belongs to nobody else.
#[cfg(target_os = "linux")]
fn wait_for_end(id: Pid) {
    use nix::errno::Errno;
    use nix::sys::wait::{Id, WaitPidFlag, waitid};

    while waitid(Id::Pid(id), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(Errno::EINTR) {}
}

/// Does nothing: `nix` has no `waitid` for macOS, and any other call would fetch the status.
#[cfg(not(target_os = "linux"))]
fn wait_for_end(_: Pid) {}

/// Asks the system whether a child runs, because the thread that waits for it may not have noticed its end yet.
#[cfg(target_os = "linux")]
fn still_runs(id: Pid) -> bool {
    use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};

    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    waitid(Id::Pid(id), look) == Ok(WaitStatus::StillAlive)
}

/// Says yes: the thread that waits will note the end.
#[cfg(not(target_os = "linux"))]
fn still_runs(_: Pid) -> bool {
    true
}

/// Signals a process group; nothing once its leader has ended, because its number may belong to other processes then. Elsewhere than
/// on Linux a moment remains, see [`Signals::end`].
#[derive(Debug, Clone)]
pub(super) struct Signals(Arc<Mutex<Option<Pid>>>);

impl Signals {
    /// Stops all processes; they cannot refuse.
    pub(super) fn stop(&self) {
        self.send(Signal::SIGSTOP);
    }

    /// Lets stopped processes go on.
    pub(super) fn resume(&self) {
        self.send(Signal::SIGCONT);
    }

    /// Ends all processes at once.
    pub(super) fn kill(&self) {
        self.send(Signal::SIGKILL);
    }

    fn send(&self, signal: Signal) {
        // Held meanwhile, so that the group does not end before the signal is there.
        if let Some(id) = *self.lock() {
            let _ = killpg(id, signal);
        }
    }

    /// Ends what a leader that has ended leaves behind, and sends nothing from then on.
    #[cfg(target_os = "linux")]
    fn end(&self, _: &mut Child) {
        self.kill_for_the_last_time();
    }

    /// Does the same for a leader that may not have ended, and so has to be waited for: signals in the moment behind that reach
    /// whoever has its number.
    #[cfg(not(target_os = "linux"))]
    fn end(&self, leader: &mut Child) {
        // Its status is kept for the next one who asks.
        let _ = leader.wait();
        self.kill_for_the_last_time();
    }

    fn kill_for_the_last_time(&self) {
        if let Some(id) = self.lock().take() {
            let _ = killpg(id, Signal::SIGKILL);
        }
    }

    fn id(&self) -> Option<Pid> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signals.kill();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Stdio;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_a_process_has_started_ends_with_it() {
        let mut command = Command::new("sh");
        command.args(["-c", "{ sleep 60; echo late; } & echo started"]).stdout(Stdio::piped());
        let (mut group, printed) = Group::start(command).unwrap();
        assert!(group.ended().await.is_some_and(|status| status.success()));
        // The other one has the pipe open, too, so that its end is waited for here.
        let mut text = String::new();
        std::fs::File::from(printed.stdout.unwrap()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "started\n");
    }

    #[tokio::test]
    async fn a_group_that_has_ended_is_not_signalled() {
        let (mut group, _) = Group::start(Command::new("true")).unwrap();
        let signals = group.signals();
        assert!(group.ended().await.is_some());
        // Its number may be that of other processes by now.
        assert_eq!(signals.id(), None);
        assert!(!group.is_alive());
    }

    #[tokio::test]
    async fn a_stopped_process_can_be_asked_to_end() {
        let mut command = Command::new("sleep");
        command.arg("600");
        let (mut group, _) = Group::start(command).unwrap();
        group.signals().stop();
        assert!(group.is_alive());
        group.terminate();
        let status = tokio::time::timeout(Duration::from_secs(60), group.ended()).await.unwrap();
        assert_eq!(status.unwrap().signal(), Some(15));
    }
}
