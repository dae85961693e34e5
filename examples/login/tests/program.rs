//! The program as it is started: here, with a secret and without one, and as Lambda does.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;
use nix::unistd::Pid;
use serde_json::{Value, json};

/// 32 bytes.
const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const HELP: &str = "base64 of at least 32 random bytes, as `openssl rand -base64 32` prints it";

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_login"));
    program.env_remove("AWS_LAMBDA_RUNTIME_API").env_remove("APP_SECRET");
    program
}

/// Answers one event: the answer, and what is said beside.
fn invoke(secret: Option<&str>, method: &str, path: &str, headers: &Value, body: &str) -> (Value, String) {
    let event = json!({
        "requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": method, "path": path,
        "queryStringParameters": {}, "headers": headers, "body": body, "isBase64Encoded": false,
    });
    let mut program = program();
    program.args(["invoke", "-"]).envs(secret.map(|secret| ("APP_SECRET", secret)));
    let mut child =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    (serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{told}")), told)
}

#[test]
fn the_example_is_short() {
    let program = include_str!("../src/main.rs");
    let lines = program.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let count = lines.count();
    assert!(count < 40, "{count} lines");
}

#[test]
fn the_guide_has_the_store_that_is_tested() {
    let guide = include_str!("../../../docs/guide/sessions.md");
    let store = include_str!("dynamodb/store.rs");
    assert!(guide.contains(&format!("```rust,ignore\n{store}```\n")), "copy the store into the guide");
}

#[test]
fn describe_makes_up_a_secret_that_is_not_set() {
    let described = |secret: Option<&str>| -> Value {
        let output =
            program().arg("describe").envs(secret.map(|secret| ("APP_SECRET", secret))).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let said = described(None);
    let secret = said.pointer("/variables/0").unwrap();
    assert_eq!(secret.get("name"), Some(&json!("APP_SECRET")));
    let value = secret.get("value").and_then(Value::as_str).unwrap();
    assert_eq!(described(Some(value)).get("variables"), Some(&json!([])));
    assert!(secret.get("note").and_then(Value::as_str).unwrap().contains(HELP), "{said}");
}

#[test]
fn a_login_lasts_as_long_as_the_secret_does() {
    let html = json!({"host": "localhost", "accept": "text/html"});
    let (answer, told) = invoke(Some(SECRET), "GET", "/", &html, "");
    assert_eq!(
        (&answer["statusCode"], &answer["headers"]["location"]),
        (&303.into(), &"/login?next=%2F".into())
    );
    assert!(!told.contains("APP_SECRET"), "{told}");
    let form = json!({"host": "localhost", "content-type": "application/x-www-form-urlencoded"});
    let (answer, _) = invoke(Some(SECRET), "POST", "/login", &form, "name=ann&password=open+sesame");
    assert_eq!((&answer["statusCode"], &answer["headers"]["location"]), (&303.into(), &"/".into()));
    let headers = answer["headers"].as_object().unwrap();
    let cookies: Vec<&str> = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .map(|(_, line)| line.as_str().unwrap().split(';').next().unwrap())
        .collect();
    assert_eq!(cookies.len(), 2, "{answer}");
    let with = json!({"host": "localhost", "cookie": cookies.join("; ")});
    let (answer, _) = invoke(Some(SECRET), "GET", "/", &with, "");
    let page = answer["body"].as_str().unwrap();
    assert!(page.contains("Welcome back, ann") && page.contains("Only ann can see this."), "{page}");
    // Without a variable each run has a secret of its own, and says so.
    let (answer, told) = invoke(None, "GET", "/", &with, "");
    assert_eq!(answer["statusCode"], 401);
    assert!(
        told.starts_with("`APP_SECRET` is not set, so a stand-in is used for this run. It must hold base64"),
        "{told}"
    );
    assert!(told.contains(HELP), "{told}");
    assert_eq!(told.matches("`APP_SECRET` is not set").count(), 1, "{told}");
    let (answer, _) = invoke(Some(SECRET), "POST", "/login", &form, "name=ann&password=x");
    assert_eq!(answer["headers"]["location"], "/login?");
}

#[test]
fn a_secret_that_is_too_short_is_told() {
    let output = program().arg("routes").env("APP_SECRET", "c2hvcnQ=").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("`APP_SECRET` has a secret of 5 bytes: it must hold") && told.contains(HELP),
        "{told}"
    );
    let output = program().arg("routes").output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

/// Starts the program as Lambda does, and returns the init error that it reports.
fn init_error(secret: Option<&str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = program()
        .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr().unwrap().to_string())
        .envs(secret.map(|secret| ("APP_SECRET", secret)))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    let mut length = 0;
    while !head.ends_with("\r\n\r\n") {
        let start = head.len();
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
        if let Some((name, value)) = head[start..].split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    assert!(head.starts_with("POST /2018-06-01/runtime/init/error "), "{head}");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    String::from_utf8(body).unwrap()
}

#[test]
fn on_lambda_it_does_not_start_without_a_secret() {
    let told = init_error(None);
    assert!(told.contains("`APP_SECRET` is not set: it must hold") && told.contains(HELP), "{told}");
    let told = init_error(Some("c2hvcnQ="));
    assert!(
        told.contains("`APP_SECRET` has a secret of 5 bytes: it must hold") && told.contains(HELP),
        "{told}"
    );
    let told = init_error(Some(&format!("{SECRET},no base64")));
    assert!(
        told.contains("`APP_SECRET` has a secret that is not base64, in place 2: it must hold"),
        "{told}"
    );
    assert!(!told.contains(SECRET), "{told}");
}

#[test]
fn serve_makes_one_for_all_copies_and_says_so() {
    for secret in [None, Some(SECRET)] {
        let mut child = program()
            // A copy that does not answer in time is started anew: with the same secret.
            .args(["serve", "--listen", "127.0.0.1:0"])
            .envs(secret.map(|secret| ("APP_SECRET", secret)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first = lines.next().unwrap();
        let address = first.strip_prefix("Listening on http://").unwrap().to_owned();
        let send = |request: String| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut reply = String::new();
            stream.read_to_string(&mut reply).unwrap();
            reply
        };
        let body = "name=ann&password=open+sesame";
        let reply = send(format!(
            "POST /login HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
            body.len()
        ));
        let session = reply.lines().find_map(|line| line.strip_prefix("set-cookie: session=")).unwrap();
        let session = session.split(';').next().unwrap();
        // Several at once, so that some are answered by copies that are started for them.
        let replies: Vec<String> = std::thread::scope(|scope| {
            let ask = || {
                send(format!(
                    "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: session={session}\r\n\r\n"
                ))
            };
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        for reply in replies {
            assert!(reply.contains("Only ann can see this."), "{reply}");
        }
        nix::sys::signal::kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let shown: Vec<String> = lines.collect();
        let notes = shown.iter().filter(|line| line.starts_with("`APP_SECRET` is not set")).count();
        assert_eq!(notes, usize::from(secret.is_none()), "{shown:?}");
        assert!(!shown.concat().contains(SECRET));
    }
}
