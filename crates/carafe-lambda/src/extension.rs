//! Registration as an internal extension: Lambda sends SIGTERM only to functions that have one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::environment::Environment;
use crate::failure::{Failure, FailureKind};
use crate::http1::{Connection, Reply};
use crate::log::{self, Level};

/// The registration, behind a pointer: a program that does not ask for it is linked without it.
#[derive(Clone, Copy)]
pub(crate) struct Registration(fn(&Environment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>);

impl Registration {
    pub(crate) fn new() -> Registration {
        Registration(|environment| Box::pin(register(environment)))
    }

    /// Registers, and leaves a task behind that waits for events, as an extension has to. A refusal is logged.
    pub(crate) async fn make(self, environment: &Environment) {
        (self.0)(environment).await;
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Registration")
    }
}

/// There is only one.
impl PartialEq for Registration {
    fn eq(&self, _: &Registration) -> bool {
        true
    }
}

impl Eq for Registration {}

/// An internal extension takes the name that it likes, once in a function.
const NAME: &str = "carafe-shutdown";
const IDENTIFIER: &str = "lambda-extension-identifier";
/// No event at all: being registered is the purpose.
const EVENTS: &str = r#"{"events":[]}"#;

/// The longest that the start waits for the registration. Lambda gives the whole start 10 s.
const LONGEST: Duration = Duration::from_secs(2);
/// The time between two requests for an event: Lambda answers none, but a stand-in may answer all at once.
const PAUSE: Duration = Duration::from_millis(100);

async fn register(environment: &Environment) {
    let registered = timeout(LONGEST, identifier(environment)).await;
    match registered.unwrap_or_else(|_| Err(format!("no reply within {} s", LONGEST.as_secs()))) {
        Ok((connection, request)) => drop(tokio::spawn(wait(connection, request))),
        Err(problem) => refused(&format!("{problem}; Lambda will not send SIGTERM")),
    }
}

fn refused(problem: &str) {
    let problem = format!("the registration as an extension failed: {problem}");
    log::failure(Level::Warn, &Failure::new(FailureKind::Runtime, problem), None);
}

/// Registers. Returns the connection, and the request that waits for an event.
async fn identifier(environment: &Environment) -> Result<(Connection, Vec<u8>), String> {
    let Environment { address, prefix, .. } = environment;
    let head = |method: &str, path: &str, headers: &str| {
        let version = env!("CARGO_PKG_VERSION");
        let line = format!("{method} {prefix}/2020-01-01/extension/{path} HTTP/1.1\r\nhost: {address}\r\n");
        format!("{line}user-agent: carafe/{version}\r\n{headers}\r\n").into_bytes()
    };
    let length = EVENTS.len();
    let headers = format!(
        "lambda-extension-name: {NAME}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
    );
    let mut connection = Connection::new(address.clone());
    let failed = |error: std::io::Error| error.to_string();
    let request = head("POST", "register", &headers);
    let arriving = connection.send(&request, EVENTS.as_bytes()).await.map_err(failed)?;
    let mut identifier = None;
    let mut note = |name: &str, value: &[u8]| {
        if name.eq_ignore_ascii_case(IDENTIFIER) {
            identifier = Some(String::from_utf8_lossy(value).into_owned());
        }
    };
    let reply = connection.reply(arriving, &mut note).await.map_err(failed)?;
    // It becomes a header again.
    let identifier =
        identifier.filter(|own| !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_graphic()));
    match identifier {
        Some(identifier) if reply.status == 200 => {
            let request = head("GET", "event/next", &format!("{IDENTIFIER}: {identifier}\r\n"));
            Ok((connection, request))
        }
        _ => Err(answered(&reply)),
    }
}

/// Waits for an event. None comes, but Lambda takes an extension that does not wait for one that is not ready.
async fn wait(mut connection: Connection, request: Vec<u8>) {
    let mut broken = false;
    loop {
        match connection.exchange(&request, b"").await {
            Ok(reply) if reply.status == 200 => broken = false,
            Ok(reply) => return refused(&answered(&reply)),
            Err(error) if broken => {
                // When the process is about to end it is of no interest, and this task ends with it.
                sleep(LONGEST).await;
                return refused(&error.to_string());
            }
            // After a snapshot was restored, for one.
            Err(_) => broken = true,
        }
        sleep(PAUSE).await;
    }
}

fn answered(reply: &Reply) -> String {
    format!("{} {}", reply.status, log::shown(&String::from_utf8_lossy(&reply.body)))
}
