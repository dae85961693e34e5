//! `carafe-alb dev`: what is seen in a browser after an edit.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::folder::Folder;
use super::new::{made, target};

/// A function without dependencies, which compiles in a moment.
const PROGRAM: &str = include_str!("dev/tiny.rs");

const MANIFEST: &str = "[package]\nname = \"tiny\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";

/// What a browser and what another program send.
const BROWSER: &str = "accept: text/html\r\nsec-fetch-mode: navigate\r\n";
const OTHER: &str = "accept: */*\r\n";

struct Dev {
    process: Child,
    address: String,
    lines: Receiver<String>,
}

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Dev {
    fn start(project: &Path, target: &Path) -> Dev {
        let mut process = Command::new(env!("CARGO_BIN_EXE_carafe-alb"))
            .args(["dev", "--listen", "0", "--", "--offline"])
            .current_dir(project)
            .env("CARGO_TARGET_DIR", target)
            .env_remove("ADMIN_SECRET")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let out = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut dev = Dev { process, address: String::new(), lines };
        dev.address = dev.shows("Listening on http://").trim_start_matches("Listening on http://").to_owned();
        dev
    }

    /// Waits for a line that begins so.
    fn shows(&self, start: &str) -> String {
        loop {
            let line =
                self.lines.recv_timeout(Duration::from_secs(300)).unwrap_or_else(|_| panic!("no {start}"));
            if line.starts_with(start) {
                return line;
            }
        }
    }

    fn get(&self, path: &str, headers: &str) -> Reply {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let host = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        Reply { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// Asks until the answer has these words: a first build takes longer than a request waits.
    fn until(&self, path: &str, headers: &str, status: u16, words: &str) -> Reply {
        let began = Instant::now();
        loop {
            let reply = self.get(path, headers);
            if reply.status == status && reply.body.contains(words) {
                return reply;
            }
            assert!(began.elapsed() < Duration::from_secs(300), "{words}: {} {}", reply.status, reply.body);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn end(mut self) {
        kill(Pid::from_raw(self.process.id().try_into().unwrap()), Signal::SIGINT).unwrap();
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn an_edit_shows_the_change_or_the_error() {
    let folder = Folder::new("dev-edit");
    folder.write("Cargo.toml", MANIFEST);
    let write = |text: &str| folder.write("src/main.rs", text);
    // The first build fails: there is nothing that could answer, and everybody is told.
    write(&PROGRAM.replace("\"one\"", "one < 1"));
    let target = folder.path().join("target");
    let dev = Dev::start(folder.path(), &target);
    assert_eq!(dev.shows("Build"), "Building; requests wait for it");
    let page = dev.until("/", BROWSER, 503, "<title>The build failed</title>");
    let line = dev.shows("The build");
    assert!(line.starts_with("The build failed after ") && line.ends_with(" s"), "{line}");
    assert!(page.body.contains("cannot find value `one` in this scope"), "{}", page.body);
    assert!(page.body.contains("one &lt; 1") && !page.body.contains('\x1b'), "{}", page.body);
    assert!(page.head.contains("content-type: text/html"), "{}", page.head);
    let text = dev.get("/", OTHER);
    assert!(text.status == 503 && text.head.contains("content-type: text/plain"), "{}", text.head);
    assert!(text.body.starts_with("The build failed\n\n") && text.body.contains("one < 1"), "{}", text.body);

    // Mended: requests wait for the build.
    write(PROGRAM);
    dev.until("/", BROWSER, 200, "one");
    assert_eq!(dev.shows("Build"), "Building; requests wait for it");
    let line = dev.shows("Built");
    assert!(line.starts_with("Built in ") && line.ends_with(" s"), "{line}");
    write(&PROGRAM.replace("\"one\"", "\"another\""));
    dev.until("/", OTHER, 200, "another");

    // Broken again: a person sees why, all else is answered by the last good build, and says so.
    write(&PROGRAM.replace("\"one\"", "1"));
    dev.until("/", BROWSER, 503, "mismatched types");
    let line = dev.shows("The build failed after ");
    assert!(line.ends_with(" s; the last good program stays"), "{line}");
    let reply = dev.get("/", OTHER);
    assert_eq!((reply.status, reply.body.as_str()), (200, "another"));
    assert!(reply.head.contains("\r\nx-carafe-alb-build: last-good"), "{}", reply.head);
    dev.shows("     warning: the last good build has answered: the new one failed");
    let fetched = dev.get("/", "accept: text/html\r\nsec-fetch-mode: cors\r\n");
    assert_eq!((fetched.status, fetched.body.as_str()), (200, "another"));

    // A module that is added, and a manifest that is broken.
    folder.write("src/more.rs", "pub const TEXT: &str = \"more\";\n");
    let with_module = PROGRAM.replace("const TEXT: &str = \"one\";", "mod more;\nuse more::TEXT;");
    write(&with_module);
    dev.until("/", BROWSER, 200, "more");
    folder.write("src/more.rs", "pub const TEXT: &str = \"most\";\n");
    dev.until("/", BROWSER, 200, "most");
    folder.write("Cargo.toml", MANIFEST.replace("tiny", "ti ny"));
    dev.until("/", BROWSER, 503, "invalid character");
    folder.write("Cargo.toml", MANIFEST);
    dev.until("/", BROWSER, 200, "most");
    dev.end();
    let left: Vec<_> = std::fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("carafe-alb")), "{left:?}");
}

/// Cargo runs such a script whenever a file of the package is newer, so that its own writing makes it run again.
#[test]
fn a_build_script_may_write_into_the_sources() {
    let folder = Folder::new("dev-generated");
    folder.write("Cargo.toml", MANIFEST);
    folder.write(
        "build.rs",
        "fn main() { std::fs::write(\"src/more.rs\", \"pub const TEXT: &str = \\\"more\\\";\").unwrap(); }\n",
    );
    folder.write("src/main.rs", PROGRAM.replace("const TEXT: &str = \"one\";", "mod more;\nuse more::TEXT;"));
    let dev = Dev::start(folder.path(), &folder.path().join("target"));
    dev.until("/", BROWSER, 200, "more");
    dev.end();
}

/// It finds files beside its manifest as under `cargo run`, wherever that is typed.
#[test]
fn a_program_is_told_where_its_package_is() {
    let folder = Folder::new("dev-package");
    folder.write("Cargo.toml", MANIFEST);
    let program = PROGRAM.replace("const TEXT: &str = \"one\";", "");
    let text = "fn main() {\n    let text = std::env::var(\"CARGO_MANIFEST_DIR\").unwrap();\n";
    folder.write("src/main.rs", program.replace("fn main() {\n", text).replace("{TEXT}", "{text}"));
    let dev = Dev::start(folder.path(), &folder.path().join("target"));
    let package = folder.path().canonicalize().unwrap();
    dev.until("/", BROWSER, 200, package.to_str().unwrap());
    dev.end();
}

#[test]
fn a_project_with_two_programs_has_to_say_which() {
    let folder = Folder::new("dev-two");
    folder.write("Cargo.toml", MANIFEST);
    folder.write("src/bin/one.rs", PROGRAM);
    folder.write("src/bin/two.rs", PROGRAM.replace("\"one\"", "\"two\""));
    let dev = Dev::start(folder.path(), &folder.path().join("target"));
    dev.until("/", BROWSER, 503, "This builds several programs: ");
    folder.write("Cargo.toml", MANIFEST.replace("edition", "default-run = \"two\"\nedition"));
    dev.until("/", BROWSER, 200, "two");
    dev.end();
}

#[test]
fn mistakes() {
    let folder = Folder::new("dev-mistakes");
    for (line, code, words) in [
        (&["dev", "-p", "app"][..], 2, "what is for Cargo comes after `--`"),
        (&["dev", "--event", "x.json"], 2, "--event is for"),
        (
            &["dev", "--", "--manifest-path", "none/Cargo.toml"],
            1,
            "manifest path `none/Cargo.toml` does not exist",
        ),
    ] {
        let ran = super::carafe_alb(folder.path(), line);
        assert!(ran.code == Some(code) && ran.error.contains(words), "{line:?}: {ran:?}");
    }
    let ran = super::carafe_alb(folder.path(), &["dev", "--help"]);
    assert!(ran.code == Some(0) && ran.out.contains("\n  --listen ADDRESS"), "{ran:?}");
}

/// The program's own description: its routes are listed, and its secret is made up and stays the same over builds.
#[test]
#[ignore = "builds a program with carafe; .ci/run does"]
fn a_project_of_carafe_with_a_login() {
    let folder = Folder::new("dev-carafe");
    let project = made(&folder, "dev-admin", "admin");
    let dev = Dev::start(&project, target());
    dev.until("/", BROWSER, 200, "Hello World!");
    dev.shows("  GET   /hello/<name>");
    let form = dev.get("/login", BROWSER);
    assert!(form.status == 200 && form.body.contains("<h1>Log in</h1>"), "{}", form.body);
    // A file that is built in, and one that is added beside it.
    let page = project.join("templates/login.html");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, text.replace("<h1>Log in</h1>", "<h1>Who is it?</h1>{% include 'more.html' %}"))
        .unwrap();
    std::fs::write(project.join("templates/more.html"), "<p>More</p>").unwrap();
    dev.until("/login", BROWSER, 200, "<p>More</p>");
    // An app that does not fit together is an error, too.
    let main = project.join("src/main.rs");
    let text = std::fs::read_to_string(&main).unwrap();
    std::fs::write(&main, text.replace("routes![index,", "routes![index, index,")).unwrap();
    dev.until("/", BROWSER, 503, "index");
    assert_eq!(dev.get("/hello/Ann", OTHER).body, "Hello Ann!");
    dev.end();
}
