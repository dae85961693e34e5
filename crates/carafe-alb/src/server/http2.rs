//! HTTP/2 on the `h2` crate alone.
//!
//! hyper has it too, but its feature for that grows every hyper in the program, and cargo gives the run loop of a deployed
//! function the same one: a tenth of a megabyte for a protocol it never speaks.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::{Body, Frame};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;

use super::{BUFFER, STREAMS};

/// Answers the requests of a connection, many at a time, until it ends.
pub(super) async fn serve<A, F>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: A,
) -> Result<(), h2::Error>
where
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Result<Response<Full<Bytes>>, h2::Error>> + Send + 'static,
{
    let mut builder = h2::server::Builder::new();
    builder.max_concurrent_streams(STREAMS).max_header_list_size(BUFFER as u32);
    let mut connection = builder.handshake::<_, Bytes>(stream).await?;
    // They end with the connection: nobody is left to read them.
    let mut exchanges = JoinSet::new();
    while let Some(accepted) = connection.accept().await {
        let (request, respond) = accepted?;
        let head = request.method() == Method::HEAD;
        exchanges.spawn(exchange(answer(request.map(Incoming)), respond, head));
        while exchanges.try_join_next().is_some() {}
    }
    Ok(())
}

/// One stream, until it is answered or the client gives it up.
async fn exchange(
    answer: impl Future<Output = Result<Response<Full<Bytes>>, h2::Error>>,
    mut respond: SendResponse<Bytes>,
    head: bool,
) {
    let mut answer = pin!(answer);
    let answered = poll_fn(|task| match respond.poll_reset(task) {
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => answer.as_mut().poll(task).map(Some),
    });
    match answered.await {
        // The client is gone, and what fails on the way to it with it.
        None => {}
        Some(Ok(response)) => {
            let _ = send(response, &mut respond, head).await;
        }
        Some(Err(error)) => respond.send_reset(error.reason().unwrap_or(Reason::INTERNAL_ERROR)),
    }
}

async fn send(
    response: Response<Full<Bytes>>,
    respond: &mut SendResponse<Bytes>,
    head: bool,
) -> Result<(), h2::Error> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let response = Response::from_parts(parts, ());
    let nothing = head || body.is_empty();
    let mut stream = respond.send_response(response, nothing)?;
    if nothing { Ok(()) } else { stream.send_data(body, true) }
}

/// The body of a request.
pub(super) struct Incoming(RecvStream);

impl Body for Incoming {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let data = ready!(self.0.poll_data(task));
        if let Some(Ok(data)) = &data {
            // Room for as much again.
            let _ = self.0.flow_control().release_capacity(data.len());
        }
        Poll::Ready(data.map(|data| data.map(Frame::data)))
    }
}
