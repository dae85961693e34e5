//! A function on the bare wire: it answers with what it saw, or with what the body asks for.
//!
//! `POST /reply` with `{"status": 201, "headers": [["x-a", "1"]], "body": "text", "repeat": 3}` is answered so; `/panic`,
//! `/panic-later`, `/fragile-*`, `/slow`, `/drop`, `/block` and `/error` misbehave, `/after/*` leaves work; everything else is
//! described as JSON, as it came. The tests start their own program again as this function, so it is never older than they are, and drive it through
//! the run loop.

use std::ffi::OsString;
use std::time::Duration;

use bytes::Bytes;
use carafe_lambda::{Answer, Event, Failure, FailureKind, Options, OtherEvents, Service, SnapshotHooks};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// Variables that name the file for which `/held` waits, and the one that `/nap` makes when it begins.
pub(crate) const GO_ON: &str = "MIRROR_GO_ON";
pub(crate) const BEGUN: &str = "MIRROR_BEGUN";

/// It has a function for other events where `MIRROR_EVENTS` is set.
struct Mirror {
    events: Option<OtherEvents>,
    hooks: SnapshotHooks,
}

impl Service for Mirror {
    fn snapshot_hooks(&self) -> Option<&SnapshotHooks> {
        Some(&self.hooks)
    }

    fn other_events(&self) -> Option<&OtherEvents> {
        self.events.as_ref()
    }

    async fn call(&self, request: Event) -> Answer {
        let response = match request.raw_path() {
            "/health" => Response::new(Bytes::from_static(b"ok")),
            "/reply" => reply(&request),
            "/length" => Response::new(Bytes::from(request.body().len().to_string())),
            "/panic" => panic_on(request.method().as_str()),
            "/panic-later" => {
                tokio::task::yield_now().await;
                panic_on(request.method().as_str())
            }
            "/slow" => {
                request.note_route("/slow");
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Response::new(Bytes::new())
            }
            "/drop" => {
                let _fragile = Fragile;
                std::future::pending().await
            }
            "/fragile-body" => Response::new(Bytes::from_owner(FragileBody(Fragile))),
            "/fragile-extension" => {
                let mut response = Response::new(Bytes::from_static(b"fine"));
                response.extensions_mut().insert(std::sync::Arc::new(Fragile));
                response
            }
            "/fragile-payload" => FragilePayload(request.body().len()).panic(),
            "/block" => {
                std::thread::sleep(Duration::from_millis(500));
                Response::new(Bytes::from_static(b"blocked"))
            }
            // Blocks its thread until the test has made the file.
            "/held" => {
                let file = std::env::var(GO_ON).expect("a file");
                while !std::path::Path::new(&file).exists() {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Response::new(Bytes::from_static(b"held"))
            }
            "/nap" => {
                if let Ok(file) = std::env::var(BEGUN) {
                    std::fs::write(file, "").expect("a file");
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                Response::new(Bytes::from_static(b"napped"))
            }
            "/error" => {
                let mut answer = Answer::new(Response::new(Bytes::from_static(b"sorry")));
                *answer.response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                request.note_route("/error");
                answer.failure =
                    Some(Failure::new(FailureKind::Error, "the database is away\n\u{1b}[31mreally"));
                return answer;
            }
            path if path.starts_with("/after/") => {
                crate::after::spawn(&request);
                match request.header("x-then") {
                    Some("panic") => panic_on("what was asked for"),
                    Some("sigterm") => {
                        let mut kill = std::process::Command::new("kill");
                        let sent = kill.arg("-TERM").arg(std::process::id().to_string()).status();
                        assert!(sent.is_ok_and(|status| status.success()));
                        tokio::time::sleep(Duration::from_secs(1)).await;
                        Response::new(Bytes::new())
                    }
                    Some(_) => std::future::pending().await,
                    None => Response::new(Bytes::new()),
                }
            }
            _ => described(&request),
        };
        let route = if request.raw_path() == "/reply" { "/reply" } else { "/<path:path>" };
        request.note_route(route);
        Answer::new(response)
    }
}

/// It breaks when it is put away.
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic_on("putting it away");
        }
    }
}

/// A body of bytes that breaks when it is dropped.
struct FragileBody(Fragile);

impl AsRef<[u8]> for FragileBody {
    fn as_ref(&self) -> &[u8] {
        b"fine"
    }
}

/// What a panic carries, and panics when it is dropped, so many times.
struct FragilePayload(usize);

impl FragilePayload {
    #[expect(clippy::panic, reason = "what happens then is what the tests look at")]
    fn panic(self) -> ! {
        std::panic::panic_any(self)
    }
}

impl Drop for FragilePayload {
    fn drop(&mut self) {
        if let Some(left) = self.0.checked_sub(1) {
            FragilePayload(left).panic();
        }
    }
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn panic_on(method: &str) -> Response<Bytes> {
    panic!("no idea what to do with {method}\n\u{1b}[2Jcleared")
}

/// What the request says, nothing decoded.
fn described(request: &Event) -> Response<Bytes> {
    let Ok(http) = request.clone().into_http() else {
        return Response::new(Bytes::from_static(b"no room"));
    };
    let in_map: Vec<(&str, String)> = http
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let seen = json!({
        "method": request.method().as_str(),
        "raw_path": request.raw_path(),
        "query": request.query().collect::<Vec<_>>(),
        "raw_query": request.raw_query(),
        "headers": request.headers().collect::<Vec<_>>(),
        "header_map": in_map,
        "uri": http.uri().to_string(),
        "cookie": request.header("cookie"),
        "agent": request.header("user-agent"),
        "agent_bytes": request.header_bytes("user-agent"),
        "client_ip": request.client_ip(0),
        "behind_one_proxy": request.client_ip(1),
        "scheme": request.scheme(),
        "host": request.host(),
        "body": String::from_utf8_lossy(request.body()),
        "body_len": request.body().len(),
        "source": format!("{:?}", request.source()),
        "trace": request.header("x-amzn-trace-id"),
        "xray": request.context().trace_id,
        "xray_variable": std::env::var("_X_AMZN_TRACE_ID").ok(),
        "request_id": request.context().request_id,
        "arn": request.context().invoked_function_arn,
        "function": format!("{:?}", request.context().function()),
    });
    let mut response = Response::new(Bytes::from(seen.to_string()));
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    response
}

/// The response the body describes. Header values are Latin-1, so that any byte can be asked for.
fn reply(request: &Event) -> Response<Bytes> {
    let wanted: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let times = wanted.get("repeat").and_then(Value::as_u64).and_then(|times| usize::try_from(times).ok());
    let body = match wanted.get("bytes").and_then(Value::as_array) {
        Some(bytes) => {
            bytes.iter().filter_map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect()
        }
        None => wanted
            .get("body")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .as_bytes()
            .repeat(times.unwrap_or(1)),
    };
    let mut response = Response::new(Bytes::from(body));
    let status = wanted.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) {
        *response.status_mut() = status;
    }
    for pair in wanted.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let text = |index: usize| pair.get(index).and_then(Value::as_str).unwrap_or_default();
        let value: Vec<u8> =
            text(1).chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(text(0)), HeaderValue::from_bytes(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Returns the command that starts this function.
pub(crate) fn command() -> [OsString; 6] {
    let tests = std::env::current_exe().expect("a test runs").into_os_string();
    // On the first thread, as a function runs, and without the harness between it and its log.
    let (_, module) = module_path!().split_once("::").expect("inside the crate");
    let function = format!("{module}::function");
    let arguments = [&function, "--exact", "--ignored", "--nocapture", "--test-threads=1"];
    let [test, exact, ignored, log, threads] = arguments.map(OsString::from);
    [tests, test, exact, ignored, log, threads]
}

#[test]
#[ignore = "the function that the other tests start"]
fn function() {
    if !carafe_lambda::on_lambda() {
        return;
    }
    let option = |name: &str| std::env::var(name).ok();
    let fail = option("MIRROR_FAIL").is_some();
    let broken = option("MIRROR_BROKEN");
    let register = option("MIRROR_REGISTER").is_some();
    let events = option("MIRROR_EVENTS").map(|_| crate::other_events::function());
    let options = Options::default()
        .fail_on_error(fail)
        .graceful_shutdown(register)
        .deadline_margin(Duration::from_millis(100));
    // As under `#[tokio::main]`.
    let around = option("MIRROR_INSIDE")
        .map(|_| tokio::runtime::Builder::new_current_thread().build().expect("a runtime"));
    let run = || {
        crate::run(async move {
            match broken.as_deref() {
                Some("panic") => Ok((panic_at_start(), options)),
                Some(reason) => Err(format!("no configuration: {reason}")),
                None => {
                    let hooks = SnapshotHooks::new(
                        || Box::pin(crate::start::hook("before")),
                        || Box::pin(crate::start::hook("after")),
                    );
                    Ok::<_, String>((Mirror { events, hooks }, options))
                }
            }
        })
    };
    let outcome = match around {
        Some(around) => around.block_on(async { run() }),
        None => run(),
    };
    // The harness would report it as a test.
    std::process::exit(i32::from(outcome.is_err()));
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn panic_at_start() -> Mirror {
    panic!("at start")
}
