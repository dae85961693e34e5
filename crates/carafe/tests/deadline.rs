//! A missed deadline, as the real run loop answers it: what a catcher says, else the default page.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use carafe::{App, Error, Request, catch, catchers, get, routes};
use serde_json::{Value, json};

#[get("/endless")]
async fn endless() -> &'static str {
    std::future::pending().await
}

#[catch(504)]
fn late(error: &Error, request: &Request) -> String {
    format!("{} at {}", error.message(), request.raw_path())
}

#[catch(504)]
async fn late_itself() -> &'static str {
    std::future::pending().await
}

const CATCHER: &str = "CARAFE_TEST_CATCHER";

/// Not a test, and passed at once as one; with a Runtime API it is the function.
#[test]
fn function() {
    let Ok(catcher) = std::env::var(CATCHER) else { return };
    let app = App::new().routes(routes![endless]);
    carafe::run(match catcher.as_str() {
        "late" => app.catch(catchers![late]),
        "late_itself" => app.catch(catchers![late_itself]),
        _ => app,
    })
    .unwrap();
}

/// Starts the function, has it answer one event that it has half a second for, and returns the answer.
fn answer(catcher: &str, accept: &str) -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut function = Command::new(std::env::current_exe().unwrap())
        .args(["function", "--exact", "--nocapture"])
        .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr().unwrap().to_string())
        .env("AWS_LAMBDA_LOG_LEVEL", "OFF")
        .env(CATCHER, catcher)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    read_request(&mut reader);
    let event = json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/endless",
        "headers": {"accept": accept}, "body": "", "isBase64Encoded": false})
    .to_string();
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_millis(500);
    let reply = format!(
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-7\r\nLambda-Runtime-Deadline-Ms: {}\r\n\
         Content-Length: {}\r\n\r\n{event}",
        deadline.as_millis(),
        event.len()
    );
    stream.write_all(reply.as_bytes()).unwrap();
    let answer = read_request(&mut reader);
    function.kill().unwrap();
    function.wait().unwrap();
    serde_json::from_slice(&answer).unwrap()
}

/// Reads a request, and returns its body.
fn read_request(reader: &mut BufReader<std::net::TcpStream>) -> Vec<u8> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

#[test]
fn a_missed_deadline_is_answered_by_a_catcher() {
    let page = r#"{"error":"Gateway Timeout","status":504,"request_id":"id-7"}"#;
    for (catcher, body) in [("late", "Gateway Timeout at /endless"), ("late_itself", page), ("", page)] {
        let answer = answer(catcher, "*/*");
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(504), &json!(body)), "{catcher}");
        assert_eq!(answer["headers"]["cache-control"], "no-store");
    }
    assert_eq!(answer("", "text/html")["headers"]["content-type"], "text/html; charset=UTF-8");
}
