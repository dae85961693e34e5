//! HTTP clients: one that sends bytes as they are, one for HTTP/2.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::local::PATIENCE;

/// A reply as it came.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) line: String,
    /// Names as they were written.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(spelling, _)| spelling.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }

    /// The bytes that came.
    pub(super) fn length(&self) -> usize {
        let lines = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n").len());
        self.line.len() + "\r\n\r\n".len() + lines.sum::<usize>() + self.body.len()
    }

    /// The balancer's own page, with nothing of the function in it.
    pub(super) fn is_page(&self) -> bool {
        self.values("server") == ["awselb/2.0"]
            && self.values("content-type") == ["text/html"]
            && self.text().contains(&format!("<title>{}", self.status))
    }
}

pub(super) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the balancer listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    stream.set_write_timeout(Some(PATIENCE)).expect("a timeout can be set");
    stream
}

/// Sends the bytes and reads one reply.
pub(super) fn exchange(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = connect(address);
    // A refusal may come before all is sent.
    let sent = stream.write_all(request);
    assert!(
        sent.as_ref().is_ok_and(|()| true) || sent.is_err_and(|error| error.kind() != ErrorKind::TimedOut)
    );
    read(&mut stream, request.starts_with(b"HEAD "))
}

/// Reads one reply off a connection.
pub(super) fn read(stream: &mut TcpStream, head_only: bool) -> Reply {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let mut more = [0; 4096];
        match stream.read(&mut more) {
            Ok(length) if length > 0 => bytes.extend_from_slice(&more[..length]),
            other => panic!("no reply ({other:?}): {:?}", String::from_utf8_lossy(&bytes)),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut reply = Reply { status, line, headers, body: Vec::new() };
    if !head_only {
        let length =
            reply.values("content-length").first().and_then(|length| length.parse().ok()).unwrap_or(0);
        // There is one reply at a time on a connection: what came behind the head is the body's.
        reply.body = bytes.split_off(end);
        let come = reply.body.len();
        reply.body.resize(length, 0);
        stream.read_exact(&mut reply.body[come..]).expect("the body is whole");
    }
    reply
}

/// One request over HTTP/2 (prior knowledge). An error is that of the stream.
pub(super) fn http2(address: SocketAddr, request: http::Request<&'static str>) -> Result<Reply, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.expect("the balancer listens");
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .expect("it speaks HTTP/2");
        tokio::spawn(connection);
        let request = request.map(|body| Full::new(Bytes::from_static(body.as_bytes())));
        let response = sender.send_request(request).await.map_err(|error| format!("{error:?}"))?;
        let (parts, body) = response.into_parts();
        let headers = parts.headers.iter();
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(Reply {
            status: parts.status.as_u16(),
            line: format!("{:?}", parts.version),
            headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: body.collect().await.map_err(|error| error.to_string())?.to_bytes().to_vec(),
        })
    })
}
