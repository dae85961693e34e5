//! The same programs as Lambda functions: what the test client gets is what comes through load balancer, Runtime API and
//! either run loop, in both header modes. The tests beside this one say what that has to be.
#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use carafe::App;
use carafe::testing::{Client, Reply};

use crate::{arguments, around, replies, routes};

const FUNCTION: &str = "CARAFE_TEST_APP";

/// Set for a function on AWS's run loop.
const AWS: &str = "CARAFE_TEST_AWS";

/// Whether the function is on AWS's run loop.
const LOOPS: &[bool] = if cfg!(feature = "lambda_http") { &[false, true] } else { &[false] };

fn app(name: &str) -> App {
    match name {
        "arguments" => arguments::app(),
        "replies" => replies::app(),
        "routes" => routes::app(),
        "failing" => around::app().fail_invocation(true),
        _ => around::app(),
    }
}

/// Not a test, and passed at once as one; with a Runtime API it is the function.
#[test]
fn function() {
    let Ok(name) = std::env::var(FUNCTION) else { return };
    let app = async || Ok::<App, carafe::Error>(app(&name));
    #[cfg(feature = "lambda_http")]
    if std::env::var_os(AWS).is_some() {
        return carafe::lambda_http::run(app).unwrap();
    }
    carafe::run(app).unwrap();
}

/// Method, target, headers, body.
type Sent<'s> = (&'s str, &'s str, &'s [(&'s str, &'s str)], &'s [u8]);

const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];
const JSON: &[(&str, &str)] = &[("content-type", "application/json; charset=utf-8")];
const PARTS: &[(&str, &str)] = &[("content-type", "multipart/form-data; boundary=\"b b\"")];
const UPLOAD: &[u8] = b"--b b\r\nContent-Disposition: form-data; name=title\r\n\r\nT\r\n\
    --b b\r\nContent-Disposition: form-data; NAME=\"tags\"\r\n\r\na\r\n\
    --b b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xc3\xa9.png\"\r\nContent-Type: image/png\r\n\r\n\0\xff\r\n--b b--\r\n";

const ARGUMENTS: &[Sent<'_>] = &[
    ("GET", "/path/text/Ann/x%2Fy/%C3%A9", &[], b""),
    ("GET", "/path/typed/7/::1/ff/desc/9", &[], b""),
    ("GET", "/path/typed/x/::1/ff/desc/9", &[], b""),
    ("GET", "/path/text/%FF/b/c", &[], b""),
    ("GET", "/raw/k?match=3", &[], b""),
    ("GET", "/mutable/Ann", &[], b""),
    ("GET", "/search?q=a+b%20c&page=2&tag=x&order=asc", &[], b""),
    ("HEAD", "/search?q=a", &[], b""),
    ("GET", "/search", &[], b""),
    ("GET", "/search?q=%FF", &[], b""),
    ("GET", "/search?q=x&page=two", &[], b""),
    ("GET", "/flags?a&c=1.5&d=%C3%A9&e=x", &[], b""),
    ("GET", "/hex?one=ff&many=1", &[], b""),
    ("GET", "/numbers?n=1", &[], b""),
    ("GET", "/text?q=", &[], b""),
    ("DELETE", "/things?id=3", &[], b""),
    ("POST", "/forced?draft=true", FORM, b"title=T"),
    ("POST", "/posts", FORM, b"title=a+b&tag=x&tag=y&stars=5"),
    ("POST", "/posts", JSON, br#"{"title":"T","tag":["x"],"stars":1}"#),
    ("POST", "/posts", JSON, b"{\"title\":\n oops}"),
    ("POST", "/posts", PARTS, UPLOAD),
    ("POST", "/posts", &[("content-type", "text/plain")], b"title=T"),
    ("POST", "/posts", FORM, b""),
    ("PUT", "/posts", FORM, b"title=%C3%A9"),
    ("PATCH", "/posts", FORM, b"stars=ff"),
    ("GET", "/any?q=1", &[], b""),
    ("POST", "/any", FORM, b"q=2"),
    ("GET", "/both?q=1", &[], b""),
    ("POST", "/both", FORM, b"q=2"),
    ("POST", "/json", JSON, br#"{"title":"T"}"#),
    ("POST", "/json", JSON, br#"{"title":5}"#),
];

const REPLIES: &[&str] = &[
    "/own",
    "/own/async",
    "/string",
    "/echo/%3Cb%3E",
    "/cow/x",
    "/nested",
    "/html",
    "/plain",
    "/struct",
    "/borrowed/x",
    "/list",
    "/map",
    "/number",
    "/bool",
    "/opaque",
    "/json",
    "/bytes",
    "/slice",
    "/shared",
    "/unit",
    "/status",
    "/teapot",
    "/response",
    "/redirect",
    "/option/1",
    "/option/2",
    "/result/1",
    "/result/2",
    "/ours/1",
    "/ours/2",
    "/ours/3",
    "/deep/0",
    "/deep/1",
    "/deep/2",
    "/inside/0",
    "/inside/1",
    "/inside/2",
    "/tuple/1",
    "/tuple/2",
    "/tuple/result/1",
    "/tuple/result/2",
    "/tuple/result/3",
    "/mime",
    "/headers",
    "/status-mime",
    "/status-headers",
    "/mime-headers",
    "/all",
    "/err/string",
    "/err/str",
    "/err/status",
    "/err/fine",
    "/err/tuple",
    "/err/text",
    "/err/both",
    "/err/both/meant",
];

const ROUTES: &[Sent<'_>] = &[
    ("GET", "/", &[], b""),
    ("GET", "/x-y", &[], b""),
    ("GET", "/a.txt", &[], b""),
    ("GET", "/int/-7", &[], b""),
    ("GET", "/int/x", &[], b""),
    ("GET", "/float/1.5", &[], b""),
    ("GET", "/tree/a//b/../c", &[], b""),
    ("GET", "/tree/a/b/edit", &[], b""),
    ("GET", "/re/abc", &[], b""),
    ("GET", "/re/abcd", &[], b""),
    ("GET", "/a%3Cb", &[], b""),
    ("GET", "/users/me", &[], b""),
    ("GET", "/users/7", &[], b""),
    ("GET", "/users/Ann/", &[], b""),
    ("GET", "/v1/users/7", &[], b""),
    ("POST", "/m", &[], b""),
    ("PUT", "/m", &[], b""),
    ("PATCH", "/m", &[], b""),
    ("DELETE", "/m", &[], b""),
    ("PURGE", "/m", &[], b""),
    ("HEAD", "/h", &[], b""),
    ("OPTIONS", "/h", &[], b""),
    ("OPTIONS", "/users/7", &[], b""),
    ("POST", "/listed", &[], b""),
    ("DELETE", "/listed", &[], b""),
    ("GET", "/pages?page=2&name=x", &[], b""),
    ("GET", "/pages/3", &[], b""),
    ("POST", "/pages/3/x", &[], b""),
    ("GET", "/nested/5", &[], b""),
];

const AROUND: &[Sent<'_>] = &[
    ("GET", "/query?q=x&page=2", &[], b""),
    ("GET", "/query?page=2", &[], b""),
    ("POST", "/form", FORM, b"q=x&page=2"),
    ("POST", "/json", JSON, br#"{"q":"x"}"#),
    ("POST", "/upload", PARTS, UPLOAD),
    ("POST", "/upload", PARTS, b"nonsense"),
    ("POST", "/bytes", &[("content-type", "application/x-own")], b"\0\xff\x80"),
    ("POST", "/bytes", &[("content-type", "text/plain"), ("content-encoding", "gzip")], b"\x1f\x8b"),
    ("GET", "/cookies", &[("cookie", "a=1; b=\"2\"")], b""),
    ("GET", "/who", &[("user-agent", "me")], b""),
    ("GET", "/refused", &[], b""),
    ("GET", "/panic/at", &[], b""),
    ("GET", "/panic/at", &[("accept", "text/html")], b""),
    ("GET", "/file", &[], b""),
    ("GET", "/none", &[("accept", "text/html")], b""),
    ("POST", "/file", &[("accept", "text/html")], b""),
    ("GET", "/v1/query?q=x", &[], b""),
    ("PURGE", "/at/5", &[], b""),
    ("GET", "/later", &[], b""),
    ("GET", "/query?q=x&forbidden", &[], b""),
];

/// Starts the function behind a load balancer.
fn serve(name: &'static str, multi: bool, aws: bool) -> (SocketAddr, tokio::sync::oneshot::Sender<()>) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let program = std::env::current_exe().unwrap();
            let arguments = ["run_loop::function", "--exact", "--nocapture"].map(Into::into);
            let command = std::iter::once(program.into_os_string()).chain(arguments);
            let mut options = carafe_alb::Options::new(command);
            options.listen.set_port(0);
            options.multi_value_headers = multi;
            options.quiet = true;
            options.environment.push((FUNCTION.into(), name.into()));
            if aws {
                options.environment.push((AWS.into(), "1".into()));
            }
            options.environment.push(("AWS_LAMBDA_LOG_LEVEL".into(), "OFF".into()));
            let balancer = carafe_alb::Balancer::bind(options).await.unwrap();
            told.send(balancer.address()).unwrap();
            balancer.run(async { drop(stopped.await) }).await;
        });
    });
    (address.recv().unwrap(), stop)
}

/// Status, header lines without those of the connection and the balancer, body.
type Seen = (u16, Vec<(String, String)>, Vec<u8>);

fn over_http(address: SocketAddr, (method, target, headers, body): Sent<'_>) -> Seen {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{lines}\r\n"
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pairs = lines.filter_map(|line| line.split_once(": "));
    (status, comparable(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))), body)
}

fn in_process(client: &Client, (method, target, headers, body): Sent<'_>) -> Seen {
    client.forget_cookies();
    let call = client.request(method, target).body(body.to_vec());
    let reply: Reply = headers.iter().fold(call, |call, (name, value)| call.header(name, value)).send();
    let pairs =
        reply.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status().as_u16(), comparable(pairs), reply.bytes().to_vec())
}

/// Leaves out the time, the load balancer's name, and what is the connection's own. The load balancer may reverse values.
fn comparable(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        pairs.filter(|(name, _)| !["date", "server", "connection"].contains(&name.as_str())).collect();
    pairs.sort_unstable();
    pairs
}

/// Both ways give the same, but for the request id.
fn same(name: &'static str, requests: &[Sent<'_>]) {
    let app = app(name);
    for (multi, aws) in [false, true].iter().flat_map(|multi| LOOPS.iter().map(|aws| (*multi, *aws))) {
        let client = app.test().plain_http();
        let client = if multi { client.multi_value_headers() } else { client };
        let (address, _stop) = serve(name, multi, aws);
        for request in requests {
            let mut came = over_http(address, *request);
            let mut expected = in_process(&client, *request);
            for (status, headers, body) in [&mut came, &mut expected] {
                let text = String::from_utf8_lossy(body).into_owned();
                let id =
                    ["\"request_id\":", "<small>Request "].into_iter().find_map(|mark| text.split_once(mark));
                if let Some((start, _)) = id {
                    *body = start.as_bytes().to_vec();
                }
                // After HEAD only the length of the page tells of the id.
                if id.is_some() || request.0 == "HEAD" && *status >= 400 {
                    headers.retain(|(name, _)| name != "content-length");
                }
            }
            let text = |seen: &Seen| format!("{} {:?} {}", seen.0, seen.1, String::from_utf8_lossy(&seen.2));
            assert_eq!(
                text(&came),
                text(&expected),
                "{request:?}, multi-value headers: {multi}, AWS's loop: {aws}"
            );
        }
    }
}

#[test]
fn arguments_through_the_run_loop() {
    same("arguments", ARGUMENTS);
}

#[test]
fn replies_through_the_run_loop() {
    let requests: Vec<Sent<'_>> = REPLIES
        .iter()
        .flat_map(|path| ["GET", "HEAD"].map(|method| (method, *path, &[][..], &b""[..])))
        .collect();
    same("replies", &requests);
}

#[test]
fn routes_through_the_run_loop() {
    same("routes", ROUTES);
}

#[test]
fn what_is_around_through_the_run_loop() {
    same("around", AROUND);
}

#[test]
fn what_fails_can_fail_the_invocation() {
    for aws in LOOPS {
        for (name, status) in [("around", 503), ("failing", 502)] {
            let (address, _stop) = serve(name, false, *aws);
            assert_eq!(over_http(address, ("GET", "/panic/at", &[], b"")).0, status, "{name}");
            assert_eq!(over_http(address, ("GET", "/later", &[], b"")).0, 200, "{name}");
        }
    }
}
