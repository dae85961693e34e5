//! Answers in place of those that are longer than their reader takes.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::answer::Answer;
use crate::deadline::in_time;
use crate::event::Event;

type Answering = Pin<Box<dyn Future<Output = Option<Answer>> + Send>>;

/// What a service sends in place of an answer that is too long. Only a program that makes one carries what that takes.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Answer, Oversize};
/// use http::{Response, StatusCode};
///
/// let elsewhere = Oversize::new(|_, response: Response<Bytes>| async move {
///     let mut redirect = Response::new(Bytes::from(format!("{} bytes are elsewhere", response.body().len())));
///     *redirect.status_mut() = StatusCode::SEE_OTHER;
///     redirect.headers_mut().insert("location", "https://files.example.com/1".parse().unwrap());
///     Answer::new(redirect)
/// });
/// # drop(elsewhere);
/// ```
pub struct Oversize(Box<dyn Fn(Event, Response<Bytes>, Duration) -> Answering + Send + Sync>);

impl Oversize {
    /// Makes it of a function that gets the event and the answer with its whole body. It has as much time as
    /// [`Service::call`](crate::Service::call).
    pub fn new<F, Fut>(answer: F) -> Oversize
    where
        F: Fn(Event, Response<Bytes>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        Oversize(Box::new(move |event, response, margin| {
            let answering = answer(event.clone(), response);
            Box::pin(async move { in_time(|| answering, &event, margin).await })
        }))
    }

    /// Returns the other answer, or `None` if it is not ready so long before the deadline.
    pub(crate) fn answer(&self, event: &Event, response: Response<Bytes>, margin: Duration) -> Answering {
        (self.0)(event.clone(), response, margin)
    }
}

impl fmt::Debug for Oversize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Oversize")
    }
}
