//! The error of a start.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The reason why the load balancer cannot start, or an event was not answered.
///
/// ```
/// use carafe_alb::{Error, Options, serve};
///
/// let error = serve(Options::new([] as [&str; 0]), |_| String::new()).unwrap_err();
/// assert!(matches!(error, Error::NoCommand), "{error}");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no function to call.
    NoCommand,
    /// The address is taken or not available.
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// A folder or file to write into cannot be made.
    Write {
        /// The folder or file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file of an event cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The function did not answer an event.
    Event {
        /// The file of the event.
        path: PathBuf,
        /// What happened instead.
        problem: String,
    },
    /// The asynchronous runtime or a thread cannot be started.
    Runtime(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoCommand => f.write_str("there is no function to call: give its command after `--`"),
            Error::Listen { address, source } if source.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "port {} is in use by another program: end that one, or take another port",
                    address.port()
                )
            }
            Error::Listen { address, source } => {
                write!(f, "cannot listen on {address} ({source}): take another address")
            }
            Error::Write { path, source } => write!(f, "cannot write to {}: {source}", path.display()),
            Error::Read { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Error::Event { path, problem } => write!(f, "{}: {problem}", path.display()),
            Error::Runtime(source) => write!(f, "cannot start: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::NoCommand | Error::Event { .. } => None,
            Error::Listen { source, .. }
            | Error::Write { source, .. }
            | Error::Read { source, .. }
            | Error::Runtime(source) => Some(source),
        }
    }
}
