//! The load balancer as a program runs it: until Ctrl-C or SIGTERM.

use std::net::SocketAddr;

use crate::error::Error;
use crate::options::Options;
use crate::server::Balancer;

/// Listens and answers until Ctrl-C or SIGTERM, then ends every copy of the function and returns.
///
/// `ready` is called with the address once it is listened on.
///
/// ```no_run
/// let options = carafe_alb::Options::from_arguments(std::env::args().skip(1))?;
/// carafe_alb::serve(options, |address| println!("Listening on http://{address}"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// It cannot start: see [`Error`].
pub fn serve(options: Options, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Runtime)?;
    runtime.block_on(async {
        let balancer = Balancer::bind(options).await?;
        let stop = stop().map_err(Error::Runtime)?;
        ready(balancer.address());
        balancer.run(stop).await;
        Ok(())
    })
}

/// Done at the first signal that asks the program to end. From then on it is not ended by them: that takes moments.
#[cfg(unix)]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
