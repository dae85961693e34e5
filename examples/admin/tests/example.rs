//! What the example promises: it is short, and its guide shows it as it is.

#![expect(clippy::expect_used, reason = "all of this is a test, and one that cannot go on has to fail")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The files of a folder, by name.
fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries =
        fs::read_dir(folder).expect("there is a folder").map(|entry| entry.expect("it is read").path());
    let files = entries.filter(|path| path.is_file());
    files.map(|path| (path.display().to_string(), fs::read_to_string(path).expect("it is text"))).collect()
}

#[test]
fn it_is_short_and_names_no_status_or_content_type() {
    let mut program = files("src");
    program.retain(|(path, _)| !path.ends_with("store.rs"));
    let lines: Vec<(&str, &str)> =
        program.iter().flat_map(|(path, text)| text.lines().map(move |line| (path.as_str(), line))).collect();
    assert!(lines.len() > 200 && lines.len() < 400, "{} lines", lines.len());
    let words =
        ["status", "mime", "content_type", "content-type", "text/", "image/", "application/", "abort("];
    for (path, line) in lines.into_iter().filter(|(_, line)| !line.trim().starts_with("//")) {
        let lower = line.to_lowercase();
        assert!(!words.iter().any(|word| lower.contains(word)), "{path}: {line}");
        let digits = line.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        let mut numbers = digits.filter_map(|word| word.parse::<u16>().ok());
        // A size is none.
        assert!(!numbers.any(|number| (200..600).contains(&number)) || line.contains("KB"), "{path}: {line}");
    }
}

#[test]
fn the_demonstration_does_not_start_on_lambda() {
    let ran = Command::new(env!("CARGO_BIN_EXE_admin"))
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1")
        .env_remove("CARAFE_LOCAL")
        .env("APP_SECRET", "s".repeat(64))
        .env_remove("ADMIN_PASSWORD_HASH")
        .output()
        .expect("it is started");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success() && told.contains("set `ADMIN_PASSWORD_HASH`"), "{told}");
}

/// Longer than it takes, so that what never comes fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// Reads lines until one begins so, and the others as well, so that whoever writes them can go on.
fn line(stream: impl Read + Send + 'static, start: &'static str) -> String {
    let (found, line) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        lines.filter(|line| line.starts_with(start)).for_each(|line| drop(found.send(line)));
    });
    line.recv_timeout(PATIENCE).expect("the line comes")
}

/// A program, which ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg_attr(not(debug_assertions), ignore = "a release build has no load balancer")]
#[test]
fn the_demonstration_starts_on_a_desk_and_says_that_anybody_can_log_in() {
    let mut admin = Command::new(env!("CARGO_BIN_EXE_admin"));
    if cfg!(feature = "dynamodb") {
        // The login page needs none.
        admin.env("ADMIN_TABLE", "none").env("AWS_REGION", "eu-west-1");
    }
    let child = admin
        .args(["serve", "--listen", "127.0.0.1:0", "--max-concurrency", "1"])
        .env_remove("ADMIN_PASSWORD_HASH")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it is started");
    let mut admin = Running(child);
    let address = line(admin.0.stdout.take().expect("it is piped"), "Listening on http://");
    let mut stream =
        TcpStream::connect(address.trim_start_matches("Listening on http://")).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is set");
    write!(stream, "GET /login HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        .expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    line(admin.0.stderr.take().expect("it is piped"), "anybody can log in: set `ADMIN_PASSWORD_HASH`");
}

#[test]
fn the_guide_shows_it_as_it_is() {
    let guide = include_str!("../../../docs/guide/admin.md");
    let sources = [files("src"), files("templates")].concat();
    let mut count = 0;
    for fence in ["```rust,ignore\n", "```html\n"] {
        for block in guide.split(fence).skip(1) {
            let (block, _) = block.split_once("```").expect("it ends");
            assert!(sources.iter().any(|(_, text)| text.contains(block)), "this is in no file:\n{block}");
            count += 1;
        }
    }
    assert!(count > 5, "{count}");
}
