//! Start, end, health and load of the balancer itself.

use std::io::Read as _;
use std::process::Command;

use nix::sys::signal::Signal;

use super::local::{Local, Work, is_alive, is_frozen, until};

#[test]
fn signals_end_everything() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut local = Local::with(&[]);
        let pid: u32 = local.get("/pid").text().parse().expect("a number");
        let child: u32 = local.get("/child").text().parse().expect("a number");
        assert!(is_alive(pid) && is_alive(child));
        let address = local.address;
        let work = Work::new(signal.as_str());
        let request = format!("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", work.target());
        std::thread::scope(|scope| {
            // One at work, too; its client sees the connection end.
            scope.spawn(|| {
                let mut stream = super::client::connect(address);
                std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it is sent");
                let _ = std::io::Read::read(&mut stream, &mut [0; 100]);
            });
            work.has_begun();
            assert_eq!(local.end(signal), Some(0), "{signal}");
        });
        until("no orphan is left", || !is_alive(pid) && !is_alive(child));
        let lines = local.lines();
        assert!(
            !lines.iter().any(|line| line.contains("the client closed")),
            "it was not the client: {lines:?}"
        );
    }
}

#[test]
fn a_balancer_that_is_killed_takes_its_function_along() {
    let mut local = Local::with(&["--max-concurrency", "2"]);
    let pid: u32 = local.get("/pid").text().parse().expect("a number");
    let child: u32 = local.get("/child").text().parse().expect("a number");
    let (address, work) = (local.address, Work::new("killed-balancer"));
    let request = format!("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", work.target());
    let mut stream = super::client::connect(address);
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it is sent");
    work.has_begun();
    // One copy is at work and notices nothing of it, another one is frozen.
    let second: u32 = local.get("/pid").text().parse().expect("a number");
    until("it is frozen", || is_frozen(second));
    assert_eq!(local.end(Signal::SIGKILL), None);
    until("no orphan is left", || ![pid, child, second].into_iter().any(is_alive));
}

#[test]
fn standard_output_that_nobody_reads() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (mut local, mut out) = Local::unread();
        // Each answer is a warning of 100 KB, more than a pipe holds.
        let phrase = "x".repeat(100_000);
        let answer = format!(r#"{{"statusCode":200,"headers":{{}},"statusDescription":"{phrase}"}}"#);
        for _ in 0..20 {
            assert_eq!(local.answer(&answer).status, 200);
        }
        assert_eq!(local.end(signal), Some(0), "{signal}");
        // The pipe holds the first lines, in order.
        let mut shown = String::new();
        out.read_to_string(&mut shown).expect("it is text");
        assert!(shown.contains("200  POST /answer  "), "{}", shown.len());
    }
}

#[test]
fn a_function_whose_output_nobody_reads() {
    let (mut local, mut out) = Local::unread();
    // More than a pipe holds.
    for _ in 0..10 {
        assert_eq!(local.get("/prints").text(), "printed");
    }
    assert_eq!(local.end(Signal::SIGTERM), Some(0));
    let mut shown = String::new();
    out.read_to_string(&mut shown).expect("it is text");
    assert!(shown.contains("out xxx"), "{} bytes: {}", shown.len(), shown.get(..300).unwrap_or(&shown));
}

#[test]
fn what_the_function_prints_is_shown() {
    let mut local = Local::with(&[]);
    local.get("/prints");
    let line = local.shows("out xxx");
    let (_, printed) = line.split_once("out ").expect("it is printed");
    assert_eq!(printed.len(), 50_000);
    assert_eq!(local.end(Signal::SIGTERM), Some(0));
}

#[test]
fn a_busy_port() {
    let local = Local::with(&[]);
    let wanted = ["--listen", &local.address.to_string(), "--", "true"];
    let output =
        Command::new(env!("CARGO_BIN_EXE_carafe-alb")).args(wanted).output().expect("it has been built");
    let error = String::from_utf8_lossy(&output.stderr);
    let expected = format!("port {} is in use by another program", local.address.port());
    assert!(output.status.code() == Some(1) && error.contains(&expected), "{error}");
}

#[test]
fn command_line() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_carafe-alb"))
            .args(arguments)
            .output()
            .expect("it has been built");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("Usage: carafe-alb") && out.contains("\n  --listen ADDRESS"), "{out}");
    let (code, _, error) = run(&[]);
    assert!(code == Some(2) && error.contains("no function to call"), "{error}");
    let (code, _, error) = run(&["--lisen", "1"]);
    assert!(code == Some(2) && error.contains("--lisen"), "{error}");
    let (code, _, error) = run(&["--port", "1"]);
    assert!(code == Some(2) && error.contains("`--port`; did you mean `--listen`?"), "{error}");
}

#[test]
fn health_checks() {
    let options =
        ["--health-check", "/answer?x=1", "--health-check-interval", "35", "--health-check-timeout", "30"];
    // The body of a check is empty, so the puppet's answer is none at all.
    let local = Local::with(&options);
    local.shows("health check /answer?x=1: unhealthy (the answer is not JSON");
    let options =
        ["--health-check", "/up?x=1", "--health-check-interval", "35", "--health-check-timeout", "30"];
    let local = Local::with(&options);
    local.shows("health check /up?x=1: healthy (status 200");
    let options = ["--health-check", "/up", "--health-check-interval", "5", "--health-check-matcher", "201"];
    let local = Local::with(&[&options[..], &["--health-check-timeout", "4"]].concat());
    local.shows("health check /up: unhealthy (status 200");
    // It is the only target and gets its requests all the same.
    assert_eq!(local.get("/").status, 200);
}
