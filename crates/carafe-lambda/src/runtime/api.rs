//! The Runtime API's requests: what Lambda is asked and told (`docs/alb.md` §6).

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;

use super::http1::{Connection, Reply};
use crate::context::Context;
use crate::environment::Environment;
use crate::failure::{Failure, FailureKind};
use crate::json::Writer;
use crate::log::{self, Level};

/// What a refusal by Lambda may add to the log.
const REFUSAL: usize = 300;

/// One caller of the Runtime API; as many as there are invocations at a time.
#[derive(Debug)]
pub(super) struct Api {
    connection: Connection,
    /// In front of every path: `/2018-06-01/runtime`, behind the prefix of some stand-ins.
    base: String,
    /// Behind every path, to where headers that are the request's own begin.
    tail: String,
}

/// One invocation.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) context: Context,
    pub(super) payload: Bytes,
    /// Newer Lambda wants it back, to tell a late answer from the right one.
    id: Option<String>,
}

impl Api {
    pub(super) fn new(environment: &Environment) -> Api {
        let host = &environment.address;
        Api {
            connection: Connection::new(environment.address.clone()),
            base: format!("{}/2018-06-01/runtime", environment.prefix),
            tail: format!(
                " HTTP/1.1\r\nhost: {host}\r\nuser-agent: carafe/{}\r\n",
                env!("CARGO_PKG_VERSION")
            ),
        }
    }

    /// Waits for the next invocation.
    pub(super) async fn next(&mut self) -> Result<Invocation, String> {
        const PATH: &str = "/invocation/next";
        let mut context = Context::default();
        let mut id = None;
        let mut note = |name: &str, value: &[u8]| {
            let text = || String::from_utf8_lossy(value).into_owned();
            match strip(name, "lambda-runtime-") {
                Some(name) if name.eq_ignore_ascii_case("aws-request-id") => context.request_id = text(),
                Some(name) if name.eq_ignore_ascii_case("deadline-ms") => {
                    let millis = text().trim().parse().ok();
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
        let reply = self.send("GET", PATH, "\r\n", Bytes::new(), &mut note).await?;
        if reply.status != 200 {
            return Err(refused(PATH, &reply));
        }
        // It becomes a piece of a path.
        let piece = |byte: u8| byte.is_ascii_graphic() && !b"/?#".contains(&byte);
        if context.request_id.is_empty() || !context.request_id.bytes().all(piece) {
            return Err(format!("{PATH} gave no usable request id: {:?}", context.request_id));
        }
        Ok(Invocation { context, payload: reply.body, id })
    }

    /// Answers an invocation, or tells that it failed.
    pub(super) async fn answer(
        &mut self,
        request_id: &str,
        invocation: Option<&str>,
        answer: Result<Bytes, Failure>,
    ) -> Result<(), String> {
        match answer {
            Ok(answer) => {
                self.post(&format!("/invocation/{request_id}/response"), invocation, None, answer).await
            }
            Err(failure) => {
                let path = format!("/invocation/{request_id}/error");
                self.post(&path, invocation, Some(failure.kind.as_str()), document(&failure)).await
            }
        }
    }

    /// Tells that the function cannot start. There is nobody to tell if that fails too.
    pub(super) async fn init_error(&mut self, failure: &Failure) {
        let _ = self.post("/init/error", None, Some(failure.kind.as_str()), document(failure)).await;
    }

    /// Tells that the start is done and a snapshot may be taken; comes back in the process restored from it.
    pub(super) async fn restored(&mut self) -> Result<(), String> {
        const PATH: &str = "/restore/next";
        let reply = self.send("GET", PATH, "\r\n", Bytes::new(), &mut |_, _| ()).await?;
        // It belongs to the machine that the snapshot was taken of.
        self.connection.close();
        if (200..300).contains(&reply.status) { Ok(()) } else { Err(refused(PATH, &reply)) }
    }

    /// Posts. That Lambda refuses what is posted is a line in the log and not the end, unless Lambda itself is broken: then the
    /// process has to go (`docs/alb.md` §6).
    async fn post(
        &mut self,
        path: &str,
        invocation: Option<&str>,
        error: Option<&str>,
        body: Bytes,
    ) -> Result<(), String> {
        let mut headers = String::with_capacity(160);
        // A `String` takes everything.
        let _ = write!(headers, "content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in [("invocation-id", invocation), ("function-error-type", error)] {
            if let Some(value) = value {
                let _ = write!(headers, "lambda-runtime-{name}: {value}\r\n");
            }
        }
        headers.push_str("\r\n");
        let reply = self.send("POST", path, &headers, body, &mut |_, _| ()).await?;
        match reply.status {
            200..300 => Ok(()),
            500.. => Err(refused(path, &reply)),
            _ => {
                log::failure(Level::Error, &Failure::new(FailureKind::Lambda, refused(path, &reply)), None);
                Ok(())
            }
        }
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: Bytes,
        header: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> Result<Reply, String> {
        let head = [method, " ", &self.base, path, &self.tail, headers].concat();
        let sent = self.connection.exchange(head.into(), body, header).await;
        sent.map_err(|error| format!("{path} at {}: {error}", self.connection.address()))
    }
}

impl Invocation {
    /// Its parts: what is known about it, the event, and the id to give back.
    pub(super) fn into_parts(self) -> (Context, Bytes, Option<String>) {
        (self.context, self.payload, self.id)
    }
}

/// What follows a prefix, in letters of either case.
fn strip<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let (start, rest) = name.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn refused(path: &str, reply: &Reply) -> String {
    let text = String::from_utf8_lossy(&reply.body);
    let text: String = text.chars().take(REFUSAL).collect();
    format!("{path} answered {} {text}", reply.status)
}

/// A failure as the Runtime API wants it.
fn document(failure: &Failure) -> Bytes {
    let mut json = Writer::with_capacity(128 + failure.message.len());
    json.open_object()
        .key("errorMessage")
        .text(&failure.message)
        .key("errorType")
        .text(failure.kind.as_str());
    json.key("stackTrace").open_array().close_array().close_object();
    json.into_bytes()
}
