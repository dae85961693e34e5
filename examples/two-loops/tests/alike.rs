//! The three programs behind the local load balancer: whoever asks cannot tell them apart.
#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

const PROGRAMS: [&str; 3] = [
    env!("CARGO_BIN_EXE_two-loops"),
    env!("CARGO_BIN_EXE_aws-loop"),
    env!("CARGO_BIN_EXE_inside-lambda-http"),
];

/// Method, target, body of a form, and what the answer has to contain: status line and body.
const REQUESTS: [(&str, &str, &str, &str, &str); 7] = [
    ("GET", "/", "", "200 OK", "<h1>Guest book</h1>"),
    ("GET", "/hello/Zo%C3%AB%20%26", "", "200 OK", "Hello Zo\u{eb} &!"),
    (
        "POST",
        "/entries",
        "name=Ann&text=a+%22quoted%22+caf%C3%A9",
        "201 Created",
        r#""text":"a \"quoted\" caf"#,
    ),
    ("GET", "/entries", "", "200 OK", r#"[{"name":"Ann""#),
    ("GET", "/lost", "", "404 Not Found", "Not Found"),
    ("POST", "/hello/Ann", "", "405 Method Not Allowed", "Method Not Allowed"),
    ("POST", "/entries", "name=Ann", "400 Bad Request", "text"),
];

/// Starts a program behind a load balancer.
fn serve(program: &'static str, multi: bool) -> (SocketAddr, tokio::sync::oneshot::Sender<()>) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut options = carafe_alb::Options::new([program]);
            options.listen.set_port(0);
            options.multi_value_headers = multi;
            options.quiet = true;
            options.environment.push(("AWS_LAMBDA_LOG_LEVEL".into(), "OFF".into()));
            let balancer = carafe_alb::Balancer::bind(options).await.unwrap();
            told.send(balancer.address()).unwrap();
            balancer.run(async { drop(stopped.await) }).await;
        });
    });
    (address.recv().unwrap(), stop)
}

fn ask(address: SocketAddr, method: &str, target: &str, form: &str) -> String {
    let length = form.len();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept: application/json\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn the_same_to_whoever_asks() {
    for program in PROGRAMS {
        for multi in [false, true] {
            let (address, _stop) = serve(program, multi);
            for (method, target, form, status, body) in REQUESTS {
                let answer = ask(address, method, target, form);
                assert!(
                    answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
                    "{program} {target}: {answer}"
                );
                assert!(answer.contains(body), "{program} {target}: {answer}");
            }
        }
    }
}

#[test]
fn both_loops_work_after_the_answer() {
    // Inside lambda_http the work is a task of tokio's: the function may be frozen before it runs.
    let [both @ .., _] = PROGRAMS;
    for program in both {
        let (address, _stop) = serve(program, false);
        for signed in 1..4 {
            ask(address, "POST", "/entries", "name=Ann&text=Hi");
            // The next event waited for the work.
            let told = ask(address, "GET", "/told", "");
            assert!(told.ends_with(&format!("\r\n\r\n{signed}")), "{program}: {told}");
        }
    }
}

#[test]
fn the_command_line_is_the_same_on_both() {
    let [both @ .., _] = PROGRAMS;
    let [own, aws] = both.map(|program| {
        let output = std::process::Command::new(program)
            .arg("routes")
            .env_remove("AWS_LAMBDA_RUNTIME_API")
            .output()
            .unwrap();
        assert!(output.status.success(), "{program}");
        String::from_utf8(output.stdout).unwrap()
    });
    assert!(own.contains("/hello/<name>"), "{own}");
    assert_eq!(own, aws);
}
