//! The whole way, with the local load balancer in front: client → event → request → answer → client. What a client can
//! send reaches the function, and what the function says reaches the client.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::test_runner::{TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Value, json};

use crate::mirror;

const CASES: u32 = 500;

/// A balancer in front of the mirror, in one header mode, and a connection to it.
struct Client {
    connection: BufReader<TcpStream>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Client {
    fn new(multi: bool) -> Client {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (told, address) = std::sync::mpsc::channel::<SocketAddr>();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut options = carafe_alb::Options::new(mirror::command());
                options.listen.set_port(0);
                options.multi_value_headers = multi;
                options.quiet = true;
                options.allow_hosts.push("*".to_owned());
                options.environment.push(("AWS_LAMBDA_LOG_LEVEL".into(), "ERROR".into()));
                let balancer = carafe_alb::Balancer::bind(options).await.expect("a free port");
                told.send(balancer.address()).expect("the test waits");
                balancer.run(async { drop(stopped.await) }).await;
            });
        });
        let stream = TcpStream::connect(address.recv().expect("an address")).expect("it listens");
        Client { connection: BufReader::new(stream), _stop: stop }
    }

    /// Status, header lines, body.
    fn send(&mut self, head: &str, body: &[u8]) -> (u16, Vec<(String, String)>, Vec<u8>) {
        let head = format!("{head}content-length: {}\r\n\r\n", body.len());
        self.connection.get_mut().write_all(&[head.as_bytes(), body].concat()).expect("it is sent");
        let mut line = || {
            let mut line = Vec::new();
            self.connection.read_until(b'\n', &mut line).expect("a reply");
            String::from_utf8_lossy(&line).trim_end().to_owned()
        };
        let status = line().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
        let mut headers = Vec::new();
        while let Some((name, value)) = line().split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).expect("the body is whole");
        (status, headers, body)
    }
}

type Pairs = Vec<(String, String)>;

/// What arrives of pairs: sorted by name; without multi-value headers the last of each.
fn arriving(pairs: &[(String, String)], multi: bool) -> Pairs {
    let mut map = BTreeMap::<&str, Vec<&str>>::new();
    for (name, value) in pairs {
        map.entry(name).or_default().push(value);
    }
    let one = |values: Vec<_>| if multi { values } else { values.last().copied().into_iter().collect() };
    let all =
        map.into_iter().flat_map(|(name, values)| one(values).into_iter().map(move |value| (name, value)));
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn run<S: Strategy>(strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config).run(&strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// A content type with a body that may go with it, and whether it travels as text.
fn bodies() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let text = "[ -~é世\n\"\\\\]{0,200}".prop_map(String::into_bytes);
    let text_types =
        prop_oneof![Just("text/plain; charset=utf-8"), Just("application/json"), Just("application/xml")];
    let other_types =
        prop_oneof![Just("application/octet-stream"), Just("application/x-www-form-urlencoded"), Just("")];
    prop_oneof![(text_types, text).boxed(), (other_types, vec(any::<u8>(), 0..200)).boxed()]
}

#[test]
fn every_request_reaches_the_function() {
    let clients = [false, true].map(|multi| (multi, std::cell::RefCell::new(Client::new(multi))));
    let piece = "([a-zA-Z0-9._~!$'()*,;:@/-]|%[0-9A-F]{2}|\\+|\\[|\\]){0,12}";
    let strategy = (
        "GET|POST|PUT|PATCH|DELETE|OPTIONS|PURGE",
        piece.prop_map(|rest| format!("/p/{rest}")),
        vec((piece, piece), 0..6),
        vec(("x-[a-c]{1,2}", "[!-~é]([ -~é]{0,14}[!-~é])?"), 0..6),
        bodies(),
    );
    run(strategy, |(method, path, query, headers, (kind, body))| {
        let raw: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        let head = format!("{method} {path}?{} HTTP/1.1\r\nhost: a\r\n{lines}{kind}", raw.join("&"));
        for (multi, client) in &clients {
            let (status, _, reply) = client.borrow_mut().send(&head, &body);
            prop_assert_eq!(status, 200, "{}", String::from_utf8_lossy(&reply));
            let seen: Value = serde_json::from_slice(&reply).expect("the mirror answers with JSON");
            prop_assert_eq!(&seen["method"], &json!(method));
            prop_assert_eq!(&seen["raw_path"], &json!(path));
            prop_assert_eq!(&seen["query"], &json!(arriving(&query, *multi)));
            let arrived = seen["headers"].as_array().expect("a list").iter();
            let own = arrived.filter(|pair| {
                let name = pair[0].as_str().expect("a name");
                name.starts_with("x-") && !name.starts_with("x-forwarded-") && name != "x-amzn-trace-id"
            });
            let own: Vec<_> = own.cloned().collect();
            prop_assert_eq!(json!(own), json!(arriving(&headers, *multi)));
            prop_assert_eq!(&seen["body_len"], &json!(body.len()));
            prop_assert_eq!(&seen["body"], &json!(String::from_utf8_lossy(&body)));
            let ip = &seen["client_ip"];
            prop_assert!(ip == "127.0.0.1", "{ip}");
        }
        Ok(())
    });
}

#[test]
fn every_answer_reaches_the_client() {
    let clients = [false, true].map(|multi| (multi, std::cell::RefCell::new(Client::new(multi))));
    let strategy = (
        prop_oneof![Just(200_u16), Just(201), Just(400), Just(404), Just(503), 200..600_u16],
        vec(("x-[a-c]|set-cookie", "[!-~]([ -~]{0,14}[!-~])?"), 0..6),
        vec(any::<u8>(), 0..300),
    );
    run(strategy, |(status, headers, body)| {
        let wanted = json!({"status": status, "headers": headers, "bytes": body}).to_string();
        let head = "POST /reply HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
        for (multi, client) in &clients {
            let (seen, reply, came) = client.borrow_mut().send(head, wanted.as_bytes());
            prop_assert_eq!(seen, status);
            let bodyless = matches!(status, 204 | 304);
            prop_assert_eq!(&came[..], if bodyless { &[][..] } else { &body[..] });
            for name in ["x-a", "x-b", "x-c"] {
                let values = |pairs: &[(String, String)]| -> Vec<String> {
                    let same = pairs.iter().filter(|(own, _)| own == name);
                    let mut values: Vec<_> = same.map(|(_, value)| value.clone()).collect();
                    values.sort_unstable();
                    values
                };
                let (sent, came) = (values(&headers), values(&reply));
                // Without multi-value headers there is room for one.
                prop_assert!(
                    came == sent || (!multi && came.len() == 1 && sent.contains(&came[0])),
                    "{name}: {came:?}"
                );
            }
        }
        Ok(())
    });
}
