//! One request from end to end: refused, or made an event and sent through the function, whose answer becomes a reply.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Method, Response, Version};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::builds::{self, Gate};
use crate::error::Error;
use crate::exchange::Exchange;
use crate::framing;
use crate::function::{Failure, Invoked, Pool};
use crate::hosts;
use crate::modes;
use crate::options::Options;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::report::{AccessLog, Recorder, Recording, Seen, Terminal};
use crate::request::{self, Request};

/// State that all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Arc<Options>,
    pub(crate) exchange: Exchange,
    pub(crate) terminal: Arc<Terminal>,
    port: u16,
    pool: Arc<Pool>,
    /// Invocations outlive their requests: a client that goes away does not end the function.
    invocations: Mutex<JoinSet<()>>,
    /// Set once the balancer ends: requests that are cut off then are not reported as their clients' doing.
    ending: AtomicBool,
    access_log: Option<AccessLog>,
    recorder: Option<Recorder>,
}

impl Shared {
    pub(crate) fn new(options: Options, port: u16) -> Result<Shared, Error> {
        let options = Arc::new(options);
        let terminal = Arc::new(Terminal::start(options.quiet)?);
        Ok(Shared {
            exchange: Exchange::of(&options, port),
            pool: Arc::new(Pool::new(Arc::clone(&options), Arc::clone(&terminal))?),
            terminal,
            port,
            invocations: Mutex::default(),
            ending: AtomicBool::new(false),
            access_log: options.access_log.as_deref().map(AccessLog::open).transpose()?,
            recorder: options.record.as_deref().map(Recorder::open).transpose()?,
            options,
        })
    }

    /// Reports a request that could not be read; `sent` is the length of the reply.
    pub(crate) fn refused(&self, client: SocketAddr, refusal: &Refusal, sent: usize) {
        let mut seen = Seen::new(client);
        seen.refused(refusal);
        seen.answered(&refusal.to_response(&Method::GET));
        seen.sent = sent;
        self.tell(&seen);
    }

    /// Notes that connections are about to be closed by the balancer.
    pub(crate) fn about_to_end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Ends every copy of the function, and waits a moment for the logs.
    pub(crate) async fn end(&self) {
        let mut invocations = std::mem::take(&mut *self.invocations());
        invocations.shutdown().await;
        self.pool.end().await;
        self.terminal.finish();
        if let Some(log) = &self.access_log {
            log.finish();
        }
    }

    fn invocations(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.invocations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, seen: &Seen) {
        self.terminal.request(seen);
        if let Some(log) = &self.access_log {
            log.write(seen, self.port);
        }
    }

    /// Answers one request of a connection. `closes` is true where hyper closes that afterwards, whatever the request says.
    pub(crate) async fn exchange(
        &self,
        request: http::Request<Incoming>,
        client: SocketAddr,
        closes: bool,
    ) -> Result<Response<Bytes>, h2::Error> {
        if let Some(builds) = &self.options.builds
            && let Some(news) = builds.long_poll(request.headers()).await
        {
            return Ok(framing::complete(news, request.method()));
        }
        let mut told = Told { shared: self, seen: Seen::new(client) };
        let (parts, body) = request.into_parts();
        told.seen.head(&parts);
        let version = parts.version;
        let has = |token| request::has_token(&parts.headers, CONNECTION, token);
        let stays_open = match version {
            Version::HTTP_2 => false, // It has no such header.
            Version::HTTP_11 => !closes && !has("close"),
            _ => !closes && !has("close") && has("keep-alive"),
        };
        let mut request = Request::new(parts, client);
        let mut response = self.respond(&mut request, body, &mut told.seen).await?;
        if stays_open {
            response.headers_mut().entry(CONNECTION).or_insert(HeaderValue::from_static("keep-alive"));
        } else if version == Version::HTTP_11 {
            // In place of what a function may have said: hyper closes the connection.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        told.seen.answered(&response);
        Ok(response)
    }

    /// Returns what the client gets: the reply to a request, a refusal, or the page of a build.
    async fn respond(
        &self,
        request: &mut Request,
        body: Incoming,
        seen: &mut Seen,
    ) -> Result<Response<Bytes>, h2::Error> {
        let admitted = self.exchange.admit(request);
        let admitted = admitted.and_then(|()| hosts::check(request, &self.options.allow_hosts));
        let mut gate = Gate::Open;
        if admitted.is_ok()
            && let Some(builds) = &self.options.builds
        {
            gate = builds.gate(&request.headers).await;
        }
        let (is_http2, idle) = (request.http2(), self.options.idle_timeout);
        // A stream of HTTP/2 whose body is not read to its end is reset, and the client may not see the reply.
        let drain = async |body, seen: &mut Seen| {
            if is_http2 {
                let _ = request::read_body(body, idle, &mut seen.received).await;
            }
        };
        let reply = match (admitted, &mut gate) {
            (Err(refusal), _) => {
                drain(body, seen).await;
                Err(refusal)
            }
            (Ok(()), Gate::Closed(response, why)) => {
                drain(body, seen).await;
                seen.why = Some((*why).to_owned());
                return Ok(framing::complete(std::mem::take(response), &request.method));
            }
            (Ok(()), _) => self.answer(request, body, seen).await,
        };
        let mut response = match reply {
            Ok(reply) if reply.hop_by_hop && is_http2 => {
                seen.why = Some("hop-by-hop headers over HTTP/2: the client sees a protocol error".into());
                return Err(h2::Reason::PROTOCOL_ERROR.into());
            }
            Ok(mut reply) => {
                seen.warnings.append(&mut reply.warnings);
                framing::complete(reply.into_response(request.version), &request.method)
            }
            Err(refusal) => {
                seen.refused(&refusal);
                refusal.to_response(&request.method)
            }
        };
        if let Gate::LastGood(why) = gate {
            let (name, value) = builds::STALE;
            response.headers_mut().insert(name, value);
            seen.warnings.push(format!("the last good build has answered: {why}"));
        }
        Ok(response)
    }

    async fn answer(&self, request: &mut Request, body: Incoming, seen: &mut Seen) -> Result<Reply, Refusal> {
        request.body = request::read_body(body, self.options.idle_timeout, &mut seen.received).await?;
        if let Some(head) = &mut seen.head {
            head.trace = Some(format!("Root={}", request.trace.as_str()));
        }
        let recorder = self.recorder.as_ref();
        let recording = recorder.map(|recorder| recorder.next(request.method.as_str(), request.uri.path()));
        let reply = self.through(&self.exchange, "", request, recording.as_ref(), seen).await;
        if self.options.both_modes {
            let mut aside = Seen::new(request.client);
            let exchange = self.exchange.other_mode();
            let other = self.through(&exchange, "other-", request, recording.as_ref(), &mut aside).await;
            seen.warnings.append(&mut aside.warnings);
            seen.warnings.extend(modes::difference(&reply, &other, self.exchange.is_multi_value()));
        }
        reply
    }

    /// Takes a request through one header mode: event, function, answer. `prefix` is for the names of recordings.
    async fn through(
        &self,
        exchange: &Exchange,
        prefix: &str,
        request: &Request,
        recording: Option<&Recording>,
        seen: &mut Seen,
    ) -> Result<Reply, Refusal> {
        let event = Bytes::from(exchange.write(request)?);
        if let Some(recording) = recording {
            seen.warnings.extend(recording.write(&format!("{prefix}event"), &event).await.err());
        }
        let sent = Instant::now();
        seen.target = Some(sent.elapsed());
        let invoked = self.invoke(event).await;
        seen.target = Some(sent.elapsed());
        seen.cold_start = invoked.cold_start;
        let answer = invoked.outcome?;
        if let Some(recording) = recording {
            seen.warnings.extend(recording.write(&format!("{prefix}answer"), &answer).await.err());
        }
        let reply = exchange.read(&answer, &request.method)?;
        seen.target_status = Some(reply.status.as_u16());
        Ok(reply)
    }

    /// Sends an event through the function, to its end even if the client has gone.
    pub(crate) async fn invoke(&self, event: Bytes) -> Invoked {
        let (done, waiting) = oneshot::channel();
        let pool = Arc::clone(&self.pool);
        {
            let mut invocations = self.invocations();
            while invocations.try_join_next().is_some() {}
            invocations.spawn(async move {
                let _ = done.send(pool.invoke(event).await);
            });
        }
        let ended = || Invoked { outcome: Err(Failure::Exit("was ended".into())), cold_start: None };
        waiting.await.unwrap_or_else(|_| ended())
    }
}

/// Reports a request when it is over; one whose client went away is a 460.
struct Told<'s> {
    shared: &'s Shared,
    seen: Seen,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if self.seen.status == 0 && self.seen.why.is_none() {
            if self.shared.ending.load(Ordering::Relaxed) {
                return;
            }
            self.seen.status = 460;
            self.seen.why = Some("the client closed the connection before there was an answer".into());
        }
        self.shared.tell(&self.seen);
    }
}
