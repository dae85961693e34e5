//! Statuses that the balancer gives by itself and that no rule's test provokes.

use std::io::{Read as _, Write as _};

use super::client::{connect, http2, read};
use super::local::{Local, Work, until};

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
fn status_413_is_read_by_a_client_that_sends_on() {
    let local = Local::with(&[]);
    // All of it is taken off the connection: the client can send it, and then reads why it was in vain.
    let length = 8 * 1024 * 1024;
    let mut stream = connect(local.address);
    let chunk = vec![b'a'; length];
    for part in [&b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n800000\r\n"[..], &chunk] {
        stream.write_all(part).expect("it is taken");
    }
    stream.write_all(b"\r\n0\r\n\r\n").expect("it is taken");
    let reply = read(&mut stream, false);
    assert!(reply.status == 413 && reply.is_page(), "{reply:?}");
    // But not for ever.
    let mut stream = connect(local.address);
    let head = b"POST /ever HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head).expect("it is taken");
    let chunk = [&b"800001\r\na"[..], &chunk, b"\r\n"].concat();
    let sent = (0..100).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!((8..100).contains(&sent), "{sent}");
    local.shows("413  POST /ever");
}

#[test]
fn status_413_by_the_head_alone_is_read_by_a_client_that_sends_on() {
    let local = Local::with(&[]);
    let mut stream = connect(local.address);
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1100000\r\n\r\n").expect("it is taken");
    let reply = read(&mut stream, false);
    assert!(reply.status == 413 && reply.is_page(), "{reply:?}");
    assert_eq!(stream.read(&mut [0; 10]).expect("the balancer has closed its side"), 0);
    // What comes now is taken all the same: a reset could overtake the reply.
    for chunk in vec![b'a'; 1_100_000].chunks(10_000) {
        stream.write_all(chunk).expect("it is taken");
    }
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
    let work = Work::new("460");
    stream
        .write_all(format!("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", work.target()).as_bytes())
        .expect("it is sent");
    work.has_begun();
    drop(stream);
    local.shows("460  GET /work?file=");
    work.go_on();
    // The function went on with its work, and takes the next request.
    assert_eq!(local.get("/pid").text(), pid);
}

#[test]
fn status_502_all_copies_busy() {
    let local = Local::with(&["--max-concurrency", "1", "--timeout", "2"]);
    local.get("/");
    let lines = |words: &str| local.lines().iter().filter(|line| line.contains(words)).count();
    let throttled = "LambdaThrottling: all 1 copies of the function stayed busy";
    let (mut answered, mut lost) = (0, 0);
    // The last of three has to wait for two others, longer than the timeout; on a busy machine perhaps only when tried again.
    until("one waits in vain, and another one not", || {
        let statuses = std::thread::scope(|scope| {
            let slow = |_| scope.spawn(|| local.get("/slow?ms=1400").status);
            [(); 3].map(slow).map(|one| one.join().expect("a reply"))
        });
        answered += statuses.iter().filter(|&&status| status == 200).count();
        lost += statuses.iter().filter(|&&status| status == 502).count();
        answered > 0 && lines(throttled) > 0
    });
    // A function that a busy machine delays beyond the timeout is lost, too.
    until("each says why", || lines(throttled) + lines("took longer than its timeout") == lost);
}
