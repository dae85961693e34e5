//! The settings of the run loop.

use std::time::Duration;

use crate::error_page::ErrorSettings;
use crate::extension::Registration;

/// The margin before the deadline, unless it is set.
pub(crate) const DEADLINE_MARGIN: Duration = Duration::from_millis(250);

/// The settings of the run loop and its answers.
///
/// ```
/// use std::time::Duration;
/// use carafe_lambda::Options;
///
/// let options = Options::default().deadline_margin(Duration::from_millis(500)).fail_on_error(true);
/// assert_ne!(options, Options::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub(crate) margin: Duration,
    pub(crate) fail_on_error: bool,
    pub(crate) log_requests: bool,
    pub(crate) errors: ErrorSettings,
    pub(crate) registration: Option<Registration>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            margin: DEADLINE_MARGIN,
            fail_on_error: false,
            log_requests: true,
            errors: ErrorSettings::default(),
            registration: None,
        }
    }
}

impl Options {
    /// Sets how long before the deadline a 504 is sent in place of the handler's answer, and unfinished work
    /// [`After`](crate::After) the answer is dropped; 250 ms unless set.
    #[must_use]
    pub fn deadline_margin(mut self, margin: Duration) -> Options {
        self.margin = margin;
        self
    }

    /// Sets whether an unhandled failure (a panic, an error that nothing turned into an answer, a missed deadline, a refused
    /// answer) fails the invocation, so that Lambda's error metric counts it. The client of a load balancer then sees
    /// its 502 page.
    #[must_use]
    pub fn fail_on_error(mut self, fail: bool) -> Options {
        self.fail_on_error = fail;
        self
    }

    /// Sets whether each request is logged; on unless set. Failures are always logged.
    #[must_use]
    pub fn log_requests(mut self, log: bool) -> Options {
        self.log_requests = log;
        self
    }

    /// Sets whether the process registers itself as an internal extension without events before it asks for the first event, so
    /// that Lambda sends SIGTERM before it ends the process; off unless set. A refusal is logged.
    #[must_use]
    pub fn graceful_shutdown(mut self, register: bool) -> Options {
        self.registration = register.then(Registration::new);
        self
    }

    /// Sets how the answers are written that the service did not make: for an event that cannot be read, a panic, a missed
    /// deadline and a refused answer.
    #[must_use]
    pub fn errors(mut self, errors: ErrorSettings) -> Options {
        self.errors = errors;
        self
    }
}
