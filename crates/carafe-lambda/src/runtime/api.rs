//! The requests of the Runtime API (`docs/runtime.md`).

use std::io;
use std::pin::pin;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use tokio::net::TcpStream;

use crate::apart::apart;
use crate::context::Context;
use crate::environment::Environment;
use crate::failure::{Failure, FailureKind};
use crate::http1::{Connection, Reply};
use crate::json::{Writer, push_decimal};
use crate::log::{self, Level};

const NEXT: &str = "/invocation/next";

/// The most characters of Lambda's reply that are logged when it refuses a post.
const REFUSAL: usize = 300;

/// A client of the Runtime API; each worker has one.
#[derive(Debug)]
pub(super) struct Api {
    connection: Connection,
    /// The start of every path: `/2018-06-01/runtime`, after the prefix of some emulators.
    base: String,
    /// The rest of the request line, and the headers that all requests have.
    tail: String,
    /// The request for the next invocation, which is always the same.
    next: Vec<u8>,
}

/// One invocation.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) context: Context,
    pub(super) payload: Bytes,
    /// An id that newer Lambda wants back, to tell a late answer from the right one.
    id: Option<String>,
}

impl Api {
    pub(super) fn new(environment: &Environment) -> Api {
        let host = &environment.address;
        let mut api = Api {
            connection: Connection::new(environment.address.clone()),
            base: format!("{}/2018-06-01/runtime", environment.prefix),
            tail: format!(
                " HTTP/1.1\r\nhost: {host}\r\nuser-agent: carafe/{}\r\n",
                env!("CARGO_PKG_VERSION")
            ),
            next: Vec::new(),
        };
        api.next = api.head("GET", &[NEXT], "\r\n");
        api
    }

    /// Waits until the next invocation begins to arrive. It can be given up before that, not after.
    pub(super) async fn wait(&mut self) -> Result<TcpStream, String> {
        let arriving = self.connection.send(&self.next, b"").await;
        arriving.map_err(|error| self.failed(&[NEXT], &error))
    }

    /// Reads the invocation that is arriving.
    pub(super) async fn next(&mut self, arriving: TcpStream) -> Result<Invocation, String> {
        let mut context = Context::default();
        let mut id = None;
        let mut note = |name: &str, value: &[u8]| {
            // Text is the usual case, and the check alone is the faster one.
            let text = || match std::str::from_utf8(value) {
                Ok(text) => text.to_owned(),
                Err(_) => String::from_utf8_lossy(value).into_owned(),
            };
            match strip(name, "lambda-runtime-") {
                Some(name) if name.eq_ignore_ascii_case("aws-request-id") => context.request_id = text(),
                Some(name) if name.eq_ignore_ascii_case("deadline-ms") => {
                    let millis = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok());
                    context.deadline =
                        millis.and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
                }
                Some(name) if name.eq_ignore_ascii_case("invoked-function-arn") => {
                    context.invoked_function_arn = text();
                }
                Some(name) if name.eq_ignore_ascii_case("trace-id") => context.trace_id = Some(text()),
                Some(name) if name.eq_ignore_ascii_case("aws-tenant-id") => context.tenant_id = Some(text()),
                Some(name) if name.eq_ignore_ascii_case("invocation-id") => id = Some(text()),
                _ => {}
            }
        };
        let reply = self.connection.reply(arriving, &mut note).await;
        let reply = reply.map_err(|error| self.failed(&[NEXT], &error))?;
        if reply.status != 200 {
            return Err(refused(&[NEXT], &reply));
        }
        // It becomes a piece of a path.
        let piece = |byte: u8| byte.is_ascii_graphic() && !b"/?#".contains(&byte);
        if context.request_id.is_empty() || !context.request_id.bytes().all(piece) {
            return Err(format!("{NEXT} gave no usable request id: {:?}", context.request_id));
        }
        Ok(Invocation { context, payload: reply.body, id })
    }

    /// Posts the answer of an invocation, or its failure, and tells whether it was accepted.
    pub(super) async fn answer(
        &mut self,
        request_id: &str,
        invocation: Option<&str>,
        answer: Result<Bytes, Failure>,
    ) -> Result<bool, String> {
        let (what, error, body) = match answer {
            Ok(answer) => ("response", None, answer),
            Err(failure) => ("error", Some(failure.kind.as_str()), document(&failure)),
        };
        let path = ["/invocation/", request_id, "/", what];
        apart(pin!(self.post(&path, invocation, error, &body))).await
    }

    /// Reports that the function cannot start, or not go on after its snapshot was restored. If that fails too, there is nobody
    /// left to tell.
    pub(super) async fn not_started(&mut self, failure: &Failure) {
        let path = if failure.kind == FailureKind::Restore { "/restore/error" } else { "/init/error" };
        let error = Some(failure.kind.as_str());
        let _ = apart(pin!(self.post(&[path], None, error, &document(failure)))).await;
    }

    /// Reports that the start is done and a snapshot may be taken; returns in the process restored from it.
    pub(super) async fn restored(&mut self) -> Result<(), Failure> {
        const PATH: &[&str] = &["/restore/next"];
        let request = self.head("GET", PATH, "\r\n");
        let reply = self.exchange(PATH, &request, b"").await;
        // The socket belongs to the machine of the snapshot.
        self.connection.close();
        let problem = match reply {
            Ok(reply) if (200..300).contains(&reply.status) => return Ok(()),
            Ok(reply) => refused(PATH, &reply),
            Err(problem) => problem,
        };
        Err(Failure::new(FailureKind::Init, problem))
    }

    /// Posts a body, and tells whether it was accepted. A refusal (4xx) is logged and the loop goes on; a server error (5xx)
    /// ends the process (`docs/runtime.md`).
    async fn post(
        &mut self,
        path: &[&str],
        invocation: Option<&str>,
        error: Option<&str>,
        body: &[u8],
    ) -> Result<bool, String> {
        let mut head = self.head("POST", path, "content-type: application/json\r\ncontent-length: ");
        push_decimal(&mut head, body.len() as u64, 1);
        for (name, value) in [("invocation-id", invocation), ("function-error-type", error)] {
            if let Some(value) = value {
                push(&mut head, &["\r\nlambda-runtime-", name, ": ", value]);
            }
        }
        push(&mut head, &["\r\n\r\n"]);
        let reply = self.exchange(path, &head, body).await?;
        match reply.status {
            200..300 => Ok(true),
            500.. => Err(refused(path, &reply)),
            _ => {
                log::failure(Level::Error, &Failure::new(FailureKind::Lambda, refused(path, &reply)), None);
                Ok(false)
            }
        }
    }

    async fn exchange(&mut self, path: &[&str], head: &[u8], body: &[u8]) -> Result<Reply, String> {
        let reply = apart(pin!(self.connection.exchange(head, body))).await;
        reply.map_err(|error| self.failed(path, &error))
    }

    /// Returns the start of a request; the path comes in pieces.
    fn head(&self, method: &str, path: &[&str], headers: &str) -> Vec<u8> {
        let mut head = Vec::with_capacity(512);
        push(&mut head, &[method, " ", &self.base]);
        push(&mut head, path);
        push(&mut head, &[&self.tail, headers]);
        head
    }

    fn failed(&self, path: &[&str], error: &io::Error) -> String {
        format!("{} at {}: {error}", path.concat(), self.connection.address())
    }
}

impl Invocation {
    /// Returns its parts: metadata, payload, and the id to give back.
    pub(super) fn into_parts(self) -> (Context, Bytes, Option<String>) {
        (self.context, self.payload, self.id)
    }
}

/// Returns the rest of a name after a prefix, whatever the letter case.
fn strip<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let (start, rest) = name.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn push(head: &mut Vec<u8>, pieces: &[&str]) {
    for piece in pieces {
        head.extend_from_slice(piece.as_bytes());
    }
}

fn refused(path: &[&str], reply: &Reply) -> String {
    let text = String::from_utf8_lossy(&reply.body);
    let text: String = text.chars().take(REFUSAL).collect();
    format!("{} answered {} {text}", path.concat(), reply.status)
}

/// Writes a failure as the Runtime API expects it.
fn document(failure: &Failure) -> Bytes {
    let message = log::shown(&failure.message);
    let mut json = Writer::with_capacity(128 + message.len());
    json.open_object().key("errorMessage").text(&message).key("errorType").text(failure.kind.as_str());
    json.key("stackTrace").open_array().close_array().close_object();
    json.into_bytes()
}
