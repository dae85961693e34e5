//! Ends a copy of the function when the load balancer has gone without doing so, killed for one.

use std::process::{Child, Command, Stdio};
use std::{io, os::unix::process::CommandExt as _};

/// A shell that waits for the end of this program, which closes the pipe to it, and then kills a process group. Dropped, it
/// ends itself. It is neither a child of the function nor in its process group, so a signal to those does not reach it.
#[derive(Debug)]
pub(super) struct Supervisor(Child);

const SCRIPT: &str = r#"read -r _; kill -s KILL -- "-$1""#;

impl Supervisor {
    /// Starts it for a process group, by its number.
    pub(super) fn start(group: i32) -> io::Result<Supervisor> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "carafe-alb", &group.to_string()]);
        // In a group of its own, where a Ctrl-C in the terminal does not end it first.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map(Supervisor)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // Killed before its pipe is closed: the group has ended, and its number may belong to others by then.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}
