//! Runs the load balancer as a program: until Ctrl-C or SIGTERM.

use std::net::SocketAddr;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::low_level::pipe;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixStream;

use crate::error::Error;
use crate::events;
use crate::options::Options;
use crate::server::Balancer;

/// Listens and answers until Ctrl-C or SIGTERM, then ends every copy of the function and returns.
///
/// With [`Options::events`] it listens to nobody: it sends these through the function, prints the answers and returns.
///
/// `greeting` is called with the address once it is listened on; its text is shown first.
///
/// ```no_run
/// let options = carafe_alb::Options::from_arguments(std::env::args().skip(1))?;
/// carafe_alb::serve(options, |address| format!("Listening on http://{address}\n"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The balancer cannot start, or an event is not answered: see [`Error`].
pub fn serve(options: Options, greeting: impl FnOnce(SocketAddr) -> String) -> Result<(), Error> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Runtime)?;
    if !options.events.is_empty() {
        return runtime.block_on(events::send(options));
    }
    runtime.block_on(async {
        let balancer = Balancer::bind(options).await?;
        let stop = stop().map_err(Error::Runtime)?;
        balancer.show(&greeting(balancer.address()));
        if !balancer.address().ip().is_loopback() {
            balancer.show(NOT_ONLY_HERE);
        }
        balancer.run(stop).await;
        Ok(())
    })
}

const NOT_ONLY_HERE: &str = "This is not a loopback address: everybody who can reach this machine over its network can \
    send requests to the function, which runs with your rights. For this machine only: --listen 127.0.0.1:PORT\n";

/// Waits for the first signal that asks the program to end. From then on signals do not end it: that takes moments.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    let (near, far) = std::os::unix::net::UnixStream::pair()?;
    near.set_nonblocking(true)?;
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        pipe::register(signal, far.try_clone()?)?;
    }
    let mut signals = UnixStream::from_std(near)?;
    // Each signal is a byte.
    Ok(async move { drop(signals.read_u8().await) })
}
