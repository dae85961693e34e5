//! What a program made with carafe says of itself: its routes, and variables that it needs and the environment does not have.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

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

/// Asks the program. The error is what it says of an app that does not fit together.
pub(super) fn ask(program: &Path) -> Result<Description, String> {
    let child = Command::new(program)
        .arg("describe")
        .env_remove("AWS_LAMBDA_RUNTIME_API")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
    let id = child.id();
    let (done, waiting) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    let Ok(output) = waiting.recv_timeout(PATIENCE) else {
        if let Ok(id) = i32::try_from(id) {
            let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
        }
        return Err(format!("The app was not made after {} s.", PATIENCE.as_secs()));
    };
    let output = output.map_err(|error| format!("cannot wait for {}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned());
    }
    // A program that prints something of its own first is not described, and runs all the same.
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
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
