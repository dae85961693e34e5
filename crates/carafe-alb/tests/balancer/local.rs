//! The built load balancer as a process, and what its terminal shows.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::client::{Reply, exchange};
use super::puppet;

/// Long enough for a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Local {
    pub(super) address: SocketAddr,
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Local {
    /// The puppet behind the balancer, with options.
    pub(super) fn with(options: &[&str]) -> Local {
        Local::of(options, &puppet::command(), &[])
    }

    pub(super) fn of(options: &[&str], command: &[String], environment: &[(&str, &str)]) -> Local {
        Local::started(&mut balancer(options, command, environment))
    }

    /// A balancer that a command starts.
    pub(super) fn started(command: &mut Command) -> Local {
        let (local, out) = Local::spawn(command.stderr(Stdio::null()));
        let kept = Arc::clone(&local.lines);
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                kept.lock().unwrap().push(line);
            }
        });
        local
    }

    /// The puppet behind a balancer whose standard output is not read any further than the address, and its standard
    /// error not at all.
    pub(super) fn unread() -> (Local, BufReader<ChildStdout>) {
        Local::spawn(balancer(&[], &puppet::command(), &[]).stderr(Stdio::piped()))
    }

    fn spawn(command: &mut Command) -> (Local, BufReader<ChildStdout>) {
        let command = command.env_remove("AWS_LAMBDA_RUNTIME_API").stdout(Stdio::piped());
        let mut process = command.spawn().expect("the balancer has been built");
        let mut out = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut first = String::new();
        out.read_line(&mut first).expect("the first line is text");
        let address =
            first.trim().strip_prefix("Listening on http://").expect("the first line has the address");
        let address = address.parse().expect("it is one");
        (Local { address, process, lines: Arc::default() }, out)
    }

    /// One HTTP/1.1 request as it is; the reply.
    pub(super) fn raw(&self, request: impl AsRef<[u8]>) -> Reply {
        exchange(self.address, request.as_ref())
    }

    pub(super) fn get(&self, target: &str) -> Reply {
        self.raw(format!("GET {target} HTTP/1.1\r\nhost: local\r\n\r\n"))
    }

    /// Has the function answer exactly this.
    pub(super) fn answer(&self, answer: impl AsRef<[u8]>) -> Reply {
        self.answer_to("POST", answer)
    }

    pub(super) fn answer_to(&self, method: &str, answer: impl AsRef<[u8]>) -> Reply {
        let answer = answer.as_ref();
        let head = format!(
            "{method} /answer HTTP/1.1\r\nhost: local\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        self.raw([head.as_bytes(), answer].concat())
    }

    /// The event of a request: the function answers it.
    pub(super) fn event(&self, request: &str) -> serde_json::Value {
        let reply = self.raw(request);
        serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {reply:?}"))
    }

    /// Waits for the terminal to show a line with these words.
    pub(super) fn shows(&self, words: &str) -> String {
        let started = Instant::now();
        loop {
            let line = self.lines.lock().unwrap().iter().find(|line| line.contains(words)).cloned();
            match line {
                Some(line) => return line,
                None if started.elapsed() > PATIENCE => {
                    panic!("no line has {words:?}: {:#?}", self.lines.lock().unwrap())
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal and waits for the exit code.
    pub(super) fn end(&mut self, signal: nix::sys::signal::Signal) -> Option<i32> {
        send(self.pid(), signal);
        let status = self.process.wait().expect("it is a child");
        status.code()
    }
}

pub(super) fn send(pid: u32, signal: nix::sys::signal::Signal) {
    let pid = nix::unistd::Pid::from_raw(pid.try_into().expect("it is small"));
    nix::sys::signal::kill(pid, signal).expect("the process is there");
}

/// The state of a process, as Linux tells it: `R`, `S`, `T` (stopped), `Z` …
fn state(pid: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(") ").next()?.chars().next()
}

/// Whether a process is there, and no zombie.
pub(super) fn is_alive(pid: u32) -> bool {
    state(pid).is_some_and(|state| state != 'Z')
}

/// Whether a process is stopped, as by SIGSTOP.
pub(super) fn is_frozen(pid: u32) -> bool {
    state(pid) == Some('T')
}

/// Waits until the balancer has noticed the end of a copy. A zombie may still have threads that run.
pub(super) fn reaped(pid: u32) {
    until("it is gone", || !std::path::Path::new(&format!("/proc/{pid}")).exists());
}

/// The command that starts the balancer.
pub(super) fn balancer(options: &[&str], command: &[String], environment: &[(&str, &str)]) -> Command {
    let mut balancer = Command::new(env!("CARGO_BIN_EXE_carafe-alb"));
    balancer.args(["--listen", "127.0.0.1:0"]);
    // Tests send all kinds of hosts; those of hosts themselves say which are allowed.
    if !options.contains(&"--allow-host") {
        balancer.args(["--allow-host", "*"]);
    }
    balancer.args(options).arg("--").args(command).envs(environment.iter().copied());
    balancer
}

/// The file by which the function shows that it is at work, see `/work` of the puppet.
pub(super) struct Work(PathBuf);

impl Work {
    pub(super) fn new(name: &str) -> Work {
        Work(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("work-{name}-{}", std::process::id())))
    }

    pub(super) fn path(&self) -> String {
        self.0.display().to_string()
    }

    pub(super) fn target(&self) -> String {
        format!("/work?file={}", self.0.display())
    }

    /// Has the function work on after its answer, as long as the file is there; see `/after` of the puppet.
    pub(super) fn after(&self) -> String {
        format!("/after?file={}", self.0.display())
    }

    /// Waits until the function has begun.
    pub(super) fn has_begun(&self) {
        until("the function is at work", || self.0.exists());
    }

    /// Has the function leave work behind, which goes on until the file is there; see `/later` of the puppet.
    pub(super) fn later(&self) -> String {
        format!("/later?file={}", self.0.display())
    }

    pub(super) fn begin(&self) {
        std::fs::write(&self.0, "").expect("it can be written");
    }

    /// Whether the work that was left behind is done.
    pub(super) fn is_done(&self) -> bool {
        self.done().exists()
    }

    fn done(&self) -> PathBuf {
        self.0.with_added_extension("done")
    }

    /// Lets the function go on.
    pub(super) fn go_on(&self) {
        std::fs::remove_file(&self.0).expect("the function is at work");
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_file(self.done());
    }
}

/// Waits until something holds.
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Drop for Local {
    /// As Ctrl-C: everything ends, and well.
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            let code = self.end(nix::sys::signal::Signal::SIGINT);
            assert!(std::thread::panicking() || code == Some(0), "{code:?}");
        }
    }
}
