//! The other commands of the built `carafe-alb`.
#![cfg(unix)]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

mod dev;
mod folder;
mod new;
mod zip;

use std::path::Path;
use std::process::{Command, Output};

/// What a command printed, and its exit code.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    error: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
    }
}

/// Runs `carafe-alb` in a folder.
fn carafe_alb(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carafe-alb"));
    command.args(arguments).current_dir(folder).output().unwrap().into()
}

#[test]
fn the_version() {
    let expected = format!("carafe-alb {}\n", env!("CARGO_PKG_VERSION"));
    for option in ["--version", "-V"] {
        let ran = carafe_alb(Path::new("."), &[option]);
        assert!(ran.code == Some(0) && ran.out == expected, "{option}: {ran:?}");
    }
}
