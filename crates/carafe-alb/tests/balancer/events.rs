//! `--event FILE`: recorded events of any kind, without a request.

use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

use super::local::{Work, balancer, until};
use super::puppet;

/// Writes an event into a file.
fn file(name: &str, event: &Value) -> String {
    let path =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("event-{name}-{}.json", std::process::id()));
    std::fs::write(&path, event.to_string()).expect("it can be written");
    path.display().to_string()
}

fn send(files: &[&str]) -> Output {
    let options: Vec<&str> = files.iter().flat_map(|file| ["--event", file]).collect();
    let mut command = balancer(&options, &puppet::command(), &[]);
    command.env_remove("AWS_LAMBDA_RUNTIME_API").output().expect("the balancer has been built")
}

#[test]
fn answers_are_printed_in_their_order() {
    let request = json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/answer", "body": "{\"statusCode\":204}",
        "headers": {}, "isBase64Encoded": false});
    let queue = json!({"Records": [{"eventSource": "aws:sqs", "body": "Hi"}]});
    let (request, events) = (file("request", &request), file("queue", &queue));
    let sent = send(&[&request, &events, &request]);
    let printed = String::from_utf8(sent.stdout).expect("text");
    let answers: Vec<&str> = printed.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(answers, ["{\"statusCode\":204}", &queue.to_string(), "{\"statusCode\":204}"], "{printed}");
    assert!(sent.status.success(), "{:?}", sent.status);
}

#[test]
fn it_waits_for_work_after_the_answer() {
    let work = Work::new("event-after");
    let event = json!({"path": "/after", "body": "", "queryStringParameters": {"file": work.path()}});
    let path = file("after", &event);
    std::thread::scope(|scope| {
        let sent = scope.spawn(|| send(&[&path]));
        work.has_begun();
        work.go_on();
        assert!(sent.join().expect("an end").status.success());
        until("it is done", || work.is_done());
    });
}

#[test]
fn what_goes_wrong_is_told() {
    let event = json!({"path": "/error", "body": ""});
    for (path, told) in
        [(file("error", &event), "Oh: no"), ("/nowhere.json".to_owned(), "cannot read /nowhere.json")]
    {
        let sent = send(&[&path]);
        let error = String::from_utf8_lossy(&sent.stderr).into_owned();
        assert_eq!(sent.status.code(), Some(1), "{error}");
        assert!(error.contains(&path) && error.contains(told), "{error}");
    }
}
