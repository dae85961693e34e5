//! The Lambda Runtime API for one child process, on an address of its own: so it is clear who asks.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Collected, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio::task::{AbortHandle, JoinSet};

use super::extensions::Extensions;
use super::freezer::Freezer;
use super::peer;
use super::respond::{accepted, problem};
use crate::FUNCTION;

/// Bytes that Lambda takes from a function: 6 MB and a little.
const MOST: usize = 6 * 1024 * 1024 + 100;
const PREFIX: &str = "/2018-06-01/runtime/";
const EXTENSIONS: &str = "/2020-01-01/extension/";

/// One event on its way to the function.
#[derive(Debug, Clone)]
pub(super) struct Invocation {
    pub(super) id: String,
    pub(super) event: Bytes,
    pub(super) timeout: Duration,
    pub(super) trace: String,
}

/// An action of the function.
#[derive(Debug)]
pub(super) enum Report {
    /// It asks for an event.
    Asks,
    /// It has one.
    Took,
    Answered(Bytes),
    TooLarge(usize),
    Failed {
        kind: String,
        message: String,
    },
    InitFailed {
        kind: String,
        message: String,
    },
}

/// The address, and what goes in and comes out. Dropped, the service ends.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    pub(super) address: SocketAddr,
    pub(super) invocations: mpsc::Sender<Invocation>,
    pub(super) reports: mpsc::UnboundedReceiver<Report>,
    service: AbortHandle,
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.service.abort();
    }
}

impl RuntimeApi {
    /// Listens. With `snapshots` the function may ask for the restoration of its snapshot.
    pub(super) async fn start(freezer: Arc<Freezer>, snapshots: bool) -> io::Result<RuntimeApi> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (invocations, to_function) = mpsc::channel(1);
        let (reports, from_function) = mpsc::unbounded_channel();
        let to_function = AsyncMutex::new(to_function);
        let (current, extensions) = (Mutex::new(None), Extensions::default());
        let desk = Desk { invocations: to_function, reports, current, freezer, extensions, snapshots };
        let service = tokio::spawn(serve(listener, address, Arc::new(desk))).abort_handle();
        Ok(RuntimeApi { address, invocations, reports: from_function, service })
    }
}

/// Takes connections; they end with this.
async fn serve(listener: TcpListener, address: SocketAddr, desk: Arc<Desk>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, client)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Without it a small answer waits until the client has acknowledged the previous one.
        let _ = stream.set_nodelay(true);
        let desk = Arc::clone(&desk);
        connections.spawn(async move {
            let is_ours = peer::is_ours(client, address).await;
            let service = service_fn(|request| {
                let desk = Arc::clone(&desk);
                async move { Ok::<_, Infallible>(if is_ours { desk.answer(request).await } else { stranger() }) }
            });
            // A function that breaks off a connection says so by its exit, if at all.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// The service: hands out events and takes answers.
#[derive(Debug)]
struct Desk {
    invocations: AsyncMutex<mpsc::Receiver<Invocation>>,
    reports: mpsc::UnboundedSender<Report>,
    /// The invocation that has no answer yet.
    current: Mutex<Option<String>>,
    freezer: Arc<Freezer>,
    extensions: Extensions,
    snapshots: bool,
}

impl Desk {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        if let Some(path) = head.uri.path().strip_prefix(EXTENSIONS) {
            return self.extension(&head, path, body).await;
        }
        let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
        let mut pieces = path.split('/');
        let pieces = (pieces.next(), pieces.next(), pieces.next(), pieces.next());
        if (&head.method, pieces) == (&Method::GET, (Some("invocation"), Some("next"), None, None)) {
            return self.next().await;
        }
        if self.snapshots && (&head.method, path) == (&Method::GET, "restore/next") {
            // The snapshot is restored at once: there is an event, or the function would not have been started.
            return Response::new(Full::default());
        }
        // Also for a call that is refused: a connection whose body has not been read would end.
        let body = Limited::new(body, MOST).collect().await.map(Collected::to_bytes);
        match (&head.method, pieces) {
            (&Method::POST, (Some("invocation"), Some(id), Some(what @ ("response" | "error")), None)) => {
                self.done(id, what == "error", &head.headers, body)
            }
            (&Method::POST, (Some("init" | "restore"), Some("error"), None, None)) => {
                let (kind, message) = error(&head.headers, &body.unwrap_or_default());
                self.report(Report::InitFailed { kind, message });
                accepted()
            }
            _ => problem(StatusCode::NOT_FOUND, "InvalidPath", "there is no such call in the Runtime API"),
        }
    }

    /// Answers a call of the Extensions API.
    async fn extension(&self, head: &Parts, path: &str, body: Incoming) -> Response<Full<Bytes>> {
        match (&head.method, path) {
            (&Method::POST, "register") => {
                let body = Limited::new(body, MOST).collect().await.map(Collected::to_bytes);
                self.extensions.register(&head.headers, &body.unwrap_or_default(), &self.freezer)
            }
            (&Method::GET, "event/next") => self.extensions.next(&head.headers, &self.freezer).await,
            _ => problem(StatusCode::NOT_FOUND, "InvalidPath", "there is no such call in the Extensions API"),
        }
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        self.report(Report::Asks);
        let asking = self.freezer.asks();
        // A request that waits has its turn first: two signals cost as much as a small request.
        tokio::task::yield_now().await;
        self.freezer.settle();
        let received = self.invocations.lock().await.recv().await;
        drop(asking);
        let Some(Invocation { id, event, timeout, trace }) = received else {
            return problem(StatusCode::GONE, "Ended", "the load balancer is about to end");
        };
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + timeout;
        let mut response = Response::new(Full::new(event));
        let headers = response.headers_mut();
        // AWS's own clients end themselves without this one.
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("lambda-runtime-deadline-ms", HeaderValue::from(deadline.as_millis() as u64));
        headers.insert("lambda-runtime-invoked-function-arn", HeaderValue::from_static(FUNCTION));
        for (name, value) in [("lambda-runtime-aws-request-id", &id), ("lambda-runtime-trace-id", &trace)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        *self.current() = Some(id);
        self.report(Report::Took);
        response
    }

    fn done(
        &self,
        id: &str,
        failed: bool,
        headers: &HeaderMap,
        body: Result<Bytes, Box<dyn std::error::Error + Send + Sync>>,
    ) -> Response<Full<Bytes>> {
        let mut current = self.current();
        if current.as_deref() != Some(id) {
            let message = "no invocation with this id waits for an answer";
            return problem(StatusCode::BAD_REQUEST, "InvalidRequestID", message);
        }
        let (report, response) = match body {
            Ok(body) if failed => {
                let (kind, message) = error(headers, &body);
                (Report::Failed { kind, message }, accepted())
            }
            Ok(body) => (Report::Answered(body), accepted()),
            Err(broken) if broken.is::<LengthLimitError>() => {
                let message = format!("an answer can have {MOST} bytes");
                let response = problem(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message);
                (Report::TooLarge(content_length(headers).unwrap_or(MOST)), response)
            }
            // The function went away in the middle of its answer; its exit tells.
            Err(_) => return problem(StatusCode::BAD_REQUEST, "InvalidBody", "the answer broke off"),
        };
        *current = None;
        self.freezer.answered();
        self.report(report);
        response
    }

    /// Sends a report; the receiver is gone if the child is about to be ended.
    fn report(&self, report: Report) {
        let _ = self.reports.send(report);
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get("content-length")?.to_str().ok()?.parse().ok()
}

/// Reads an error body, `{"errorType", "errorMessage"}`; the header has the type if the body does not.
fn error(headers: &HeaderMap, body: &[u8]) -> (String, String) {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let header = || {
        let value = headers.get("lambda-runtime-function-error-type")?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let kind = field("errorType").or_else(header).unwrap_or_else(|| "Unhandled".to_owned());
    (kind, field("errorMessage").unwrap_or_else(|| String::from_utf8_lossy(body).into_owned()))
}

fn stranger() -> Response<Full<Bytes>> {
    let message = "events are for processes of the user who started the load balancer";
    problem(StatusCode::FORBIDDEN, "AccessDenied", message)
}
