//! The pool of copies: idle ones are used again, new ones are started up to the limit, further requests wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

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

/// The time that a request waits for a copy that works on after its answer, before another one is started.
const MOMENT: Duration = Duration::from_millis(500);

const SECOND_COPY: &str = "A second copy of the function is started, because the first is at work, as on Lambda. Each copy has\n\
    its own memory: what one keeps there (counters, sessions, caches) the others do not see. Only a store outside of\n\
    the function is common to all. For one copy at a time: --max-concurrency 1";

#[derive(Debug)]
pub(crate) struct Pool {
    options: Arc<Options>,
    files: Files,
    /// One permit for each copy that may be busy.
    permits: Arc<Semaphore>,
    /// Told when a copy begins to wait for an event.
    ready: Arc<Notify>,
    /// Copies that have answered: they wait for an event, or still work on. The one used last is used next.
    idle: Mutex<Vec<Environment>>,
    relays: Relays,
    terminal: Arc<Terminal>,
    /// The terminal has been told that there is more than one copy.
    told: AtomicBool,
}

impl Pool {
    pub(crate) fn new(options: Arc<Options>, terminal: Arc<Terminal>) -> Result<Pool, Error> {
        let permits = options.max_concurrency.clamp(1, Semaphore::MAX_PERMITS);
        let (permits, ready) = (Arc::new(Semaphore::new(permits)), Arc::default());
        let (files, told) = (Files::of(&options.command), AtomicBool::new(false));
        let relays = Relays {
            stdout: Relay::start("the function's output", std::io::stdout())?,
            stderr: Relay::start("the function's errors", std::io::stderr())?,
        };
        Ok(Pool { files, permits, ready, idle: Mutex::default(), relays, terminal, told, options })
    }

    /// Sends one event through the function.
    pub(crate) async fn invoke(&self, event: Bytes) -> Invoked {
        let mut invoked =
            Invoked { outcome: Err(Failure::Busy(self.options.max_concurrency)), cold_start: None };
        let permit = Arc::clone(&self.permits).acquire_owned();
        let Ok(Ok(permit)) = tokio::time::timeout(self.options.timeout, permit).await else {
            return invoked;
        };
        let mut invocation = self.invocation(event);
        // A copy that has ended since it was used last does not cost a request: the next one, or a new one, takes it.
        invoked.outcome = loop {
            let mut environment = match self.environment(&mut invoked.cold_start).await {
                Ok(environment) => environment,
                Err(failure) => break Err(failure),
            };
            let started = Instant::now();
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
            self.keep(environment, permit, started);
            break outcome;
        };
        invoked
    }

    /// Keeps a copy that has answered. It may work on until its time is over, and counts as busy until it asks for an event.
    fn keep(&self, environment: Environment, permit: OwnedSemaphorePermit, started: Instant) {
        let (limit, terminal) = (self.options.timeout, Arc::clone(&self.terminal));
        environment.work_on(permit, limit.saturating_sub(started.elapsed()), move || {
            terminal.line(&format!(
                "The function had answered and was still at work when its timeout of {} s was over, and was ended.",
                limit.as_secs_f32()
            ));
        });
        self.idle().push(environment);
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
        let patience = Instant::now() + MOMENT;
        loop {
            while let Some(environment) = self.take() {
                if environment.stamp == stamp || !stamp.is_whole() {
                    return Ok(environment);
                }
                tokio::spawn(environment.end());
            }
            // Most copies that have just answered ask for their next event at once.
            if self.idle().is_empty()
                || tokio::time::timeout_at(patience, self.ready.notified()).await.is_err()
            {
                break;
            }
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
            match Environment::start(&self.options, &self.relays, stamp, Arc::clone(&self.ready)).await {
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

    /// Takes the copy that was used last, of those that wait for an event.
    fn take(&self) -> Option<Environment> {
        let mut idle = self.idle();
        idle.retain(Environment::is_alive);
        let place = idle.iter().rposition(Environment::is_idle)?;
        Some(idle.remove(place))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no copy is at work, not even after its answer.
    pub(crate) async fn rest(&self) {
        let all = self.options.max_concurrency.clamp(1, Semaphore::MAX_PERMITS);
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        drop(self.permits.acquire_many(all).await);
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
