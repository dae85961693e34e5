//! The built load balancer in front of some command.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

pub(super) struct Local {
    /// `http://127.0.0.1:PORT`
    pub(super) url: String,
    access_log: PathBuf,
    process: Child,
}

impl Local {
    /// In one header mode, with a timeout of two seconds.
    pub(super) fn start(name: &str, multi: bool, command: &[&str], environment: &[(&str, String)]) -> Local {
        Local::start_with(name, multi, &[], command, environment)
    }

    /// The same with further options.
    pub(super) fn start_with(
        name: &str,
        multi: bool,
        options: &[&str],
        command: &[&str],
        environment: &[(&str, String)],
    ) -> Local {
        let mode = if multi { "multi" } else { "single" };
        let access_log =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{mode}-{}.log", std::process::id()));
        // One copy: what these programs remember is in their memory, and on a busy machine a second one would be started.
        let mut process = Command::new(built("carafe-alb"))
            .args(["--listen", "127.0.0.1:0", "--timeout", "2", "--max-concurrency", "1", "--access-log"])
            .arg(&access_log)
            .args(multi.then_some("--multi-value-headers"))
            .args(options)
            .arg("--")
            .args(command)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env_remove("AWS_LAMBDA_RUNTIME_API")
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/functions"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the balancer has been built");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("a line").expect("text");
        let url = first.strip_prefix("Listening on ").expect("the address").to_owned();
        // Read on, so that nothing it shows is lost.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Local { url, access_log, process }
    }

    /// How many lines of the access log have these words, once there are as many as expected.
    pub(super) fn logged(&self, words: &str, expected: usize) -> usize {
        let started = std::time::Instant::now();
        loop {
            let log = std::fs::read_to_string(&self.access_log).expect("there is a log");
            let count = log.lines().filter(|line| line.contains(words)).count();
            // A line is written when the reply has gone out.
            if count >= expected || started.elapsed() > std::time::Duration::from_secs(5) {
                return count;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let pid = Pid::from_raw(self.process.id().try_into().expect("it is small"));
        kill(pid, Signal::SIGINT).expect("it runs");
        let status = self.process.wait().expect("it is a child");
        assert!(std::thread::panicking() || status.success(), "{status}");
        let _ = std::fs::remove_file(&self.access_log);
    }
}

/// A program of this workspace, built for this test.
pub(super) fn built(program: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let programs = [
            "-p",
            "carafe-alb",
            "-p",
            "hello",
            "-p",
            "admin",
            "-p",
            "posts",
            "-p",
            "login",
            "-p",
            "two-loops",
            "-p",
            "clients",
        ];
        let status = Command::new(env!("CARGO"))
            .args(["build", "--locked", "--quiet", "--bins"])
            .args(programs)
            // Beside this test's own program, so of its profile.
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .status();
        assert!(status.expect("there is a cargo").success());
        let visits = Path::new(env!("CARGO_BIN_EXE_visits"));
        visits.parent().expect("it is in a folder").to_owned()
    });
    folder.join(program)
}

/// What `.ci/run` says where a tool is.
pub(super) fn place(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} has to say where the tool is; see `.ci/run`"))
}
