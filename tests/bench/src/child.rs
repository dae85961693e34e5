//! A bootstrap as a child process, and what the kernel knows about it.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::signal::{Signal, kill};
use nix::time::{ClockId, clock_getcpuclockid};
use nix::unistd::Pid;

/// What to start, and how.
#[derive(Clone)]
pub struct Launch {
    pub program: PathBuf,
    pub env: Vec<(String, String)>,
    /// A program and its arguments to put in front, such as a tracer; ended by SIGTERM to its child, so that it can
    /// write what it knows.
    pub under: Vec<String>,
}

pub struct Process {
    child: Child,
    clock: ClockId,
}

/// Counters of a process so far.
#[derive(Clone, Copy, Default)]
pub struct Usage {
    /// CPU of all threads, user and system, in µs.
    pub cpu: f64,
    /// Page faults that needed no disk.
    pub faults: u64,
}

/// Puts this process, and with it every child, on the first CPU: the two take turns anyway, and where the scheduler
/// places them would otherwise change every figure by a factor.
pub fn pin() -> Result<(), String> {
    let mut first = CpuSet::new();
    first
        .set(0)
        .and_then(|()| sched_setaffinity(Pid::from_raw(0), &first))
        .map_err(|error| format!("affinity: {error}"))
}

impl Process {
    pub fn start(launch: &Launch, api: SocketAddr) -> Result<Process, String> {
        let mut words = launch.under.iter().map(Into::into).chain([launch.program.clone().into_os_string()]);
        let program = words.next().ok_or("nothing to start")?;
        let mut command = Command::new(&program);
        command
            .args(words)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("AWS_LAMBDA_RUNTIME_API", api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "2025/11/01/[$LATEST]00112233445566778899aabbccddeeff")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .env("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023")
            .env("AWS_REGION", "eu-west-1")
            .env("_HANDLER", "bootstrap")
            .env("TZ", ":UTC")
            // A function sees two CPUs, a pinned child one; the runtimes go by what they see.
            .env("TOKIO_WORKER_THREADS", "2")
            .envs(launch.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().map_err(|error| format!("cannot start {program:?}: {error}"))?;
        let pid = Pid::from_raw(i32::try_from(child.id()).map_err(|error| error.to_string())?);
        let clock = clock_getcpuclockid(pid).map_err(|error| format!("CPU clock: {error}"))?;
        Ok(Process { child, clock })
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    pub fn usage(&self) -> Usage {
        let cpu = self.clock.now().map_or(0.0, |time| Duration::from(time).as_secs_f64() * 1e6);
        let stat = self.read("stat").unwrap_or_default();
        // The name in parentheses may hold anything; the fields after it are numbers, and the eighth is the faults.
        let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        let faults = fields.split(' ').nth(7).and_then(|field| field.parse().ok()).unwrap_or_default();
        Usage { cpu, faults }
    }

    /// Peak memory so far, in KiB.
    pub fn peak(&self) -> u64 {
        let status = self.read("status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    }

    fn read(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id()))
    }

    /// Ends what a tracer runs, and waits for the tracer to write its report.
    pub fn end_traced(mut self) -> Result<(), String> {
        let own = self.child.id();
        let children = self.read(&format!("task/{own}/children")).unwrap_or_default();
        let traced = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        for pid in traced.chain(i32::try_from(own).ok().filter(|_| children.is_empty())) {
            kill(Pid::from_raw(pid), Signal::SIGTERM).map_err(|error| error.to_string())?;
        }
        self.child.wait().map(|_| ()).map_err(|error| error.to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
