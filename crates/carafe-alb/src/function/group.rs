//! A child process with everything that it starts.

use std::io;
use std::process::ExitStatus;

use tokio::process::{Child, Command};

/// A process in a process group of its own, so that a shell and what it started end together, and so that a Ctrl-C in
/// the terminal reaches only the load balancer. Dropped, all of it is killed.
#[derive(Debug)]
pub(super) struct Group {
    leader: Child,
    #[cfg(unix)]
    id: Option<nix::unistd::Pid>,
}

impl Group {
    pub(super) fn start(mut command: Command) -> io::Result<Group> {
        command.kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let leader = command.spawn()?;
        #[cfg(unix)]
        let id = leader.id().and_then(|id| i32::try_from(id).ok()).map(nix::unistd::Pid::from_raw);
        Ok(Group {
            leader,
            #[cfg(unix)]
            id,
        })
    }

    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.leader.wait().await
    }

    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.leader.try_wait(), Ok(None))
    }

    /// Asks the processes to end, as Lambda does.
    pub(super) fn terminate(&mut self) {
        #[cfg(unix)]
        self.signal(nix::sys::signal::Signal::SIGTERM);
        #[cfg(not(unix))]
        let _ = self.leader.start_kill();
    }

    /// A group without a leader may still have others in it, and its id is not given to anyone else until they ended.
    #[cfg(unix)]
    fn signal(&self, signal: nix::sys::signal::Signal) {
        if let Some(id) = self.id {
            // It has ended already.
            let _ = nix::sys::signal::killpg(id, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        self.signal(nix::sys::signal::Signal::SIGKILL);
    }
}
