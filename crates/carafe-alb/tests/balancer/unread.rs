//! Clients that do not finish their requests, or do not read their answers.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::client::{connect, read};
use super::local::Local;

#[test]
fn a_head_that_does_not_end() {
    let local = Local::with(&["--idle-timeout", "0.3"]);
    for begun in ["G", "GET / HTTP/1.1\r\nhost: a\r\n", "PRI * HTTP/2.0\r\n\r\nS"] {
        let mut stream = connect(local.address);
        stream.write_all(begun.as_bytes()).expect("it is sent");
        let reply = read(&mut stream, false);
        assert!(reply.status == 408 && reply.is_page(), "{begun:?}: {reply:?}");
        assert_eq!(stream.read(&mut [0; 1]).expect("it is closed"), 0, "{begun:?}");
    }
    local.shows("the head of the request was not through after 0.3 s");
    // A byte now and then does not help. The reply is there once the connection takes no more.
    let mut stream = connect(local.address);
    let mut other = stream.try_clone().expect("it can be");
    let reply = std::thread::scope(|scope| {
        let reply = scope.spawn(move || read(&mut other, false));
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nx: ");
        while stream.write_all(b"x").is_ok() && !reply.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        reply.join().expect("a reply")
    });
    assert_eq!(reply.status, 408);
}

#[test]
fn a_connection_may_rest_between_requests() {
    let local = Local::with(&["--idle-timeout", "0.2"]);
    let mut stream = connect(local.address);
    for pieces in [["GET / HTTP/1.1\r\n", "host: a\r\n\r\n"]; 3] {
        std::thread::sleep(std::time::Duration::from_millis(500));
        for piece in pieces {
            stream.write_all(piece.as_bytes()).expect("it is sent");
        }
        assert_eq!(read(&mut stream, false).status, 200);
    }
    // The time of the function is not the client's.
    stream.write_all(b"GET /slow?ms=600 HTTP/1.1\r\nhost: a\r\n\r\n").expect("it is sent");
    assert_eq!(read(&mut stream, false).status, 200);
}

#[test]
fn a_connection_may_rest_between_requests_over_http2() {
    let local = Local::with(&["--idle-timeout", "0.2"]);
    runtime().block_on(async {
        let mut sender = narrow(&local).await;
        for _ in 0..3 {
            // Frames that make room for more of the body come after the answer, and begin no request.
            let response = sender.send_request(request(&local)).await.expect("a reply");
            assert_eq!(response.status().as_u16(), 200);
            assert!(!response.collect().await.expect("a body").to_bytes().is_empty());
            tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        }
    });
}

#[test]
fn answers_that_nobody_reads() {
    let local = Local::with(&["--idle-timeout", "0.3"]);
    let mut stream = connect(local.address);
    let body = "x".repeat(1_000_000);
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 1000000\r\n\r\n";
    let client = stream.local_addr().expect("an address");
    // More than the system takes in for a client that does not read. At the end there is no connection to send over.
    while stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_ok() {}
    local.shows(&format!("{client} has read nothing of its answers for 0.3 s: closed"));
    assert_eq!(local.get("/").status, 200);
}

/// An HTTP/2 client that reads one byte of each answer at a time.
async fn narrow(local: &Local) -> hyper::client::conn::http2::SendRequest<Full<Bytes>> {
    let stream = tokio::net::TcpStream::connect(local.address).await.expect("the balancer listens");
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(1);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.expect("it speaks HTTP/2");
    tokio::spawn(connection);
    sender
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn request(local: &Local) -> http::Request<Full<Bytes>> {
    let uri = format!("http://{}/pid", local.address);
    http::Request::get(uri).body(Full::default()).expect("a request")
}

#[test]
fn only_so_many_wait_over_http2() {
    let local = Local::with(&[]);
    runtime().block_on(async {
        let sender = narrow(&local).await;
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let mut sender = sender.clone();
            let request = request(&local);
            waiting.spawn(async move { sender.send_request(request).await.expect("a reply") });
        }
        let mut unread = Vec::new();
        for _ in 0..16 {
            unread.push(waiting.join_next().await.expect("one waits").expect("a reply"));
        }
        // Another connection is answered meanwhile, and no other request of this one.
        narrow(&local).await.send_request(request(&local)).await.expect("a reply");
        assert!(waiting.try_join_next().is_none());
        // Each that is read makes room.
        let mut read = 0;
        while let Some(response) = unread.pop() {
            assert!(!response.collect().await.expect("a body").to_bytes().is_empty());
            read += 1;
            unread.extend(waiting.join_next().await.map(|response| response.expect("a reply")));
        }
        assert_eq!(read, 40);
    });
}

#[test]
fn answers_that_nobody_reads_over_http2() {
    let local = Local::with(&["--idle-timeout", "0.3"]);
    runtime().block_on(async {
        let mut sender = narrow(&local).await;
        let response = sender.send_request(request(&local)).await.expect("a reply");
        let unread = response.into_body();
        // Never read: the connection ends.
        let closed = async {
            while sender.ready().await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(super::local::PATIENCE, closed).await.expect("it is closed");
        drop(unread);
    });
    local.shows("has read nothing of its answers for 0.3 s: closed");
}
