//! Work for the time after the answer.

use std::fmt;
use std::future::{Future, pending, poll_fn};
use std::mem::{replace, take};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Task, Poll, Waker};
use std::time::{Duration, SystemTime};

use tokio::time::{Sleep, sleep};

use crate::context::{Context, time_before};
use crate::failure::{Failure, FailureKind};
use crate::log::{self, Level};
use crate::options::DEADLINE_MARGIN;
use crate::panics::{caught, caught_sync};
use crate::sigterm;

/// Work of one invocation for the time after its answer: what [`Event::after`](crate::Event::after) collects and
/// [`Outcome::after`](crate::Outcome::after) hands to the run loop. Cloning it copies a pointer.
///
/// The run loop calls [`After::run`] when Lambda has accepted the answer, and waits for it before it asks for the next event;
/// or [`After::abandon`]. Work that nobody runs is dropped with the last copy, and the log says so; work that holds a copy itself
/// keeps it, and so stays until it is run or abandoned.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use carafe_lambda::{After, Context};
///
/// let (after, done) = (After::new(&Context::new("1")), Arc::new(AtomicBool::new(false)));
/// let noted = Arc::clone(&done);
/// after.spawn(async move {
///     noted.store(true, Ordering::Relaxed);
///     Ok(())
/// });
/// assert!(!done.load(Ordering::Relaxed));
/// after.run().await;
/// assert!(done.load(Ordering::Relaxed));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct After(Arc<dyn Tasks>);

type Work = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
type Waiting<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The methods of [`Queue`], behind a pointer: a program that makes no `After` is linked without them.
trait Tasks: Send + Sync {
    fn add(&self, work: Work);
    fn set_margin(&self, margin: Duration);
    fn run<'a>(&'a self, end: Waiting<'a>) -> Waiting<'a>;
    fn abandon(&self, reason: &str);
}

/// The time that unfinished work has after SIGTERM. Lambda kills a function with an internal extension 500 ms after it.
const GRACE: Duration = Duration::from_millis(250);

impl After {
    /// Makes an empty list for an invocation: for tests and other servers.
    #[must_use]
    pub fn new(context: &Context) -> After {
        sigterm::note_time();
        After(Arc::new(Queue {
            request_id: context.request_id.clone(),
            deadline: context.deadline,
            state: Mutex::new(State {
                new: Vec::new(),
                margin: DEADLINE_MARGIN,
                is_over: false,
                waker: None,
            }),
        }))
    }

    /// Adds work. It starts when the answer has been accepted; added later, it starts at once, as long as other work runs.
    /// A failure, a panic too, is logged with the request id.
    pub fn spawn(&self, work: impl Future<Output = Result<(), Failure>> + Send + 'static) {
        self.0.add(Box::pin(work));
    }

    /// Runs all work side by side until it has ended. What is unfinished so long before the deadline as
    /// [`Options::deadline_margin`](crate::Options::deadline_margin) says is dropped, and the log says so; likewise where
    /// this future is dropped. After that time nothing is started.
    pub fn run(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.run(Box::pin(pending()))
    }

    /// Does the same, but what is unfinished 250 ms after `end` is dropped, too: SIGTERM, after which Lambda kills the
    /// process. On a run loop of carafe's the time counts from the signal, even if it came while the handler ran.
    pub fn run_until<'a>(
        &'a self,
        end: impl Future<Output = ()> + Send + 'a,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        self.0.run(Box::pin(end))
    }

    /// Drops all work, and logs why it was not started. Nothing is logged where there is none.
    pub fn abandon(&self, reason: &str) {
        self.0.abandon(reason);
    }

    /// Sets how long before the deadline unfinished work is dropped.
    pub(crate) fn with_margin(self, margin: Duration) -> After {
        self.0.set_margin(margin);
        self
    }
}

impl fmt::Debug for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("After").finish_non_exhaustive()
    }
}

struct Queue {
    request_id: String,
    deadline: Option<SystemTime>,
    state: Mutex<State>,
}

struct State {
    /// The work that has not started.
    new: Vec<Work>,
    margin: Duration,
    /// True once all work has ended or was abandoned.
    is_over: bool,
    /// The run that is to learn of new work.
    waker: Option<Waker>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs why work has failed.
    fn failed(&self, message: String, location: Option<String>) {
        let failure = Failure { location, ..Failure::new(FailureKind::After, message) };
        log::failure(Level::Error, &failure, Some(&self.request_id));
    }

    /// Drops work that is not done, and logs what became of it.
    fn dispose(&self, works: Vec<Work>, became: &str) {
        let tasks = match works.len() {
            0 => return,
            1 => "a task after the answer was".to_owned(),
            number => format!("{number} tasks after the answer were"),
        };
        self.failed(format!("{tasks} {became}"), None);
        for work in works {
            if let Err(panic) = caught_sync(|| drop(work)) {
                self.failed(format!("a task after the answer panicked: {}", panic.message), panic.location);
            }
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let new = take(&mut self.state().new);
        self.dispose(new, "not started: no run loop ran it");
    }
}

impl Tasks for Queue {
    fn add(&self, work: Work) {
        let work = Box::pin(async move {
            let message = |text: &str, failure: Failure| Failure {
                message: format!("a task after the answer {text}: {}", failure.message),
                ..failure
            };
            match caught(work).await {
                Ok(outcome) => outcome.map_err(|failure| message("failed", failure)),
                Err(panic) => Err(message("panicked", panic)),
            }
        });
        let mut state = self.state();
        if state.is_over {
            drop(state);
            return self.dispose(vec![work], "not started: the function is done with the event");
        }
        state.new.push(work);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn set_margin(&self, margin: Duration) {
        self.state().margin = margin;
    }

    fn run<'a>(&'a self, mut end: Waiting<'a>) -> Waiting<'a> {
        let mut running = Running { queue: self, works: Vec::new() };
        let mut grace: Option<Pin<Box<Sleep>>> = None;
        let mut deadline: Option<Pin<Box<Sleep>>> = None;
        let mut has_begun = false;
        Box::pin(poll_fn(move |task| {
            if !replace(&mut has_begun, true)
                && self.deadline.is_some_and(|at| time_before(at, self.state().margin).is_zero())
            {
                self.abandon("no time is left before the deadline");
            }
            if running.poll(task).is_ready() {
                return Poll::Ready(());
            }
            if let Some(at) = self.deadline {
                let margin = self.state().margin;
                let timer = deadline.get_or_insert_with(|| Box::pin(sleep(time_before(at, margin))));
                if timer.as_mut().poll(task).is_ready() {
                    running.cut(&format!("cut {} ms before the deadline", margin.as_millis()));
                    return Poll::Ready(());
                }
            }
            if grace.is_none() && end.as_mut().poll(task).is_ready() {
                grace = Some(Box::pin(sleep(GRACE.saturating_sub(sigterm::since()))));
            }
            if grace.as_mut().is_some_and(|timer| timer.as_mut().poll(task).is_ready()) {
                running.cut("cut by SIGTERM");
                return Poll::Ready(());
            }
            Poll::Pending
        }))
    }

    fn abandon(&self, reason: &str) {
        let mut state = self.state();
        state.is_over = true;
        let new = take(&mut state.new);
        drop(state);
        self.dispose(new, &format!("not started: {reason}"));
    }
}

/// The work that has started. Dropping it cuts what is unfinished.
struct Running<'a> {
    queue: &'a Queue,
    works: Vec<Work>,
}

impl Running<'_> {
    /// Polls all work once. New work that it left is for the next time, so that deadline and SIGTERM have their turn between, however
    /// long ready work goes on making more.
    fn poll(&mut self, task: &mut Task<'_>) -> Poll<()> {
        self.works.append(&mut self.queue.state().new);
        self.works.retain_mut(|work| match work.as_mut().poll(task) {
            Poll::Pending => true,
            Poll::Ready(Ok(())) => false,
            Poll::Ready(Err(failure)) => {
                self.queue.failed(failure.message, failure.location);
                false
            }
        });
        let mut state = self.queue.state();
        let has_new = !state.new.is_empty();
        state.is_over = self.works.is_empty() && !has_new;
        state.waker = Some(task.waker().clone());
        let is_over = state.is_over;
        drop(state);
        if has_new {
            task.waker().wake_by_ref();
        }
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    }

    fn cut(&mut self, became: &str) {
        self.queue.abandon(became);
        self.queue.dispose(take(&mut self.works), became);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.works.is_empty() {
            self.cut("cut: the run loop did not wait for it");
        }
    }
}
