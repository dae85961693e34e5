//! The Runtime API of `cargo lambda watch`, which hands out an address with a path.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::curl::curl;
use super::local::{built, place};

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs cargo-lambda, and curl: .ci/run installs them"]
fn both_run_loops() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let address = format!("127.0.0.1:{port}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let _watch = Running(
        Command::new(place("CLIENTS_CARGO_LAMBDA"))
            .args(["lambda", "watch", "--only-lambda-apis", "-A", "127.0.0.1", "-P", &port.to_string()])
            .current_dir(root.join("examples/two-loops"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("cargo-lambda runs"),
    );
    let started = Instant::now();
    while TcpStream::connect(&address).is_err() {
        assert!(started.elapsed() < Duration::from_secs(60), "cargo-lambda does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let event = std::fs::read(root.join("examples/hello/hello-multi.json")).expect("an event");
    for name in ["two-loops", "aws-loop"] {
        let _function = Running(
            Command::new(built(name))
                .env("AWS_LAMBDA_RUNTIME_API", format!("http://{address}/.rt/{name}"))
                .env("AWS_LAMBDA_FUNCTION_NAME", name)
                .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
                .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
                .env("AWS_LAMBDA_LOG_LEVEL", "OFF")
                .spawn()
                .expect("the function runs"),
        );
        let invoke = format!("http://{address}/2015-03-31/functions/{name}/invocations");
        for _ in 0..2 {
            let reply = curl(&["--data-binary", "@-", &invoke], &event);
            let answer: Value = serde_json::from_str(reply.text()).expect("the answer");
            assert_eq!(
                (&answer["statusCode"], &answer["body"]),
                (&200.into(), &"Hello Ann!".into()),
                "{name}"
            );
        }
    }
}
