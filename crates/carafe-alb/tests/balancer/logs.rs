//! The access log and the recordings.

use std::io::BufRead as _;
use std::path::PathBuf;

use super::local::{Local, until};

/// A new folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder can be made");
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder is there");
    }
}

/// Fields of one line: quoted ones are one field.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut quoted = false;
    for piece in line.split('"') {
        match quoted {
            true => fields.push(piece.to_owned()),
            false => fields.extend(piece.split_whitespace().map(str::to_owned)),
        }
        quoted = !quoted;
    }
    fields
}

#[test]
fn access_log() {
    let folder = Folder::new("access-log");
    let log = folder.path("access.log");
    let local = Local::with(&["--access-log", &log]);
    local.raw("GET /a?b=c HTTP/1.1\r\nhost: app\r\nuser-agent: \"me\" 1\r\n\r\n");
    local.get("/error");
    local.raw("nonsense\r\n\r\n");
    let lines =
        || -> Vec<_> { std::fs::read_to_string(&log).expect("there is a log").lines().map(fields).collect() };
    until("three lines", || lines().len() == 3);
    let (port, lines) = (local.address.port(), lines());
    for line in &lines {
        assert_eq!(line.len(), 30, "{line:?}");
        assert_eq!((line[0].as_str(), line[4].as_str()), ("http", "-"));
        assert!(
            line[29].starts_with("TID_") && line[1].ends_with('Z') && line[3].starts_with("127.0.0.1:"),
            "{line:?}"
        );
    }
    let column = |at: usize| -> Vec<&str> { lines.iter().map(|line| line[at].as_str()).collect() };
    assert_eq!(column(8), ["200", "502", "400"]);
    assert_eq!(column(9), ["200", "-", "-"]);
    assert_eq!(column(24), ["-", "LambdaUnhandled", "-"]);
    assert_eq!(lines[0][12], format!("GET http://app:{port}/a?b=c HTTP/1.1"));
    assert_eq!(lines[0][13], "\\x22me\\x22 1");
    assert!(lines[0][17].starts_with("Root=1-"), "{:?}", lines[0]);
    assert_eq!(lines[2][12], "- - - ");
}

#[test]
fn the_access_log_counts_bytes() {
    let folder = Folder::new("bytes");
    let log = folder.path("access.log");
    let local = Local::with(&["--access-log", &log]);
    let described =
        r#"{"statusCode":299,"statusDescription":"299 As You Like","headers":{"x-a":"b"},"body":"ü"}"#;
    let post = |version: &str, headers: &str, answer: &str| {
        let length = answer.len();
        format!("POST /answer {version}\r\nhost: app\r\n{headers}content-length: {length}\r\n\r\n{answer}")
    };
    let requests = [
        "GET /a?b=c HTTP/1.1\r\nhost: app\r\n\r\n".to_owned(),
        "HEAD /a HTTP/1.1\r\nhost: app\r\nx-b: \r\n\r\n".to_owned(),
        "GET http://app/a HTTP/1.1\r\nhost: app\r\n\r\n".to_owned(),
        post("HTTP/1.1", "", described),
        post("HTTP/1.1", "", r#"{"statusCode":299,"body":"of no known status"}"#),
        post("HTTP/1.1", "", r#"{"statusCode":304}"#),
        post("HTTP/1.1", "connection: close\r\n", described),
        post("HTTP/1.0", "", described),
        post("HTTP/1.0", "connection: keep-alive\r\n", described),
        post("HTTP/1.0", "connection: keep-alive, close\r\n", described),
        "GET /error HTTP/1.1\r\nhost: app\r\n\r\n".to_owned(),
        // Refused by its head.
        "POST / HTTP/1.1\r\nhost: app\r\ncontent-length: 1048577\r\n\r\n".to_owned(),
        "GET /a HTTP/1.1\r\nhost: app\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n".to_owned(),
    ];
    let mut counts: Vec<_> =
        requests.iter().map(|request| [request.len(), local.raw(request).length()]).collect();
    // Of a chunked body only the content counts, of a refused one, too; of two lengths one is dropped.
    let head = "POST /a HTTP/1.1\r\nhost: app\r\ntransfer-encoding: chunked\r\n";
    let long = "x".repeat(0x10_0001);
    for (second, content) in [("", "abc"), ("content-length: 3\r\n", "abc"), ("", &long)] {
        let request = format!("{head}{second}\r\n{:x}\r\n{content}\r\n0\r\n\r\n", content.len());
        counts.push([head.len() + "\r\n".len() + content.len(), local.raw(request).length()]);
    }
    // Not even its head can be read.
    counts.push([0, local.raw("nonsense\r\n\r\n").length()]);
    let lines =
        || -> Vec<_> { std::fs::read_to_string(&log).expect("there is a log").lines().map(fields).collect() };
    until("all lines", || lines().len() == counts.len());
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let logged: Vec<_> = lines().iter().map(|line| [number(&line[10]), number(&line[11])]).collect();
    assert_eq!(logged, counts);
}

#[test]
fn an_access_log_that_is_a_pipe() {
    let folder = Folder::new("pipe");
    let pipe = folder.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is a mkfifo");
    assert!(made.success());
    // Nobody reads it: requests are answered, and the program ends well when `local` is dropped.
    let local = Local::with(&["--access-log", &pipe]);
    assert_eq!(local.get("/").status, 200);
    drop(local);
    // Somebody reads it later.
    let local = Local::with(&["--access-log", &pipe]);
    assert_eq!(local.get("/first").status, 200);
    let mut lines = std::io::BufReader::new(std::fs::File::open(&pipe).expect("it can be read")).lines();
    let mut next = || fields(&lines.next().expect("a line").expect("text"))[12].clone();
    let port = local.address.port();
    assert_eq!(next(), format!("GET http://local:{port}/first HTTP/1.1"));
    assert_eq!(local.get("/second").status, 200);
    assert_eq!(next(), format!("GET http://local:{port}/second HTTP/1.1"));
}

#[test]
fn characters_that_do_not_show() {
    let folder = Folder::new("characters");
    let log = folder.path("access.log");
    let local = Local::with(&["--access-log", &log]);
    local.raw("GET /\u{202e}gnp.exe\u{2028}\u{fc} HTTP/1.1\r\nhost: a\r\nuser-agent: \u{feff}x\r\n\r\n");
    local.shows("200  GET /\\u{202e}gnp.exe\\u{2028}\u{fc}  ");
    let text = || std::fs::read_to_string(&log).expect("there is a log");
    until("a line", || text().ends_with('\n'));
    let (port, line) = (local.address.port(), fields(&text()));
    let target = "/\\xE2\\x80\\xAEgnp.exe\\xE2\\x80\\xA8\u{fc}";
    assert_eq!(line[12], format!("GET http://a:{port}{target} HTTP/1.1"));
    assert_eq!(line[13], "\\xEF\\xBB\\xBFx");
}

#[test]
fn recordings() {
    let folder = Folder::new("recordings");
    let local = Local::with(&["--record", &folder.path("all"), "--mode", "both"]);
    local.get("/hello/Ann%20B?x=1");
    local.answer("no JSON");
    local.shows("502  POST /answer");
    let read = |name: &str| {
        std::fs::read(folder.path(&format!("all/{name}"))).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let event: serde_json::Value =
        serde_json::from_slice(&read("0001-GET-hello-Ann-20B.event.json")).expect("JSON");
    assert_eq!((&event["path"], &event["headers"]["host"].is_string()), (&"/hello/Ann%20B".into(), &true));
    let event: serde_json::Value =
        serde_json::from_slice(&read("0001-GET-hello-Ann-20B.other-event.json")).expect("JSON");
    assert!(event["multiValueHeaders"].is_object());
    let answer: serde_json::Value =
        serde_json::from_slice(&read("0001-GET-hello-Ann-20B.answer.json")).expect("JSON");
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(read("0002-POST-answer.answer.json"), b"no JSON");
    drop(local);
    // A later run goes on counting.
    let local = Local::with(&["--record", &folder.path("all")]);
    local.get("/");
    assert!(!read("0003-GET.event.json").is_empty());
}

#[test]
fn a_full_disk() {
    let folder = Folder::new("full");
    // The shell lets no file grow; what cannot be written says so, as on a full disk.
    let script = format!(
        "trap '' XFSZ; ulimit -f 0; exec '{}' --listen 127.0.0.1:0 --allow-host local --record '{}' -- true",
        env!("CARGO_BIN_EXE_carafe-alb"),
        folder.path("all")
    );
    let local = Local::started(std::process::Command::new("sh").args(["-c", &script]));
    assert_eq!(local.get("/").status, 502);
    local.shows("warning: cannot record ");
    let files = std::fs::read_dir(folder.path("all")).expect("there is a folder").count();
    assert_eq!(files, 0, "an empty recording is none");
}

#[test]
fn nowhere_to_write() {
    let wanted = ["--listen", "127.0.0.1:0", "--access-log", "/no/such/folder/access.log", "--", "true"];
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_carafe-alb")).args(wanted).output();
    let output = output.expect("the balancer has been built");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && error.contains("cannot write to /no/such/folder/access.log"),
        "{error}"
    );
}
