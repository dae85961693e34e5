//! One copy of the function: a process and its Runtime API.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::Failure;
use super::freezer::Freezer;
use super::group::Group;
use super::runtime_api::{Invocation, Report, RuntimeApi};
use super::stamp::Stamp;
use crate::FUNCTION_NAME;
use crate::options::Options;
use crate::report::Relay;

/// The time Lambda gives a function to get ready.
const INIT: Duration = Duration::from_secs(10);
/// The time between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_millis(500);
/// The time the last report of an ended function may take through the loopback interface.
const LAST_REPORT: Duration = Duration::from_millis(100);

/// The streams that all copies print into.
#[derive(Debug)]
pub(super) struct Relays {
    pub(super) stdout: Relay,
    pub(super) stderr: Relay,
}

#[derive(Debug)]
pub(super) struct Environment {
    process: Group,
    api: RuntimeApi,
    freezer: Arc<Freezer>,
    /// The state of the executable when this was started.
    pub(super) stamp: Stamp,
}

/// The end of an invocation, and whether this copy can take another.
#[derive(Debug)]
pub(super) enum Ended {
    Answered(Bytes),
    /// The function answered with an error; it goes on.
    Failed(Failure),
    /// This copy cannot be used any more.
    Lost(Failure),
    /// This copy had ended before it took the event; another one can have that.
    Untouched(Invocation),
}

impl Environment {
    /// Starts the function and waits until it asks for an event.
    pub(super) async fn start(
        options: &Options,
        relays: &Relays,
        stamp: Stamp,
        idle: Arc<Notify>,
    ) -> Result<(Environment, Duration), Failure> {
        let started = Instant::now();
        let no_start = |error: std::io::Error| Failure::Start(error.to_string());
        let freezer = Freezer::new(options.freeze, idle);
        let api = RuntimeApi::start(Arc::clone(&freezer), options.snap_start).await.map_err(no_start)?;
        let Some((program, arguments)) = options.command.split_first() else {
            return Err(Failure::Start("there is no command".into()));
        };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        command.stdout(relays.stdout.stdio()).stderr(relays.stderr.stdio());
        environment(&mut command, options, api.address);
        if let Some(builds) = &options.builds {
            command.envs(builds.environment().iter().map(|(name, value)| (name, value)));
        }
        let (process, printed) = Group::start(command).map_err(|error| {
            Failure::Start(format!("{}: {error}", std::path::Path::new(program).display()))
        })?;
        relays
            .stdout
            .pass_on(printed.stdout)
            .and_then(|()| relays.stderr.pass_on(printed.stderr))
            .map_err(no_start)?;
        freezer.started(process.signals());
        let mut environment = Environment { process, api, freezer, stamp };
        environment.ready(INIT.max(options.timeout)).await?;
        Ok((environment, started.elapsed()))
    }

    async fn ready(&mut self, limit: Duration) -> Result<(), Failure> {
        let asked = async {
            loop {
                match self.hear().await {
                    Ok(Report::Asks) => return Ok(()),
                    Ok(Report::InitFailed { kind, message }) => {
                        return Err(Failure::Init(format!("{kind}: {message}")));
                    }
                    Ok(_) => {}
                    Err(ended) => {
                        return Err(Failure::Init(format!("it {ended} before it asked for an event")));
                    }
                }
            }
        };
        let late = || Failure::Init(format!("it had not asked for an event after {} s", limit.as_secs_f32()));
        tokio::time::timeout(limit, asked).await.unwrap_or_else(|_| Err(late()))
    }

    /// Waits for the next report of the function, or for its end; its last report comes before that.
    async fn hear(&mut self) -> Result<Report, String> {
        let ended = tokio::select! {
            biased;
            Some(report) = self.api.reports.recv() => return Ok(report),
            status = self.process.ended() => how(status),
        };
        let last = tokio::time::timeout(LAST_REPORT, self.api.reports.recv()).await;
        last.ok().flatten().ok_or(ended)
    }

    /// Whether the process is still there.
    pub(super) fn is_alive(&self) -> bool {
        self.process.is_alive()
    }

    /// Whether the function waits for an event.
    pub(super) fn is_idle(&self) -> bool {
        self.freezer.is_idle()
    }

    /// Lets the function work on after its answer, as one that is busy, until it asks for the next event, or its time is over:
    /// then it is ended, and `late` is called.
    pub(super) fn work_on(
        &self,
        permit: OwnedSemaphorePermit,
        rest: Duration,
        late: impl FnOnce() + Send + 'static,
    ) {
        let (freezer, end) = (Arc::clone(&self.freezer), self.process.end());
        let watch = async move {
            let is_late = tokio::time::timeout(rest, end).await.is_err();
            if freezer.release() && is_late {
                freezer.kill();
                late();
            }
        };
        self.freezer.hold(permit, || tokio::spawn(watch).abort_handle());
    }

    /// Sends one event and waits for what comes of it.
    pub(super) async fn invoke(&mut self, invocation: Invocation) -> Ended {
        let limit = invocation.timeout;
        let copy = invocation.clone();
        // Reports from before this invocation do not belong to it.
        while self.api.reports.try_recv().is_ok() {}
        self.freezer.event();
        if self.api.invocations.try_send(invocation).is_err() {
            return Ended::Untouched(copy);
        }
        let mut took = false;
        match tokio::time::timeout(limit, self.outcome(&mut took)).await {
            Ok(Ended::Lost(Failure::Exit(_))) if !took => Ended::Untouched(copy),
            Ok(ended) => ended,
            Err(_) => Ended::Lost(Failure::Timeout(limit)),
        }
    }

    async fn outcome(&mut self, took: &mut bool) -> Ended {
        loop {
            match self.hear().await {
                Ok(Report::Took) => *took = true,
                Ok(Report::Answered(answer)) => return Ended::Answered(answer),
                Ok(Report::TooLarge(length)) => return Ended::Failed(Failure::TooLarge(length)),
                Ok(Report::Failed { kind, message } | Report::InitFailed { kind, message }) => {
                    return Ended::Failed(Failure::Error { kind, message });
                }
                Ok(Report::Asks) if *took => return Ended::Lost(Failure::NoAnswer),
                Ok(Report::Asks) => {}
                Err(ended) => return Ended::Lost(Failure::Exit(ended)),
            }
        }
    }

    /// Asks the process to end, and gives it a moment.
    pub(super) async fn end(mut self) {
        self.freezer.end();
        self.process.terminate();
        if tokio::time::timeout(GRACE, self.process.ended()).await.is_err() {
            self.process.signals().kill();
            let _ = tokio::time::timeout(GRACE, self.process.ended()).await;
        }
    }
}

/// Describes how a process ended: `exited with code 3`.
fn how(status: Option<ExitStatus>) -> String {
    if let Some(signal) = status.and_then(|status| status.signal()) {
        return format!("was killed by signal {signal}");
    }
    match status.and_then(|status| status.code()) {
        Some(code) => format!("exited with code {code}"),
        None => "exited".to_owned(),
    }
}

/// Sets the variables that Lambda sets, as far as they mean something here. The address is `host:port`, nothing else.
fn environment(command: &mut Command, options: &Options, api: std::net::SocketAddr) {
    let region = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
    let region = region.unwrap_or_else(|_| "eu-west-1".to_owned());
    // Lambda takes snapshots of published versions only.
    let (initialization, version) =
        if options.snap_start { ("snap-start", "1") } else { ("on-demand", "$LATEST") };
    let variables = [
        ("AWS_LAMBDA_RUNTIME_API", api.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", FUNCTION_NAME.to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", version.to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", options.memory.to_string()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{FUNCTION_NAME}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", initialization.to_owned()),
        ("AWS_REGION", region.clone()),
        ("AWS_DEFAULT_REGION", region),
    ];
    command.envs(variables);
    // Clients of AWS for interpreted languages read both; the environment of the balancer may say otherwise.
    if std::env::var_os("_HANDLER").is_none() {
        command.envs(options.command.last().map(|handler| ("_HANDLER", handler)));
    }
    if std::env::var_os("LAMBDA_TASK_ROOT").is_none() {
        command.envs(std::env::current_dir().ok().map(|folder| ("LAMBDA_TASK_ROOT", folder)));
    }
    command.envs(options.environment.iter().map(|(name, value)| (name, value)));
}
