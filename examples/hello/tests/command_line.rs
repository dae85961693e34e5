//! The command line that every program has, tried on this one.
#![expect(clippy::unwrap_used, reason = "all of this is a test, and one that cannot go on has to fail")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;
use nix::unistd::Pid;
use serde_json::Value;

/// Exit code, standard output, standard error.
fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hello"))
        .args(arguments)
        .env_remove("AWS_LAMBDA_RUNTIME_API")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn invoke_answers_in_the_family_of_the_event() {
    let (code, out, _) = run(&["invoke", "hello.json"], "");
    assert_eq!(code, Some(0));
    assert_eq!(
        serde_json::from_str::<Value>(&out).unwrap(),
        serde_json::json!({
            "statusCode": 200,
            "statusDescription": "200 OK",
            "headers": {"content-type": "text/html; charset=UTF-8", "content-length": "12"},
            "isBase64Encoded": false,
            "body": "Hello World!",
        })
    );
    let event = std::fs::read_to_string("hello.json").unwrap();
    let multi = r#"{"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"/","multiValueQueryStringParameters":{},"multiValueHeaders":{"host":["a"]},"body":"","isBase64Encoded":false}"#;
    for (event, family, length) in
        [(event.as_str(), "headers", "12".into()), (multi, "multiValueHeaders", serde_json::json!(["12"]))]
    {
        let (code, out, _) = run(&["invoke", "-"], event);
        let answer: Value = serde_json::from_str(&out).unwrap();
        let found = answer.get(family).and_then(|headers| headers.get("content-length"));
        assert_eq!((code, found), (Some(0), Some(&length)), "{out}");
        assert_eq!(answer.get("body").and_then(Value::as_str), Some("Hello World!"));
        let families = ["headers", "multiValueHeaders"].iter().filter(|name| answer.get(name).is_some());
        assert_eq!(families.count(), 1, "{out}");
    }
}

#[test]
fn invoke_says_what_is_wrong() {
    for (arguments, input, words) in [
        (&["invoke", "none.json"][..], "", "cannot read none.json"),
        (&["invoke", "-"], r#"{"Records":[{"eventSource":"aws:sqs"}]}"#, "SQS"),
        (&["invoke"], "", "needs a file"),
    ] {
        let (code, out, error) = run(arguments, input);
        assert!(code == Some(1) && out.is_empty() && error.contains(words), "{arguments:?}: {error}");
    }
    // An event that cannot be read gets an answer: that is what a load balancer would be sent.
    let (code, out, error) = run(&["invoke", "-"], "{");
    assert!(code.is_some() && !format!("{out}{error}").contains("panicked"), "{out}{error}");
}

#[test]
fn describe_has_the_routes() {
    let (code, out, _) = run(&["describe"], "");
    let (_, routes, _) = run(&["routes"], "");
    let expected = serde_json::json!({"routes": routes, "variables": []});
    assert_eq!((code, serde_json::from_str::<Value>(&out).unwrap()), (Some(0), expected));
}

#[test]
fn routes_help_and_mistakes() {
    let (code, out, _) = run(&["routes"], "");
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(code, Some(0));
    assert_eq!(lines.len(), 2, "{out}");
    for (line, expected) in lines.iter().zip([["GET", "/hello/<name>", "hello"], ["GET", "/", "index"]]) {
        assert_eq!(line.get(..3), Some(&expected[..]), "{out}");
        assert!(line.get(3).unwrap().starts_with("examples/hello/src/main.rs:"), "{out}");
    }
    let (code, out, _) = run(&["--help"], "");
    assert!(code == Some(0) && out.contains("serve [OPTIONS]") && out.contains("--record DIR"), "{out}");
    for (arguments, words) in
        [(&["sevre"][..], "unknown command `sevre`"), (&["serve", "3000"], "unexpected argument `3000`")]
    {
        let (code, _, error) = run(arguments, "");
        assert!(code == Some(1) && error.contains(words), "{error}");
    }
}

#[test]
fn serve_shows_the_routes_and_answers() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hello"))
        .args(["serve", "--listen", "127.0.0.1:0", "--mode", "both"])
        .env_remove("AWS_LAMBDA_RUNTIME_API")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap();
    let mut stream = TcpStream::connect(first.strip_prefix("Listening on http://").unwrap()).unwrap();
    stream.write_all(b"GET /hello/Ann HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply.ends_with("\r\n\r\nHello Ann!"), "{reply}");
    let shown: Vec<String> = lines.by_ref().take(3).collect();
    let begins = |at: usize, start: &str| shown.get(at).is_some_and(|line| line.starts_with(start));
    assert!(
        begins(0, "  GET  /hello/<name>  hello") && begins(1, "  GET  /              index"),
        "{shown:?}"
    );
    // The two header modes agree, so the next line is not a warning.
    assert!(begins(2, "200  GET /hello/Ann") && shown.concat().contains("10 B, cold start"), "{shown:?}");
    stop(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lines.next(), None);
}

/// As Ctrl-C does.
fn stop(id: u32) {
    nix::sys::signal::kill(Pid::from_raw(id.try_into().unwrap()), Signal::SIGINT).unwrap();
}
