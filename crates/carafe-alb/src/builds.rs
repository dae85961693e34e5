//! A function that is built while the load balancer runs: requests wait for a build that is under way, browsers are shown what is
//! wrong with one that failed, and all else is answered by the last good build.
//!
//! A page that somebody opens (`Sec-Fetch-Mode: navigate`, or HTML in `Accept` where no browser says so) is for a person, who has just
//! changed something and has to see that it does not compile. What pages and other programs fetch goes on working. Where there is no
//! good build yet, everybody is told.

mod ansi;
mod page;

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use tokio::sync::watch;

/// The time that a request waits for a build where it can be answered otherwise.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same where it cannot: the first build of a program takes its time, and a program that asks can wait for it.
const FIRST_PATIENCE: Duration = Duration::from_secs(60);
/// The time that a page waits in one request for the end of what it shows.
const LONG_POLL: Duration = Duration::from_secs(20);

/// On answers of the last good build.
pub(crate) const STALE: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-carafe-alb-build"), HeaderValue::from_static("last-good"));

/// The builds of a function, as far as its load balancer has to know of them: see [`Options::builds`](crate::Options::builds).
/// Whoever builds says how it goes.
///
/// ```
/// use carafe_alb::Builds;
///
/// let builds = Builds::new(|| {});
/// builds.failed("error: expected `;`");
/// builds.begin();
/// builds.succeeded([("APP_SECRET".into(), "…".into())]);
/// ```
pub struct Builds {
    state: watch::Sender<State>,
    look: Box<dyn Fn() + Send + Sync>,
}

#[derive(Clone)]
struct State {
    /// Counts changes of the phase.
    number: u64,
    phase: Phase,
    /// Variables for the last good build, if there is one.
    good: Option<Arc<[(OsString, OsString)]>>,
}

#[derive(Debug, Clone)]
enum Phase {
    Building,
    Good,
    Failed(Arc<str>),
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Gate {
    /// The function answers, as it is now.
    Open,
    /// The last good build answers; the words, for the terminal, say why.
    LastGood(&'static str),
    /// This is the answer; the sentence is for the terminal.
    Closed(Response<Bytes>, &'static str),
}

impl Builds {
    /// Begins with a first build under way. `look` is called for each request, in a thread that may block: it looks whether anything
    /// has changed, and calls [`begin`](Self::begin) if so, so that no request gets the answer of a program that is out of date.
    pub fn new(look: impl Fn() + Send + Sync + 'static) -> Builds {
        let (state, _) = watch::channel(State { number: 0, phase: Phase::Building, good: None });
        Builds { state, look: Box::new(look) }
    }

    /// Notes that a build begins: requests wait for it, but not for long where there is an earlier good one.
    pub fn begin(&self) {
        self.set(Phase::Building, None);
    }

    /// Notes that the command of the function is a new program, which is to have these variables besides those of the options.
    pub fn succeeded(&self, environment: impl IntoIterator<Item = (OsString, OsString)>) {
        self.set(Phase::Good, Some(environment.into_iter().collect()));
    }

    /// Notes that there is no new program, and why: the output of a compiler, colors (ANSI) included.
    pub fn failed(&self, output: &str) {
        self.set(Phase::Failed(output.into()), None);
    }

    fn set(&self, phase: Phase, good: Option<Arc<[(OsString, OsString)]>>) {
        self.state.send_modify(|state| {
            state.number += 1;
            state.phase = phase;
            state.good = good.or(state.good.take());
        });
    }

    /// Returns the variables for the last good build.
    pub(crate) fn environment(&self) -> Arc<[(OsString, OsString)]> {
        self.state.borrow().good.clone().unwrap_or_default()
    }

    /// Waits for a build that is under way, and says what becomes of a request.
    pub(crate) async fn gate(self: &Arc<Self>, headers: &HeaderMap) -> Gate {
        let builds = Arc::clone(self);
        // If it panics, it has said so in the terminal.
        let _ = tokio::task::spawn_blocking(move || (builds.look)()).await;
        let mut states = self.state.subscribe();
        let has_good = states.borrow().good.is_some();
        let is_page = navigates(headers);
        let patience = if has_good || is_page { PATIENCE } else { FIRST_PATIENCE };
        let over = states.wait_for(|state| !matches!(state.phase, Phase::Building));
        let _ = tokio::time::timeout(patience, over).await;
        let state = self.state.borrow().clone();
        let has_good = state.good.is_some();
        match &state.phase {
            Phase::Good => Gate::Open,
            Phase::Building if has_good && !is_page => Gate::LastGood("the new one is still being built"),
            Phase::Failed(_) if has_good && !is_page => Gate::LastGood("the new one failed"),
            Phase::Building => {
                Gate::Closed(page::building(is_page, state.number, has_good), "it is being built")
            }
            Phase::Failed(output) => {
                Gate::Closed(page::failed(is_page, state.number, output), "the build failed")
            }
        }
    }

    /// Answers the page of a build, which asks whether what it shows is over; another request is `None`.
    pub(crate) async fn long_poll(&self, headers: &HeaderMap) -> Option<Response<Bytes>> {
        let shown: u64 = headers.get(page::SINCE)?.to_str().ok()?.parse().ok()?;
        let mut states = self.state.subscribe();
        // What failed and is built again is shown until that is done.
        let is_news = |state: &State| state.number != shown && !matches!(state.phase, Phase::Building);
        let news = tokio::time::timeout(LONG_POLL, states.wait_for(|state| is_news(state))).await;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = if news.is_ok() { StatusCode::NO_CONTENT } else { StatusCode::ACCEPTED };
        Some(response)
    }
}

/// Leaves the variables out: they may be secrets.
impl fmt::Debug for Builds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.borrow();
        f.debug_struct("Builds")
            .field("number", &state.number)
            .field("phase", &state.phase)
            .finish_non_exhaustive()
    }
}

/// Whether somebody opens a page with this request.
fn navigates(headers: &HeaderMap) -> bool {
    let has = |name: &HeaderName, part: &str| {
        headers.get_all(name).iter().any(|value| value.to_str().is_ok_and(|value| value.contains(part)))
    };
    let mode = HeaderName::from_static("sec-fetch-mode");
    if headers.contains_key(&mode) { has(&mode, "navigate") } else { has(&ACCEPT, "text/html") }
}

#[cfg(test)]
mod tests;
