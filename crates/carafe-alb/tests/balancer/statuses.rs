//! Statuses that the balancer gives by itself and that no rule's test provokes.

use std::io::Write as _;

use super::client::{connect, http2, read};
use super::local::Local;

#[test]
fn status_400_a_body_that_breaks_off() {
    let local = Local::with(&[]);
    let mut stream = connect(local.address);
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc").expect("it is sent");
    stream.shutdown(std::net::Shutdown::Write).expect("half of it can be closed");
    local.shows("POST /");
    let line = local.shows("     ");
    assert!(line.contains("broke off") || line.contains("the client closed the connection"), "{line}");
}

#[test]
fn status_413_over_http2() {
    let local = Local::with(&[]);
    let body: &str = Box::leak("a".repeat(1_100_000).into_boxed_str());
    let request =
        http::Request::post(format!("http://{}/", local.address)).header("content-length", body.len());
    let reply = http2(local.address, request.body(body).expect("a request")).expect("a reply");
    assert!(reply.status == 413 && reply.is_page(), "{reply:?}");
    local.shows("the body of the request has 1100000 bytes");
}

#[test]
fn status_408_a_client_that_falls_silent() {
    let local = Local::with(&["--idle-timeout", "0.2"]);
    let mut stream = connect(local.address);
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc").expect("it is sent");
    let reply = read(&mut stream, false);
    assert!(reply.status == 408 && reply.is_page(), "{reply:?}");
    local.shows("the client sent nothing for 0.2 s");
}

#[test]
fn status_460_a_client_that_goes_away() {
    let local = Local::with(&["--max-concurrency", "1"]);
    let pid = local.get("/pid").text().to_owned();
    let mut stream = connect(local.address);
    stream.write_all(b"GET /slow?ms=300 HTTP/1.1\r\nhost: a\r\n\r\n").expect("it is sent");
    std::thread::sleep(std::time::Duration::from_millis(100));
    drop(stream);
    local.shows("460  GET /slow?ms=300");
    // The function went on with its work, and takes the next request.
    assert_eq!(local.get("/pid").text(), pid);
}

#[test]
fn status_502_all_copies_busy() {
    let local = Local::with(&["--max-concurrency", "1", "--timeout", "1"]);
    local.get("/");
    std::thread::scope(|scope| {
        let slow = |_| scope.spawn(|| local.get("/slow?ms=700").status);
        let mut statuses: Vec<_> =
            [(); 3].map(slow).into_iter().map(|one| one.join().expect("a reply")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 502]);
    });
    local.shows("LambdaThrottling: all 1 copies of the function stayed busy");
}
