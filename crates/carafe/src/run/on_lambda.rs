//! The run loop on Lambda.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use carafe_lambda::Options;

use super::IntoApp;
use crate::app::{App, Purpose};
use crate::build::{Assembled, assemble};
use crate::error::{Error, Result};

/// An error in words, as the wire wants it.
pub(crate) struct Words(Error);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Set where the local load balancer is in front: it writes the line of a request, so the function does not.
pub(super) const LOCAL: &str = "CARAFE_LOCAL";

/// An app that is being made.
pub(crate) type Making<'a> = Pin<Box<dyn Future<Output = Result<App>> + 'a>>;

/// Answers invocations until Lambda ends the process.
pub(super) fn run<'a, M>(app: impl IntoApp<M> + 'a) -> Result {
    serve(Box::pin(app.into_app()))
}

/// Not generic, so that a program has the run loop once, and not a second time for the command `invoke`.
fn serve(app: Making<'_>) -> Result {
    carafe_lambda::run(assembled(app)).map_err(|error| Error::in_words(error.to_string()))
}

/// Makes what a run loop answers with.
pub(crate) async fn assembled(app: Making<'_>) -> Result<(Assembled, Options), Words> {
    let app = app.await.map_err(Words)?;
    let assembled = assemble(&app, Purpose::Deployment).map_err(|problems| Words(problems.into()))?;
    let mut options = assembled.settings.options;
    if std::env::var_os(LOCAL).is_some() {
        options = options.log_requests(false);
    }
    Ok((assembled, options))
}
