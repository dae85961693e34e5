//! One build: `cargo build`, what it says, and the program that it makes.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::Value;

use super::super::output::told;
use super::project::Project;

/// What `cargo run` sets as well, so that a program finds files that lie beside its manifest.
pub(super) const MANIFEST: &str = "CARGO_MANIFEST_DIR";

/// The most that is kept of what a build says.
const MOST: usize = 1024 * 1024;

/// Cargo, and what it is to build.
#[derive(Debug)]
pub(super) struct Cargo {
    arguments: Vec<OsString>,
    /// The process group of the build that is under way.
    running: Mutex<Option<Pid>>,
}

/// A program that was built.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) program: PathBuf,
    /// The folder of its package.
    pub(super) package: PathBuf,
    /// Whether nothing has changed since the build before.
    pub(super) is_fresh: bool,
    pub(super) uses_carafe: bool,
}

impl Cargo {
    pub(super) fn new(arguments: Vec<OsString>) -> Cargo {
        Cargo { arguments, running: Mutex::default() }
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg(name).stdin(Stdio::null());
        command
    }

    /// Returns the command that describes the project.
    pub(super) fn metadata(&self) -> Command {
        let mut command = self.command("metadata");
        command.args(["--no-deps", "--format-version", "1"]);
        let mut arguments = self.arguments.iter();
        while let Some(argument) = arguments.next() {
            let is_manifest = argument.as_encoded_bytes().starts_with(b"--manifest-path");
            if is_manifest {
                command.arg(argument);
                command.args((argument == "--manifest-path").then(|| arguments.next()).flatten());
            }
        }
        command
    }

    /// Builds. What Cargo says goes to standard error at once, and is the error if there is one.
    pub(super) fn build(&self, project: &Project) -> Result<Built, String> {
        let mut command = self.command("build");
        command.arg("--message-format=json-render-diagnostics").args(&self.arguments);
        if std::env::var_os("NO_COLOR").is_none() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        // A group of its own, so that its compilers end with it.
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().map_err(|error| told(format!("cannot run cargo: {error}")))?;
        self.runs(i32::try_from(child.id()).ok().map(Pid::from_raw));
        let (said, programs) = listen(&mut child);
        let status = child.wait();
        self.runs(None);
        match status {
            Ok(status) if status.success() => choose(&programs, project).map_err(told),
            Ok(_) => Err(said),
            Err(error) => Err(told(format!("cannot wait for cargo: {error}"))),
        }
    }

    fn runs(&self, group: Option<Pid>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = group;
    }

    /// Ends the build that is under way.
    pub(super) fn end(&self) {
        let running = *self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(group) = running {
            let _ = killpg(group, Signal::SIGTERM);
        }
    }
}

/// Reads both streams to their ends: what is said, and the programs.
fn listen(child: &mut Child) -> (String, Vec<Value>) {
    let (out, error) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let said = scope.spawn(|| error.map(pass_on).unwrap_or_default());
        let lines = out.into_iter().flat_map(|out| BufReader::new(out).lines().map_while(Result::ok));
        let messages = lines.filter_map(|line| serde_json::from_str(&line).ok());
        let programs =
            messages.filter(|message: &Value| message.get("executable").is_some_and(Value::is_string));
        let programs = programs.collect();
        (said.join().unwrap_or_default(), programs)
    })
}

/// Shows what a stream says, and returns it.
fn pass_on(mut stream: impl Read) -> String {
    let (mut kept, mut buffer) = (Vec::new(), vec![0; 8192]);
    let has_colors = std::io::stderr().is_terminal();
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        let piece = buffer.get(..length).unwrap_or_default();
        let shown = if has_colors { piece.to_vec() } else { without_colors(piece) };
        let _ = std::io::stderr().write_all(&shown);
        let room = MOST.saturating_sub(kept.len());
        kept.extend(piece.iter().take(room));
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Leaves out what colors text, as far as it is whole.
fn without_colors(piece: &[u8]) -> Vec<u8> {
    let mut in_sequence = false;
    let is_text = |&byte: &u8| {
        let starts = byte == 0x1b;
        let was_inside = std::mem::replace(&mut in_sequence, starts);
        if was_inside {
            in_sequence = !byte.is_ascii_alphabetic();
        }
        !starts && !was_inside
    };
    piece.iter().copied().filter(is_text).collect()
}

/// Chooses the program to run, as `cargo run` does.
fn choose(programs: &[Value], project: &Project) -> Result<Built, String> {
    let name = |program: &Value| {
        let name = program.get("target").and_then(|target| target.get("name"));
        name.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let package = |program: &Value| {
        program.get("package_id").and_then(Value::as_str).and_then(|id| project.package(id))
    };
    let is_default = |program: &&Value| {
        package(program).and_then(|package| package.default_run.as_deref()) == Some(name(program).as_str())
    };
    let chosen = match programs {
        [] => {
            return Err(
                "This builds no program. Name a package that has one: carafe-alb dev -- -p NAME".to_owned()
            );
        }
        [program] => program,
        programs => {
            let mut defaults = programs.iter().filter(is_default);
            match (defaults.next(), defaults.next()) {
                (Some(program), None) => program,
                _ => {
                    let names: Vec<_> = programs.iter().map(name).collect();
                    return Err(format!(
                        "This builds several programs: {}. Name the one to run: carafe-alb dev -- --bin {}",
                        names.join(", "),
                        names.first().map_or("NAME", String::as_str)
                    ));
                }
            }
        }
    };
    let path = |name: &str| chosen.get(name).and_then(Value::as_str).map(Path::new).unwrap_or(Path::new(""));
    Ok(Built {
        program: path("executable").to_owned(),
        package: path("manifest_path").parent().map(Path::to_owned).unwrap_or_default(),
        is_fresh: chosen.get("fresh").and_then(Value::as_bool).unwrap_or_default(),
        uses_carafe: package(chosen).is_some_and(|package| package.uses_carafe),
    })
}

/// Returns the files that a program was made of, which Cargo lists beside it, in the syntax of `make`.
pub(super) fn made_of(program: &Path) -> Vec<PathBuf> {
    let list = std::fs::read_to_string(program.with_extension("d")).unwrap_or_default();
    let files = list.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, files)| split(files));
    files.collect()
}

/// Cuts at spaces that are not escaped.
fn split(files: &str) -> Vec<PathBuf> {
    let mut found = vec![String::new()];
    let mut letters = files.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => found.push(String::new()),
            '\\' => found.last_mut().into_iter().for_each(|last| last.extend(letters.next())),
            letter => found.last_mut().into_iter().for_each(|last| last.push(letter)),
        }
    }
    found.into_iter().filter(|path| !path.is_empty()).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_spaces() {
        assert_eq!(split("/a/b.rs /a\\ b/c.rs"), [Path::new("/a/b.rs"), Path::new("/a b/c.rs")]);
    }

    #[test]
    fn colors_are_left_out() {
        assert_eq!(without_colors(b"a\x1b[1m\x1b[38;5;9mb\x1b[0m c"), b"ab c");
    }
}
