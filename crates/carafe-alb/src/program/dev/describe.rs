//! What a program made with carafe says of itself: its routes, and variables that it needs and the environment does not have.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::build::MANIFEST;

/// The time that an app may take to be made.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program's own description.
#[derive(Debug, Default)]
pub(super) struct Description {
    pub(super) routes: String,
    pub(super) variables: Vec<Variable>,
}

/// A variable that is not set, and what stands in for it.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: OsString,
    pub(super) value: OsString,
    /// What to tell of it.
    pub(super) note: String,
}

/// Asks the program of this package. The error is what it says of an app that does not fit together.
pub(super) fn ask(program: &Path, package: &Path) -> Result<Description, String> {
    let mut child = Command::new(program)
        .arg("describe")
        .env(MANIFEST, package)
        .env_remove("AWS_LAMBDA_RUNTIME_API")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
    let until = Instant::now() + PATIENCE;
    let (output, error) = (read(child.stdout.take()), read(child.stderr.take()));
    let texts = text_until(&output, until).zip(text_until(&error, until));
    let status = ended(&mut child, until)
        .map_err(|error| format!("cannot wait for {}: {error}", program.display()))?;
    let (Some((output, error)), Some(status)) = (texts, status) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("The app was not made after {} s.", PATIENCE.as_secs()));
    };
    if !status.success() {
        return Err(String::from_utf8_lossy(&error).trim_end().to_owned());
    }
    // A program that prints something of its own first is not described, and runs all the same.
    let said: Value = serde_json::from_slice(&output).unwrap_or_default();
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let variables = said.get("variables").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let variables = variables.iter().map(|variable| Variable {
        name: text(variable, "name").into(),
        value: text(variable, "value").into(),
        note: text(variable, "note"),
    });
    Ok(Description { routes: text(&said, "routes"), variables: variables.collect() })
}

/// Reads all of a pipe, in a thread.
fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (done, waiting) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        done.send(bytes)
    });
    waiting
}

fn text_until(text: &Receiver<Vec<u8>>, until: Instant) -> Option<Vec<u8>> {
    text.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}

/// Waits for the end of a program; `None` if it runs on.
fn ended(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        let status = child.try_wait()?;
        if status.is_some() || Instant::now() >= until {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
