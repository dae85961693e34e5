//! A Lambda function that does as it is told: this test program, started again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};

/// How to start it.
pub(super) fn command() -> Vec<String> {
    let program = std::env::current_exe().expect("a test knows its program").display().to_string();
    [&program, "puppet::run", "--exact", "--nocapture", "--test-threads=1"].map(str::to_owned).to_vec()
}

/// Not a test, and passed at once as one; with a Runtime API it is the function.
#[test]
fn run() {
    let Ok(api) = std::env::var("AWS_LAMBDA_RUNTIME_API") else { return };
    assert!(!api.contains('/'), "the address is host:port and nothing else: {api}");
    let mut api = Api::connect(&api);
    match std::env::var("PUPPET").as_deref() {
        Ok("exit") => std::process::exit(7),
        Ok("silent") => std::thread::sleep(Duration::from_secs(60)),
        Ok("init error") => {
            let error = json!({"errorType": "Config", "errorMessage": "no table"}).to_string();
            api.call("POST", "init/error", error.as_bytes());
            std::process::exit(1);
        }
        Ok("extension") => extension(&mut api),
        Ok("snapshot") => {
            let (head, _) = api.call("GET", "restore/next", b"");
            assert_eq!(head[0], "HTTP/1.1 200 OK");
        }
        Ok("broken snapshot") => {
            api.call("GET", "restore/next", b"");
            let error = json!({"errorType": "Runtime.AfterRestoreError", "errorMessage": "no pool"});
            api.call("POST", "restore/error", error.to_string().as_bytes());
            std::process::exit(1);
        }
        _ => {}
    }
    loop {
        let (head, event) = api.call("GET", "invocation/next", b"");
        let id = head.iter().find_map(|line| line.strip_prefix("lambda-runtime-aws-request-id: "));
        let id = id.expect("an invocation has an id").to_owned();
        // An event that is not UTF-8 is possible, if asked for.
        let event = String::from_utf8_lossy(&event).into_owned();
        let (what, answer) = act(&head, &event, &mut api);
        api.call("POST", &format!("invocation/{id}/{what}"), &answer);
        after(&event);
    }
}

/// Works on after the answer, where the request asks for it: a file shows it, until somebody removes that.
fn after(event: &str) {
    let event: Value = serde_json::from_str(event).unwrap_or_default();
    if let (Some("/after"), Some(file)) =
        (event["path"].as_str(), event["queryStringParameters"]["file"].as_str())
    {
        std::fs::write(file, "").expect("it can be written");
        while std::fs::exists(file).unwrap_or(false) {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::fs::write(format!("{file}.done"), "").expect("it can be written");
    }
}

/// Registers an extension, which waits for events when the file that is named in the environment is there.
fn extension(api: &mut Api) {
    let headers = "lambda-extension-name: puppet\r\n";
    let (head, _) =
        api.request("POST", "/2020-01-01/extension/register", headers, br#"{"events":["INVOKE"]}"#);
    assert_eq!(head[0], "HTTP/1.1 200 OK");
    let identifier = head.iter().find_map(|line| line.strip_prefix("lambda-extension-identifier: "));
    let headers = format!("lambda-extension-identifier: {}\r\n", identifier.expect("an identifier"));
    let file = std::env::var("PUPPET_FILE").expect("a file");
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API").expect("an address");
    std::thread::spawn(move || {
        while !std::fs::exists(&file).unwrap_or(false) {
            std::thread::sleep(Duration::from_millis(2));
        }
        Api::connect(&address).request("GET", "/2020-01-01/extension/event/next", &headers, b"")
    });
}

fn act(head: &[String], event: &str, api: &mut Api) -> (&'static str, Vec<u8>) {
    let value: Value = serde_json::from_str(event).expect("an event is JSON");
    if value["path"].is_null() {
        return ("response", event.as_bytes().to_vec());
    }
    let body = value["body"].as_str().expect("an event has a body");
    let query = |name: &str| {
        let single = value["queryStringParameters"][name].as_str();
        single.or_else(|| value["multiValueQueryStringParameters"][name][0].as_str()).map(str::to_owned)
    };
    let answer = match value["path"].as_str().expect("an event has a path") {
        "/answer" if value["isBase64Encoded"] == true => {
            base64::engine::general_purpose::STANDARD.decode(body).expect("base64")
        }
        "/answer" => body.as_bytes().to_vec(),
        // Registers too late, or waits under a name that nobody has.
        "/register" => {
            let (head, answer) =
                api.request("POST", "/2020-01-01/extension/register", body, br#"{"events":[]}"#);
            text(&format!("{} {}", head[0], String::from_utf8_lossy(&answer)))
        }
        "/wait" => {
            let (head, answer) = api.request("GET", "/2020-01-01/extension/event/next", body, b"");
            text(&format!("{} {}", head[0], String::from_utf8_lossy(&answer)))
        }
        "/head" => text(&head.join("\n")),
        "/pid" | "/after" => text(&std::process::id().to_string()),
        "/environment" => text(&std::env::var(query("name").expect("a name")).unwrap_or_default()),
        "/child" => {
            let script = "sleep 60 >/dev/null 2>&1 & echo $!";
            let shell =
                std::process::Command::new("sh").args(["-c", script]).output().expect("there is a shell");
            text(String::from_utf8_lossy(&shell.stdout).trim())
        }
        "/slow" => {
            let millis = query("ms").and_then(|ms| ms.parse().ok()).expect("a number");
            std::thread::sleep(Duration::from_millis(millis));
            text("done")
        }
        // Shows that it is at work by a file, until somebody removes that.
        "/work" => {
            let file = query("file").expect("a file");
            std::fs::write(&file, "").expect("it can be written");
            while std::fs::exists(&file).unwrap_or(false) {
                std::thread::sleep(Duration::from_millis(2));
            }
            text(&std::process::id().to_string())
        }
        // Leaves work behind: when the file is there, another one is made beside it.
        "/later" => {
            let file = query("file").expect("a file");
            std::thread::spawn(move || {
                while !std::fs::exists(&file).unwrap_or(false) {
                    std::thread::sleep(Duration::from_millis(2));
                }
                std::fs::write(format!("{file}.done"), "").expect("it can be written");
            });
            text(&std::process::id().to_string())
        }
        "/prints" => {
            let line = "x".repeat(50_000);
            let _ = writeln!(std::io::stdout(), "out {line}")
                .and_then(|()| writeln!(std::io::stderr(), "err {line}"));
            text("printed")
        }
        "/large" => vec![b'x'; query("bytes").and_then(|bytes| bytes.parse().ok()).expect("a number")],
        "/error" => {
            return ("error", json!({"errorType": "Oh", "errorMessage": "no"}).to_string().into_bytes());
        }
        "/exit" => std::process::exit(3),
        "/next" => {
            api.call("GET", "invocation/next", b"");
            text("never")
        }
        "/stranger" => {
            let (head, answer) = api.call("POST", "invocation/123/response", b"{}");
            text(&format!("{} {}", head[0], String::from_utf8_lossy(&answer)))
        }
        "/nowhere" => {
            let (head, answer) = api.call("GET", "extension/register", b"");
            text(&format!("{} {}", head[0], String::from_utf8_lossy(&answer)))
        }
        _ => text(event),
    };
    ("response", answer)
}

/// An answer that both modes can read.
fn text(body: &str) -> Vec<u8> {
    let answer = json!({
        "statusCode": 200,
        "statusDescription": "200 OK",
        "headers": {"content-type": "text/plain"},
        "multiValueHeaders": {"content-type": ["text/plain"]},
        "body": body,
        "isBase64Encoded": false,
    });
    answer.to_string().into_bytes()
}

/// One connection to the Runtime API.
struct Api(BufReader<TcpStream>);

impl Api {
    fn connect(address: &str) -> Api {
        Api(BufReader::new(TcpStream::connect(address).expect("the Runtime API listens")))
    }

    /// The head in lines, and the body. Without a server there is nothing left to do.
    fn call(&mut self, method: &str, path: &str, body: &[u8]) -> (Vec<String>, Vec<u8>) {
        self.request(method, &format!("/2018-06-01/runtime/{path}"), "", body)
    }

    /// The same anywhere, with further headers.
    fn request(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> (Vec<String>, Vec<u8>) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: runtime\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        let stream = self.0.get_mut();
        let sent = stream.write_all(&[head.as_bytes(), body].concat());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if sent.is_err() || self.0.read_line(&mut line).unwrap_or(0) == 0 {
                std::process::exit(9);
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).expect("an answer is whole");
        (lines, body)
    }
}
