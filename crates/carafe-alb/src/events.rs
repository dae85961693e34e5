//! Recorded events in place of requests: each goes through the function, and its answer is printed.

use std::io::Write as _;
use std::sync::Arc;

use crate::error::Error;
use crate::function::Pool;
use crate::options::Options;
use crate::refusal::Refusal;
use crate::report::Terminal;

/// Sends the events of the options one after the other, waits for work after the answers, and ends the function.
///
/// # Errors
///
/// A file cannot be read, or the function does not answer; the events after that one are not sent.
pub(crate) async fn send(options: Options) -> Result<(), Error> {
    if options.command.is_empty() {
        return Err(Error::NoCommand);
    }
    let options = Arc::new(options);
    let terminal = Arc::new(Terminal::start(options.quiet)?);
    let pool = Pool::new(Arc::clone(&options), Arc::clone(&terminal))?;
    let sent = send_all(&options, &pool).await;
    pool.end().await;
    terminal.finish();
    sent
}

async fn send_all(options: &Options, pool: &Pool) -> Result<(), Error> {
    for path in &options.events {
        let event = std::fs::read(path).map_err(|source| Error::Read { path: path.clone(), source })?;
        let outcome = pool.invoke(event.into()).await.outcome;
        let mut answer = outcome.map_err(|failure| Error::Event {
            path: path.clone(),
            problem: Refusal::from(failure).to_string(),
        })?;
        answer = [&answer[..], b"\n"].concat().into();
        std::io::stdout().write_all(&answer).map_err(Error::Runtime)?;
        pool.rest().await;
    }
    Ok(())
}
