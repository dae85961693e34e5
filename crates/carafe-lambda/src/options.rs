//! What an application may choose about its answers.

use std::time::Duration;

use crate::error_page::ErrorSettings;

/// What an application may choose about the run loop and its answers.
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
}

impl Default for Options {
    fn default() -> Options {
        Options {
            margin: Duration::from_millis(250),
            fail_on_error: false,
            log_requests: true,
            errors: ErrorSettings::default(),
        }
    }
}

impl Options {
    /// How long before the deadline a 504 is sent in place of the handler's answer; 250 ms unless set.
    #[must_use]
    pub fn deadline_margin(mut self, margin: Duration) -> Options {
        self.margin = margin;
        self
    }

    /// Lets an unhandled error (a panic, an error no handler turned into an answer, a missed deadline, a refused
    /// answer) fail the invocation, for those who alarm on Lambda's error metric. The client of a load balancer
    /// then sees its 502 page.
    #[must_use]
    pub fn fail_on_error(mut self, fail: bool) -> Options {
        self.fail_on_error = fail;
        self
    }

    /// Whether each request leaves a log line; on unless set. Failures are logged in any case.
    #[must_use]
    pub fn log_requests(mut self, log: bool) -> Options {
        self.log_requests = log;
        self
    }

    /// Chooses how the answers are written that no service made: for an event that cannot be read, a panic, a missed
    /// deadline and a refused answer.
    #[must_use]
    pub fn errors(mut self, errors: ErrorSettings) -> Options {
        self.errors = errors;
        self
    }
}
