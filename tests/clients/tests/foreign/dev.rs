//! `carafe-alb dev` in a browser: an edit, an error of the compiler, and the page that comes anew by itself.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::local::{built, place};

/// A function that answers with `one`, without a dependency.
const PROGRAM: &str = include_str!("../../../../crates/carafe-alb/tests/program/dev/tiny.rs");
const MANIFEST: &str = "[package]\nname = \"tiny\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";

/// Ends with the test, and everything that it has started.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let pid = Pid::from_raw(self.0.id().try_into().expect("it is small"));
        let _ = kill(pid, Signal::SIGINT);
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs Chromium, and Node.js with playwright-core: .ci/run installs them"]
fn an_edit_in_a_browser() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("dev-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    let file = folder.join("src/main.rs");
    std::fs::write(&file, PROGRAM).expect("it is written");
    std::fs::write(folder.join("Cargo.toml"), MANIFEST).expect("it is written");
    let mut dev = Command::new(built("carafe-alb"))
        .args(["dev", "--listen", "0", "--", "--offline"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it has been built");
    let mut lines = BufReader::new(dev.stdout.take().expect("it is piped")).lines();
    let _dev = Running(dev);
    let first = lines.next().expect("a line").expect("text");
    let url = first.strip_prefix("Listening on ").expect("the address").to_owned();
    // Read on, so that nothing it shows is lost.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/dev.mjs");
    let output = Command::new("node")
        .args([script, &place("CLIENTS_NODE_MODULES"), &place("CLIENTS_CHROMIUM"), &url])
        .arg(&file)
        .output()
        .expect("there is a node");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let seen: Value = serde_json::from_slice(&output.stdout).expect("what it prints");
    let expected = json!({
        "before": "one", "status": 503, "title": "The build failed", "color": "error[E0425]", "fetched": "one", "after": "two",
    });
    assert_eq!(seen, expected);
    let _ = std::fs::remove_dir_all(&folder);
}
