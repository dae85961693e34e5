//! Signatures are those of botocore, and a stand-in for S3 takes what was offered and nothing else.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use carafe::{App, Bucket, BucketCredentials, Request, Result, State, UploadForm, get, routes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::local::{Local, built, place};

const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// Runs `s3.py` with something to read, and returns what it prints.
fn python(arguments: &[&str], input: &str) -> Value {
    let mut process = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/s3.py"))
        .args(arguments)
        .env("PYTHONPATH", place("CLIENTS_BOTOCORE"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("there is Python");
    let mut stdin = process.stdin.take().expect("it is piped");
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = process.wait_with_output().expect("it ends");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

#[derive(Clone, Deserialize)]
struct Input {
    id: String,
    secret: String,
    token: Option<String>,
    region: String,
    bucket: String,
    endpoint: Option<String>,
    key: String,
    seconds: u32,
    name: Option<String>,
    at_most: usize,
    types: Vec<String>,
}

#[derive(Serialize)]
struct Made {
    link: String,
    form: UploadForm,
}

#[get("/made")]
fn made(request: &Request, input: State<Input>) -> Result<Made> {
    let credentials = BucketCredentials::new(&input.id, &input.secret);
    let credentials = input.token.iter().fold(credentials, BucketCredentials::session_token);
    let bucket = Bucket::new(&input.bucket).region(&input.region).credentials(credentials);
    let bucket = input.endpoint.iter().fold(bucket, Bucket::endpoint);
    let link = bucket.link(&input.key).expires_in(Duration::from_secs(input.seconds.into()));
    let link = input.name.iter().fold(link, |link, name| link.download_as(name));
    let upload = bucket.upload(&input.key).at_most(input.at_most).types(input.types.clone());
    let form = upload
        .expires_in(Duration::from_secs(input.seconds.into()))
        .then("/gr%C3%B6%C3%9Fe?a=%22")
        .form(request)?;
    Ok(Made { link: link.url()?, form })
}

#[test]
#[ignore = "needs Python with botocore: .ci/run installs it"]
fn botocore_signs_the_same() {
    let inputs = python(&["inputs", "2026", "200"], "");
    let all = inputs.as_array().expect("a list").iter().map(|input| {
        let state: Input = serde_json::from_value(input.clone()).expect("an input");
        let app = App::new().secret_from("APP_SECRET").state(state).routes(routes![made]);
        let mut both = input.clone();
        let made: Value = app.test().get("/made").send().json();
        for name in ["link", "form"] {
            both[name] = made[name].clone();
        }
        both
    });
    let all: Vec<Value> = all.collect();
    assert_eq!(all.len(), 200);
    assert_eq!(python(&["compare"], &json!(all).to_string()), json!([]));
    // It does see a difference.
    let mut changed = all[0].clone();
    changed["secret"] = "another".into();
    assert_ne!(python(&["compare"], &json!([changed]).to_string()), json!([]));
}

/// A running ministack.
struct StandIn {
    url: String,
    process: Child,
}

impl StandIn {
    fn start() -> StandIn {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("there is a port");
        let process = Command::new("python3")
            .args(["-c", "from ministack.app import main; main()"])
            .env("PYTHONPATH", place("CLIENTS_MINISTACK"))
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", address.port().to_string())
            // It checks the signatures of forms only then.
            .env("AUTH", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is Python");
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "ministack does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        StandIn { url: format!("http://{address}"), process }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[ignore = "needs Python with botocore and ministack: .ci/run installs them"]
fn ministack_takes_what_was_offered() {
    let stand_in = StandIn::start();
    let environment = [
        ("APP_SECRET", SECRET),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL_S3", &stand_in.url),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let command = built("photos").display().to_string();
    let local = Local::start("photos", false, &[&command], &environment);
    let seen = python(&["stand-in", &local.url, &stand_in.url], "");
    let expected = json!({
        "within the limit": 303,
        "back": [200, true],
        "held": [100_000, "image/png"],
        "over the limit": [400, "EntityTooLarge"],
        "empty": [400, "EntityTooSmall"],
        "another key": 403,
        "another prefix": 403,
        "another type": 403,
        "another page": 403,
        "another policy": 403,
        "another signature": 403,
        "a field more": 403,
        "forged": 403,
        "link": [303, 200, "seven", "attachment; filename=\"Report.txt\""],
        "link to another object": [true, 403],
        "link for longer": [true, 403],
        "link with another name": [true, 403],
    });
    assert_eq!(seen, expected);
}
