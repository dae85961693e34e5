//! The listener: HTTP/1.1 and HTTP/2 (prior knowledge) on one port.

mod linger;
mod unread;
mod watch;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::balancer::Shared;
use crate::error::Error;
use crate::health;
use crate::options::Options;
use unread::Unread;
use watch::{Phase, Watched};

/// Bytes of the read buffer: more than the largest head, so that a larger one gets its own refusal.
const BUFFER: usize = 160 * 1024;
/// Headers in a request: more than 64 K of usual ones have; each costs memory at every request.
const MOST_FIELDS: usize = 1000;
/// Concurrent streams of one HTTP/2 connection, as a load balancer has it.
const STREAMS: u32 = 128;

/// A load balancer that listens.
///
/// ```no_run
/// # async fn example() -> Result<(), carafe_alb::Error> {
/// use carafe_alb::{Balancer, Options};
///
/// let mut options = Options::new(["target/debug/hello"]);
/// options.listen.set_port(0);
/// let balancer = Balancer::bind(options).await?;
/// println!("http://{}", balancer.address());
/// balancer.run(std::future::pending()).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Balancer {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Balancer {
    /// Takes the address and opens what is to be written to. The function starts with the first request.
    ///
    /// # Errors
    ///
    /// The address cannot be bound, a folder or file for output cannot be created, or the command is empty.
    pub async fn bind(options: Options) -> Result<Balancer, Error> {
        if options.command.is_empty() {
            return Err(Error::NoCommand);
        }
        let wanted = options.listen;
        let refused = |source| Error::Listen { address: wanted, source };
        let listener = TcpListener::bind(wanted).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared::new(options, address.port())?);
        Ok(Balancer { listener, address, shared })
    }

    /// Returns where it listens, with the port that was found where 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shows text in the terminal, and waits a moment for it to be there: the function's own output takes another way.
    pub(crate) fn show(&self, text: &str) {
        self.shared.terminal.show(text);
        self.shared.terminal.finish();
    }

    /// Answers until `stop` is done, then ends every copy of the function.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut connections = JoinSet::new();
        if let Some(check) = self.shared.options.health_check.clone() {
            connections.spawn(health::watch(Arc::clone(&self.shared), check));
        }
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, client)) => {
                    connections.spawn(connection(stream, client, Arc::clone(&self.shared)));
                }
                // Out of file descriptors, for one: some come back when a connection ends.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
            while connections.try_join_next().is_some() {}
        }
        drop(self.listener);
        self.shared.about_to_end();
        connections.shutdown().await;
        self.shared.end().await;
    }
}

async fn connection(stream: TcpStream, client: SocketAddr, shared: Arc<Shared>) {
    // Without it a small answer waits until the client has acknowledged the previous one.
    let _ = stream.set_nodelay(true);
    let (refusals, patience) = (Arc::clone(&shared), shared.options.idle_timeout);
    let unread = Unread::new(shared.options.max_concurrency);
    let watched = Watched::new(stream, Arc::clone(&unread), patience, move |refusal, sent| {
        refusals.refused(client, refusal, sent);
    });
    let answer =
        Answer { shared: Arc::clone(&shared), phase: watched.phase(), unread: Arc::clone(&unread), client };
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().max_buf_size(BUFFER).max_headers(MOST_FIELDS);
    builder.http2().max_concurrent_streams(STREAMS).max_header_list_size(BUFFER as u32);
    let service = service_fn(move |request| answer.clone().to(request));
    tokio::select! {
        // The error is a client that breaks off, or whose request could not be read and has been refused.
        _ = builder.serve_connection(TokioIo::new(watched), service) => {}
        () = unread.stands_still(patience) => {
            let seconds = patience.as_secs_f32();
            shared.terminal.line(&format!("{client} has read nothing of its answers for {seconds} s: closed"));
        }
    }
}

/// Answers the requests of one connection.
#[derive(Clone)]
struct Answer {
    shared: Arc<Shared>,
    phase: Arc<watch::Shared>,
    unread: Arc<Unread>,
    client: SocketAddr,
}

impl Answer {
    async fn to(self, request: http::Request<Incoming>) -> Result<Response<Full<Bytes>>, h2::Error> {
        self.phase.set(Phase::Answering);
        let place = self.unread.place().await;
        let response = self.shared.exchange(request, self.client, self.phase.has_two_lengths()).await?;
        self.phase.set(Phase::Answered);
        Ok(response.map(|body| Full::new(self.unread.keep(body, place))))
    }
}
