//! Replies of a server, sent byte by byte, and connections that close at the worst moments.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;

use super::{BODY_LIMIT, Connection, HEAD_LIMIT};

/// The script of the server for one connection: for each request it reads, the pieces it sends, with a pause between them. When
/// the script ends it closes.
type Script = Vec<Vec<Vec<u8>>>;

fn reply(text: &str) -> Vec<Vec<u8>> {
    vec![text.as_bytes().to_vec()]
}

/// Serves one connection for each script; gives back the requests, each with its connection's number.
fn serve(scripts: Vec<Script>) -> (String, JoinHandle<Vec<(usize, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = std::thread::spawn(move || {
        let mut requests = Vec::new();
        for (number, script) in scripts.into_iter().enumerate() {
            let (mut stream, _) = listener.accept().expect("a connection");
            for pieces in script {
                requests.push((number, request(&mut stream)));
                for (index, piece) in pieces.iter().enumerate() {
                    if index > 0 {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    // The client may have gone away, which is for the test to see on its side.
                    let _ = stream.write_all(piece);
                }
            }
        }
        requests
    });
    (address, server)
}

/// Reads a request: its head up to the empty line, and a body of the stated length.
fn request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).expect("a request") > 0 {
        text.push(byte[0]);
    }
    let head = String::from_utf8(text.clone()).expect("ASCII");
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a number"))];
    stream.read_exact(&mut body).expect("a body");
    head + &String::from_utf8_lossy(&body)
}

/// Sends so many requests; gives status and body of each reply, or the error.
fn ask(address: &str, times: usize) -> Vec<Result<(u16, Bytes), String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = Connection::new(address.to_owned());
        let mut outcomes = Vec::new();
        for number in 0..times {
            let body = Bytes::from(format!("body {number}"));
            let head = format!("POST /{number} HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
            let exchange = connection.exchange(head.as_bytes(), &body);
            let outcome =
                tokio::time::timeout(Duration::from_secs(20), exchange).await.expect("it does not hang");
            let outcome = outcome.map(|reply| (reply.status, reply.body)).map_err(|error| error.to_string());
            outcomes.push(outcome);
        }
        outcomes
    })
}

/// Returns the body of the one reply in these pieces, or the error.
fn one(pieces: Vec<Vec<u8>>) -> Result<Bytes, String> {
    let (address, server) = serve(vec![vec![pieces]]);
    let outcome = ask(&address, 1).remove(0).map(|(_, body)| body);
    assert_eq!(server.join().expect("served").len(), 1, "sent once");
    outcome
}

#[test]
fn one_connection_for_many_requests() {
    let script =
        (0..50).map(|n| reply(&format!("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{n:03}"))).collect();
    let (address, server) = serve(vec![script]);
    for (number, outcome) in ask(&address, 50).into_iter().enumerate() {
        assert_eq!(outcome, Ok((200, Bytes::from(format!("{number:03}")))));
    }
    let requests = server.join().expect("served");
    assert!(requests[7].1.starts_with("POST /7 ") && requests[7].1.ends_with("body 7"), "{}", requests[7].1);
}

#[test]
fn a_reply_in_any_pieces() {
    let length = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n\
                   0\r\nTrailer: t\r\n\r\n";
    let progress = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
    let closing = "HTTP/1.1 200 OK\r\n\r\nhello world";
    for text in [length, chunked, progress, closing] {
        for end in 1..text.len() {
            let (first, second) = text.split_at(end);
            let body = one(vec![first.into(), second.into()]);
            assert_eq!(body.as_deref(), Ok(b"hello world".as_slice()), "{end}: {text}");
        }
        let bytes: Vec<Vec<u8>> = text.bytes().map(|byte| vec![byte]).collect();
        assert_eq!(one(bytes).as_deref(), Ok(b"hello world".as_slice()), "{text}");
    }
}

#[test]
fn large_bodies() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    assert!(one(vec![head.into_bytes(), body.clone()]).is_ok_and(|got| got == body));
    let mut pieces = vec![b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()];
    for chunk in body.chunks(700_001) {
        pieces.push(format!("{:x}\r\n", chunk.len()).into_bytes());
        pieces.push([chunk, b"\r\n"].concat());
    }
    pieces.push(b"0\r\n\r\n".to_vec());
    assert!(one(pieces).is_ok_and(|got| got == body));
}

#[test]
fn a_reply_that_breaks_off_is_an_error() {
    for text in [
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
    ] {
        let problem = one(reply(text)).expect_err("it is not whole");
        assert!(problem.contains("closed within a reply"), "{problem}");
    }
}

#[test]
fn what_is_not_http_is_an_error() {
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(HEAD_LIMIT));
    let large = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BODY_LIMIT + 1);
    let chunk = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", u64::MAX >> 4);
    let line = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;{}", "x".repeat(HEAD_LIMIT));
    for text in [
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
        &endless,
        &large,
        &chunk,
        &line,
    ] {
        let problem = one(reply(text)).expect_err("it is not HTTP");
        assert!(problem.contains("not HTTP/1.1"), "{problem}");
    }
}

#[test]
fn a_closed_connection_is_replaced_unheard() {
    let fine = || reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    // It says it closes; it just closes; it sends unrequested bytes.
    for last in ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "", "more"] {
        let last = if last.len() > 4 { reply(last) } else { vec![[fine().concat(), last.into()].concat()] };
        let (address, server) = serve(vec![vec![fine(), last], vec![fine()]]);
        for outcome in ask(&address, 3) {
            assert_eq!(outcome, Ok((200, Bytes::from_static(b"ok"))));
        }
        let requests = server.join().expect("served");
        let numbers: Vec<usize> = requests.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 0, 1]);
    }
}

#[test]
fn what_comes_unasked_is_no_reply() {
    let fine = || reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let late = [fine(), reply("HTTP/1.1 408 Event Timeout\r\nContent-Length: 0\r\n\r\n")].concat();
    let (address, server) = serve(vec![vec![late], vec![fine()]]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let statuses = runtime.block_on(async {
        let mut connection = Connection::new(address);
        let mut statuses = Vec::new();
        for _ in 0..2 {
            let reply = connection.exchange(b"GET / HTTP/1.1\r\n\r\n", b"").await.expect("a reply");
            statuses.push(reply.status);
            // As long as a handler that waits for something.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        statuses
    });
    assert_eq!(statuses, [200, 200]);
    assert_eq!(server.join().expect("served").iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_request_is_repeated_only_where_nothing_was_heard() {
    let fine = || reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    // The second request is read and not answered: once more over another connection.
    let (address, server) = serve(vec![vec![fine(), vec![]], vec![fine()]]);
    assert!(ask(&address, 2).iter().all(Result::is_ok));
    let requests = server.join().expect("served");
    assert_eq!((requests[1].0, requests[2].0), (0, 1));
    assert_eq!(requests[1].1, requests[2].1, "whole, both times");
    // It is answered in part: not again.
    let (address, server) = serve(vec![vec![fine(), reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")]]);
    assert!(ask(&address, 2)[1].is_err());
    assert_eq!(server.join().expect("served").len(), 2);
    // Over a new connection there is no second try.
    let (address, server) = serve(vec![vec![vec![]]]);
    assert!(ask(&address, 1)[0].is_err());
    assert_eq!(server.join().expect("served").len(), 1);
}

#[test]
fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    assert!(ask(&address, 1)[0].as_ref().is_err_and(|problem| problem.contains("refused")));
}

/// The most bytes that the sockets of a connection hold for a reader who does not read.
const MORE_THAN_SOCKETS_HOLD: usize = 32 << 20;

#[test]
fn a_refusal_in_the_middle_of_a_request_is_read() {
    let early = "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\n\r\nno";
    let interim = "HTTP/1.1 102 Processing\r\n\r\n\
                   HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\n\r\nno";
    // At once or in pieces; the server closes, or leaves the rest of the request where it is.
    for (reply, pieces, closes) in
        [(early, 1, true), (early, 1, false), (early, 7, false), (interim, 1, false), (interim, 9, false)]
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = std::thread::spawn(move || {
            let (mut first, _) = listener.accept().expect("a connection");
            first.read_exact(&mut [0; 10]).expect("the start of a request");
            for piece in reply.as_bytes().chunks(reply.len().div_ceil(pieces)) {
                first.write_all(piece).expect("it is sent");
                std::thread::sleep(Duration::from_millis(5));
            }
            if closes {
                first.shutdown(std::net::Shutdown::Both).expect("it is closed");
            }
            // What was cut off is over, so the next request has a connection of its own.
            let (mut second, _) = listener.accept().expect("another connection");
            request(&mut second);
            second.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok").expect("it is sent");
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let statuses = runtime.block_on(async {
            let mut connection = Connection::new(address);
            let mut statuses = Vec::new();
            for body in [Bytes::from(vec![b'x'; MORE_THAN_SOCKETS_HOLD]), Bytes::new()] {
                let head = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
                let exchange = connection.exchange(head.as_bytes(), &body);
                let reply = tokio::time::timeout(Duration::from_secs(60), exchange).await;
                statuses.push(reply.expect("it does not hang").expect("a reply").status);
            }
            statuses
        });
        assert_eq!(statuses, [413, 202], "{reply:?} {pieces} {closes}");
        server.join().expect("served");
    }
}

#[test]
fn what_is_accepted_early_is_sent_to_its_end() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut start = [0; 10];
        stream.read_exact(&mut start).expect("the start of a request");
        for piece in ["HTTP/1.1 202 Accepted\r\nContent-Le", "ngth: 2\r\n\r\no", "k"] {
            stream.write_all(piece.as_bytes()).expect("it is sent");
            std::thread::sleep(Duration::from_millis(5));
        }
        let rest = "POST / HTTP/1.1\r\ncontent-length: 33554432\r\n\r\n".len() - start.len();
        stream.read_exact(&mut vec![0; rest + MORE_THAN_SOCKETS_HOLD]).expect("all of it");
        // The connection goes on.
        request(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes").expect("it is sent");
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let bodies = runtime.block_on(async {
        let mut connection = Connection::new(address);
        let mut bodies = Vec::new();
        for body in [Bytes::from(vec![b'x'; MORE_THAN_SOCKETS_HOLD]), Bytes::new()] {
            let head = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
            let exchange = connection.exchange(head.as_bytes(), &body);
            let reply = tokio::time::timeout(Duration::from_secs(60), exchange).await;
            bodies.push(reply.expect("it does not hang").expect("a reply").body);
        }
        bodies
    });
    assert_eq!(bodies, ["ok", "yes"]);
    server.join().expect("served");
}

#[test]
fn a_request_that_nobody_reads_to_its_end_is_an_error() {
    for reply in ["", "HTTP/1.1 102 Processing\r\n\r\n", "no HTTP\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.read_exact(&mut [0; 10]).expect("the start of a request");
            let _ = stream.write_all(reply.as_bytes());
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let outcome = runtime.block_on(async {
            let body = Bytes::from(vec![b'x'; MORE_THAN_SOCKETS_HOLD]);
            let head = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
            let mut connection = Connection::new(address);
            let exchange = connection.exchange(head.as_bytes(), &body);
            tokio::time::timeout(Duration::from_secs(60), exchange).await.expect("it does not hang")
        });
        assert!(outcome.is_err(), "{reply:?}: {outcome:?}");
        server.join().expect("served");
    }
}
