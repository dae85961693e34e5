//! HTTP on this machine, for a look at the app: one thread to a connection, HTTP/1.1 with bodies of known length.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use carafe_lambda::{Context, Request};
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{HeaderValue, Method, StatusCode};

use super::command::wrong;
use crate::app::App;
use crate::error::Result;
use crate::executor::block_on;
use crate::response::Response;

const USUAL: &str = "127.0.0.1:3000";
/// What a load balancer takes, `docs/alb.md` §4.
const MOST_HEAD: u64 = 64 * 1024;
const MOST_BODY: usize = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers until the process ends.
pub(super) fn serve(listen: Option<&str>, app: App) -> Result {
    let address = address(listen.unwrap_or(USUAL))?;
    let unusable = |error: std::io::Error| wrong(format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).map_err(unusable)?;
    let mut out = std::io::stdout();
    writeln!(out, "Listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    let app = Arc::new(app);
    for stream in listener.incoming() {
        // A client that is gone already is no reason to end.
        let Ok(stream) = stream else { continue };
        let app = Arc::clone(&app);
        std::thread::spawn(move || {
            // As is one that breaks off.
            let _ = connection(&stream, &app);
        });
    }
    Ok(())
}

/// `3000`, `127.0.0.1:3000` or `localhost:3000`.
fn address(text: &str) -> Result<SocketAddr> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
    }
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| wrong(format!("`{text}` is no address to listen on; one is `{USUAL}`")))
}

fn connection(stream: &TcpStream, app: &App) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let peer = stream.peer_addr()?.ip();
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let (response, head_only, close) = match request(&mut reader, &mut writer, peer)? {
            Incoming::End => return Ok(()),
            Incoming::Bad(status) => {
                let mut response =
                    Response::new(Bytes::from_static(status.canonical_reason().unwrap_or("").as_bytes()));
                *response.status_mut() = status;
                (response, false, true)
            }
            Incoming::Request(request, close) => {
                let head_only = request.method() == Method::HEAD;
                let answered = block_on(app.answer(*request)).map_err(std::io::Error::other)?;
                (answered.0, head_only, close)
            }
        };
        write(&mut writer, response, head_only, close)?;
        if close {
            return Ok(());
        }
    }
}

/// What stood on the connection.
enum Incoming {
    End,
    Bad(StatusCode),
    /// The request, and whether the client wants the connection closed.
    Request(Box<Request>, bool),
}

fn request(reader: &mut impl BufRead, writer: &mut impl Write, peer: IpAddr) -> std::io::Result<Incoming> {
    let mut head = reader.by_ref().take(MOST_HEAD);
    let mut line = String::new();
    match head.read_line(&mut line) {
        Ok(0) => return Ok(Incoming::End),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return Ok(Incoming::Bad(StatusCode::BAD_REQUEST));
        }
        Err(error) => return Err(error),
    }
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Ok(Incoming::Bad(StatusCode::BAD_REQUEST));
    };
    if Method::from_bytes(method.as_bytes()).is_err() || !target.starts_with(['/', '*']) {
        return Ok(Incoming::Bad(StatusCode::BAD_REQUEST));
    }
    let mut builder = Request::builder().method(method).target(target).peer(peer);
    let (mut len, mut close) = (0_usize, version != "HTTP/1.1");
    loop {
        let mut field = Vec::new();
        if head.read_until(b'\n', &mut field)? == 0 {
            return Ok(Incoming::Bad(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        }
        let field = String::from_utf8_lossy(&field);
        let field = field.trim_end();
        if field.is_empty() {
            break;
        }
        let Some((name, value)) = field.split_once(':') else {
            return Ok(Incoming::Bad(StatusCode::BAD_REQUEST));
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => match value.parse() {
                Ok(told) => len = told,
                Err(_) => return Ok(Incoming::Bad(StatusCode::BAD_REQUEST)),
            },
            "transfer-encoding" => return Ok(Incoming::Bad(StatusCode::LENGTH_REQUIRED)),
            "connection" => close = close || value.eq_ignore_ascii_case("close"),
            "expect" => writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?,
            _ => {}
        }
        builder = builder.header(name, value);
    }
    if len > MOST_BODY {
        return Ok(Incoming::Bad(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let mut body = vec![0; len];
    reader.read_exact(&mut body)?;
    let request = builder.body(body).context(Context::new("local")).build();
    Ok(Incoming::Request(Box::new(request), close))
}

fn write(writer: &mut impl Write, response: Response, head_only: bool, close: bool) -> std::io::Result<()> {
    let (mut parts, body) = response.into_parts();
    let bodyless = parts.status == StatusCode::NO_CONTENT || parts.status == StatusCode::NOT_MODIFIED;
    if !bodyless {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    if close {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let reason = parts.status.canonical_reason().unwrap_or_default();
    let mut out = format!("HTTP/1.1 {} {reason}\r\n", parts.status.as_u16()).into_bytes();
    for (name, value) in &parts.headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    if !head_only && !bodyless {
        out.extend_from_slice(&body);
    }
    writer.write_all(&out)?;
    writer.flush()
}
