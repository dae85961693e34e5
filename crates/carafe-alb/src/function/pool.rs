//! The pool of copies: idle ones are used again, new ones are started up to the limit, further requests wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;

use super::environment::{Ended, Environment, Relays};
use super::runtime_api::Invocation;
use super::stamp::{Files, Stamp};
use super::{Failure, Invoked};
use crate::error::Error;
use crate::options::Options;
use crate::report::{Relay, Terminal};
use crate::request::Trace;

/// An executable that is being written cannot be started yet; a build finishes soon.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

const SECOND_COPY: &str = "A second copy of the function is started, because the first is at work, as on Lambda. Each copy has\n\
    its own memory: what one keeps there (counters, sessions, caches) the others do not see. Only a store outside of\n\
    the function is common to all. For one copy at a time: --max-concurrency 1";

#[derive(Debug)]
pub(crate) struct Pool {
    options: Arc<Options>,
    files: Files,
    /// One permit for each copy that may be busy.
    permits: Semaphore,
    /// The one used last is used next.
    idle: Mutex<Vec<Environment>>,
    relays: Relays,
    terminal: Arc<Terminal>,
    /// The terminal has been told that there is more than one copy.
    told: AtomicBool,
}

impl Pool {
    pub(crate) fn new(options: Arc<Options>, terminal: Arc<Terminal>) -> Result<Pool, Error> {
        let permits = Semaphore::new(options.max_concurrency.clamp(1, Semaphore::MAX_PERMITS));
        let (files, told) = (Files::of(&options.command), AtomicBool::new(false));
        let relays = Relays {
            stdout: Relay::start("the function's output", std::io::stdout())?,
            stderr: Relay::start("the function's errors", std::io::stderr())?,
        };
        Ok(Pool { files, permits, idle: Mutex::default(), relays, terminal, told, options })
    }

    /// Sends one event through the function.
    pub(crate) async fn invoke(&self, event: Bytes) -> Invoked {
        let mut invoked =
            Invoked { outcome: Err(Failure::Busy(self.options.max_concurrency)), cold_start: None };
        let Ok(Ok(_permit)) = tokio::time::timeout(self.options.timeout, self.permits.acquire()).await else {
            return invoked;
        };
        let mut invocation = self.invocation(event);
        // A copy that has ended since it was used last does not cost a request: the next one, or a new one, takes it.
        invoked.outcome = loop {
            let mut environment = match self.environment(&mut invoked.cold_start).await {
                Ok(environment) => environment,
                Err(failure) => break Err(failure),
            };
            let outcome = match environment.invoke(invocation).await {
                Ended::Answered(answer) => Ok(answer),
                Ended::Failed(failure) => Err(failure),
                Ended::Lost(failure) => break Err(failure),
                Ended::Untouched(_) if invoked.cold_start.is_some() => {
                    break Err(Failure::Exit("went away before it took the event,".into()));
                }
                Ended::Untouched(back) => {
                    invocation = back;
                    continue;
                }
            };
            self.idle().push(environment);
            break outcome;
        };
        invoked
    }

    fn invocation(&self, event: Bytes) -> Invocation {
        let (high, low) = (fastrand::u64(..), fastrand::u64(..));
        let id = format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        );
        let trace = format!("Root={};Parent={:016x};Sampled=0", Trace::new().as_str(), fastrand::u64(..));
        Invocation { id, event, timeout: self.options.timeout, trace }
    }

    /// Returns an idle copy of the current build, or a new one.
    async fn environment(&self, cold_start: &mut Option<Duration>) -> Result<Environment, Failure> {
        let stamp = self.files.stamp();
        while let Some(environment) = self.take() {
            if !environment.is_alive() {
                continue;
            }
            if environment.stamp == stamp || !stamp.is_whole() {
                return Ok(environment);
            }
            tokio::spawn(environment.end());
        }
        self.tell_of_second_copy();
        let (environment, took) = self.start(stamp).await?;
        *cold_start = Some(took);
        Ok(environment)
    }

    /// Says once that a copy is started beside one that is at work.
    fn tell_of_second_copy(&self) {
        let at_work = self.options.max_concurrency.saturating_sub(self.permits.available_permits());
        if at_work > 1 && !self.told.swap(true, Ordering::Relaxed) {
            self.terminal.line(SECOND_COPY);
        }
    }

    async fn start(&self, mut stamp: Stamp) -> Result<(Environment, Duration), Failure> {
        let mut tries = 1;
        loop {
            match Environment::start(&self.options, &self.relays, stamp).await {
                Err(Failure::Start(_)) if tries < TRIES && self.being_built() => {}
                result => return result,
            }
            tries += 1;
            tokio::time::sleep(BETWEEN_TRIES).await;
            stamp = self.files.stamp();
        }
    }

    /// Whether the executable has been written to just now, or is missing.
    fn being_built(&self) -> bool {
        self.files.stamp().is_fresh()
    }

    fn take(&self) -> Option<Environment> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the idle copies, all at once; the busy ones end with their requests.
    pub(crate) async fn end(&self) {
        let mut ending = tokio::task::JoinSet::new();
        for environment in std::mem::take(&mut *self.idle()) {
            ending.spawn(environment.end());
        }
        ending.join_all().await;
        self.relays.stdout.finish().await;
        self.relays.stderr.finish().await;
    }
}
