//! The commands of the README and the guide, typed as a reader would. They build programs for minutes and need curl and openssl,
//! so they are asked for: `cargo test -p guide --test commands -- --ignored`.
//!
//! Commands run in a project made from the program of the README, in the project that the page makes by `cargo new`, or, where they
//! say so, in a clone of carafe.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use guide::{Step, blocks, is_shown, markdown_files, root, steps};

/// Longer than anything takes, so that what hangs fails.
const SECONDS: &str = "1800";

#[test]
#[ignore = "builds programs for minutes, and needs curl and openssl"]
fn commands_do_what_the_pages_show() {
    let desk = Desk::new();
    let mut wrong = Vec::new();
    let only = std::env::var("GUIDE_PAGE").ok();
    let mut pages = markdown_files(&root().join("docs/guide")).expect("it can be read");
    pages.push(root().join("README.md"));
    for page in pages {
        let name = page.strip_prefix(root()).expect("it is below").display().to_string();
        if only.as_ref().is_none_or(|only| name.ends_with(only.as_str())) {
            follow(&desk, &name, &fs::read_to_string(&page).expect("in UTF-8"), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// Does what a page asks for.
fn follow(desk: &Desk, name: &str, page: &str, wrong: &mut Vec<String>) {
    let steps = steps(page);
    let is_made = |command: &guide::Command| {
        ["cargo new ", "carafe-alb new "].iter().any(|start| command.text.starts_with(start))
    };
    let has_project = steps.iter().any(|step| matches!(step, Step::Run(command) if is_made(command)));
    let mut folder =
        if has_project { desk.base.join(name.replace(['/', '.'], "-")) } else { desk.app.clone() };
    fs::create_dir_all(&folder).expect("the temporary folder may be written to");
    let mut server: Option<Server> = None;
    for step in steps {
        let command = match step {
            Step::Write { file, text, is_appended } if has_project => {
                desk.write(&folder.join(file), &text, is_appended);
                continue;
            }
            Step::Write { .. } => continue,
            Step::Run(command) => command,
        };
        let place = format!("{name}:{}: $ {}", command.line, command.text);
        if command.is_left_out() {
            println!("left out: {place}   # {}", command.remark.unwrap_or_default());
            continue;
        }
        // A package of the repository is named where its folder is the place.
        let is_in_clone =
            command.remark.as_deref() == Some("in a clone of carafe") || command.text.contains(" -p ");
        let here = if is_in_clone { desk.clone.clone() } else { folder.clone() };
        println!("{place}");
        if command.is_server() {
            if let Some(why) = server.take().and_then(Server::end) {
                wrong.push(why);
            }
            match Server::start(desk, &here, &command) {
                Ok(started) => server = Some(started),
                Err(why) => wrong.push(format!("{place}\n{why}")),
            }
            continue;
        }
        let port = server.as_ref().map_or("3000", |server| server.port.as_str());
        let (status, output, after) = desk.run(&here, &at_port(&command.text, port));
        let output = output.replace(&format!(":{port}"), ":3000");
        if !is_in_clone {
            folder = after;
        }
        if (status == Some(0)) == command.is_to_fail() {
            wrong.push(format!("{place}\nends with {status:?}:\n{output}"));
        } else if let Err(line) = is_shown(&command.output, &output) {
            wrong.push(format!("{place}\ndoes not show\n{line}\nbut\n{output}"));
        }
    }
    if let Some(why) = server.take().and_then(Server::end) {
        wrong.push(why);
    }
}

fn at_port(text: &str, port: &str) -> String {
    text.replace("localhost:3000", &format!("localhost:{port}"))
        .replace("127.0.0.1:3000", &format!("127.0.0.1:{port}"))
}

/// Folders in which commands are typed. They share what is built, which stays for the next run.
struct Desk {
    base: PathBuf,
    clone: PathBuf,
    app: PathBuf,
    built: PathBuf,
}

impl Desk {
    fn new() -> Desk {
        // Not below the repository, whose workspace cargo would find. The same path each time, so that little is built anew.
        let own = root()
            .display()
            .to_string()
            .bytes()
            .fold(7u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
        let base = std::env::temp_dir().join(format!("carafe-guide-{own:08x}"));
        let _ = fs::remove_dir_all(&base);
        let built = root().join("target/guide");
        fs::create_dir_all(&built).expect("target may be written to");
        fs::create_dir_all(base.join(".cargo")).expect("the temporary folder may be written to");
        fs::write(base.join(".cargo/config.toml"), "[net]\noffline = true\n").expect("a file");
        // As on a terminal, where the answer alone is shown.
        fs::write(base.join(".curlrc"), "silent\nshow-error\n").expect("a file");

        // A clone: all that is in the repository, under links, and a `target` of its own.
        let clone = base.join("clone");
        fs::create_dir(&clone).expect("it is new");
        for entry in fs::read_dir(root()).expect("it can be read") {
            let name = entry.expect("an entry").file_name();
            if name != "target" && name != ".git" {
                symlink(root().join(&name), clone.join(&name)).expect("it is new");
            }
        }
        let desk = Desk { app: base.join("app"), base, clone, built };

        let readme = fs::read_to_string(root().join("README.md")).expect("it is there");
        let blocks = blocks(&readme);
        let program =
            blocks.iter().find(|block| block.text.contains("fn main()")).expect("the README has a program");
        let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n\
                        carafe = { git = \"https://github.com/carafe-rs/carafe\" }\n";
        desk.write(&desk.app.join("Cargo.toml"), manifest, false);
        desk.write(&desk.app.join("src/main.rs"), &program.text, false);
        desk
    }

    fn write(&self, file: &Path, text: &str, is_appended: bool) {
        let folder = file.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("it may be written to");
        let before =
            if is_appended { fs::read_to_string(file).unwrap_or_default() + "\n" } else { String::new() };
        // Nothing is downloaded: carafe is that of the clone.
        let carafe = format!("{{ path = {:?}", self.clone.join("crates/carafe"));
        let text = text.replace("{ git = \"https://github.com/carafe-rs/carafe\"", &carafe);
        fs::write(file, before + &text).expect("it may be written to");
        // The versions that are here.
        if file.ends_with("Cargo.toml") {
            fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("it may be written to");
        }
    }

    fn shell(&self, folder: &Path, text: &str) -> Command {
        if folder.join("Cargo.toml").exists() && !folder.join("target").exists() {
            symlink(&self.built, folder.join("target")).expect("it is new");
        }
        let mut command = Command::new("timeout");
        let path = std::env::var("PATH").unwrap_or_default();
        let tools = self.base.join("tools");
        command
            .args(["--foreground", SECONDS, "bash", "-o", "pipefail", "-c", text])
            .current_dir(folder)
            .env("PATH", format!("{}/bin:{path}", tools.display()))
            .env("CARGO_INSTALL_ROOT", tools)
            .env("CURL_HOME", &self.base)
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            // Release builds in little time: what they do is the same.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .stdin(Stdio::null());
        for name in
            ["CARGO_TARGET_DIR", "AWS_LAMBDA_RUNTIME_API", "CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUST_LOG"]
        {
            command.env_remove(name);
        }
        command
    }

    /// The exit status, what was printed, and the folder afterwards.
    fn run(&self, folder: &Path, text: &str) -> (Option<i32>, String, PathBuf) {
        let place = self.base.join("place");
        let text = format!("exec 2>&1\n{text}\nstatus=$?\npwd > '{}'\nexit $status", place.display());
        let output = self.shell(folder, &text).output().expect("a shell starts");
        let after =
            fs::read_to_string(&place).map_or_else(|_| folder.to_path_buf(), |path| path.trim().into());
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), after)
    }
}

/// A command that goes on, and what it has printed so far.
struct Server {
    process: Child,
    port: String,
    expected: Vec<String>,
    output: Arc<Mutex<String>>,
    text: String,
}

impl Server {
    fn start(desk: &Desk, folder: &Path, command: &guide::Command) -> Result<Server, String> {
        let text = match command.text.strip_prefix("carafe-alb ") {
            Some(rest) if rest.starts_with("dev") => format!("{} --listen 127.0.0.1:0", command.text),
            Some(rest) => format!("carafe-alb --listen 127.0.0.1:0 {rest}"),
            None if command.text.contains(" -- serve") => format!("{} --listen 127.0.0.1:0", command.text),
            None => format!("{} -- serve --listen 127.0.0.1:0", command.text),
        };
        let mut process = desk
            .shell(folder, &format!("exec 2>&1\n{text}"))
            .process_group(0)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let mut lines =
            BufReader::new(process.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        let mut before = String::new();
        let port = loop {
            let Some(line) = lines.next() else {
                let _ = process.wait();
                return Err(format!("it ended:\n{before}"));
            };
            before = before + &line + "\n";
            if let Some(address) = line.strip_prefix("Listening on http://") {
                break address.rsplit(':').next().unwrap_or_default().to_owned();
            }
        };
        let output = Arc::new(Mutex::new(before.replace(&format!(":{port}"), ":3000")));
        let printed = Arc::clone(&output);
        std::thread::spawn(move || {
            for line in lines {
                let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
                printed.push_str(&line);
                printed.push('\n');
            }
        });
        Ok(Server { process, port, expected: command.output.clone(), output, text: command.text.clone() })
    }

    /// Ends it, when it has shown what it is to show. Returns what is wrong.
    fn end(self) -> Option<String> {
        let read = || self.output.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let started = Instant::now();
        while is_shown(&self.expected, &read()).is_err() && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
        }
        is_shown(&self.expected, &read())
            .err()
            .map(|line| format!("$ {}\ndoes not show\n{line}\nbut\n{}", self.text, read()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The whole group, as Ctrl-C does.
        let group = format!("-{}", self.process.id());
        let ended = Command::new("kill").args(["-s", "INT", "--", &group]).status();
        if !ended.is_ok_and(|status| status.success()) {
            panic!("the server could not be ended");
        }
        let _ = self.process.wait();
    }
}
