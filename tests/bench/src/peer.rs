//! The bootstraps that are compared: how cargo builds them, how large they get, and how they are started.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child::Launch;

/// One column of the comparison.
pub struct Peer {
    pub name: &'static str,
    /// Its package in this workspace.
    pub package: &'static str,
    one_thread: bool,
}

/// The one that all ratios refer to stands first.
pub const PEERS: [Peer; 6] = [
    Peer { name: "axum + lambda_http", package: "on-axum", one_thread: false },
    Peer { name: "… on one thread", package: "on-axum", one_thread: true },
    Peer { name: "lambda_http alone", package: "on-lambda-http", one_thread: false },
    Peer { name: "… on one thread", package: "on-lambda-http", one_thread: true },
    Peer { name: "lambda_runtime, own codec, one thread", package: "on-lambda-runtime", one_thread: true },
    Peer { name: "**carafe**", package: "on-carafe", one_thread: false },
];

/// The same program on both run loops, and a hello on each: all ratios refer to the first.
pub const LOOPS: [(Peer, &str); 2] = [
    (Peer { name: "carafe's own", package: "on-carafe", one_thread: false }, "hello-carafe"),
    (Peer { name: "AWS's", package: "on-carafe-aws", one_thread: false }, "hello-carafe-aws"),
];

/// Programs with two routes and nothing else, of which only the size counts; the first is what the ratio refers to.
pub const HELLOS: [(&str, &str); 2] = [("axum + lambda_http", "hello-axum"), ("**carafe**", "hello-carafe")];

/// The directory of this workspace.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo puts what it builds: this program lies there too.
fn target() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = own.parent().and_then(Path::parent).ok_or("this program lies in no target directory")?;
    Ok(target.to_owned())
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(home());
    command
}

/// Builds one package for release; says where its program is. Each is built alone, so that none gets features because
/// another asked for them. `symbols` keeps the names of functions, for those who count them.
pub fn build(package: &str, symbols: bool) -> Result<PathBuf, String> {
    let target = if symbols { target()?.join("with-symbols") } else { target()? };
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "--package", package]).arg("--target-dir").arg(&target);
    if symbols {
        command.env("CARGO_PROFILE_RELEASE_STRIP", "none");
    }
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() {
        Ok(target.join("release").join(package))
    } else {
        Err(format!("{package} does not build"))
    }
}

/// How many crates a package needs at run time or compile time, on this platform, without those it is tested with.
pub fn crates(package: &str) -> Result<usize, String> {
    let mut command = cargo();
    command.args([
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ]);
    let output = command.output().map_err(|error| format!("cargo: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let names: BTreeSet<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    let own = |name: &&str| {
        name.contains("(proc-macro)") || !name.starts_with(package) && !name.starts_with("work ")
    };
    Ok(names.into_iter().filter(own).count())
}

/// Bytes of a program.
pub fn size(program: &Path) -> Result<u64, String> {
    fs::metadata(program).map(|file| file.len()).map_err(|error| format!("{}: {error}", program.display()))
}

impl Peer {
    pub fn launch(&self, program: PathBuf) -> Launch {
        let kind = if self.one_thread { "current_thread" } else { "multi_thread" };
        Launch { program, env: vec![("BENCH_RUNTIME".to_owned(), kind.to_owned())], under: Vec::new() }
    }
}
