//! A program on each of the run loops: the test starts its own file again as the function, and hands it one event. Its
//! id is that of the test client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use carafe::App;
use serde_json::Value;

/// The loops that there are.
pub(crate) const LOOPS: &[&str] =
    if cfg!(feature = "lambda_http") { &["carafe", "aws"] } else { &["carafe"] };

const RUN_LOOP: &str = "CARAFE_TEST_LOOP";

/// Runs an app on the loop that [`answer`] asks for; nothing where a test is only passed by.
pub(crate) fn run(app: App) {
    match std::env::var(RUN_LOOP).as_deref() {
        Ok("carafe") => carafe::run(app).unwrap(),
        #[cfg(feature = "lambda_http")]
        Ok("aws") => carafe::lambda_http::run(app).unwrap(),
        _ => {}
    }
}

/// Starts the function, which is the test called `function`, has it answer one event, and returns the answer and what was
/// logged.
pub(crate) fn answer(
    run_loop: &str,
    variables: &[(&str, &str)],
    event: &Value,
    time: Duration,
) -> (Value, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut function = Command::new(std::env::current_exe().unwrap())
        .args(["function", "--exact", "--nocapture"])
        .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr().unwrap().to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "function")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_LOG_LEVEL", "OFF")
        .env(RUN_LOOP, run_loop)
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    read_request(&mut reader);
    let event = event.to_string();
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + time;
    let reply = format!(
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: test\r\nLambda-Runtime-Deadline-Ms: {}\r\n\
         Content-Length: {}\r\n\r\n{event}",
        deadline.as_millis(),
        event.len()
    );
    stream.write_all(reply.as_bytes()).unwrap();
    // The answer may come over another connection.
    let answer = first_of(listener, reader);
    function.kill().unwrap();
    let logged = String::from_utf8(function.wait_with_output().unwrap().stderr).unwrap();
    (serde_json::from_slice(&answer).unwrap(), logged)
}

/// Returns the body of the first request that comes, over the connection that is there or a new one.
fn first_of(listener: TcpListener, mut open: BufReader<TcpStream>) -> Vec<u8> {
    let (told, body) = std::sync::mpsc::channel();
    let other = told.clone();
    std::thread::spawn(move || other.send(read_request(&mut open)));
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        told.send(read_request(&mut BufReader::new(stream)))
    });
    body.recv().unwrap()
}

/// Reads a request, and returns its body.
fn read_request(reader: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
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
