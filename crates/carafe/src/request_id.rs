//! Sends the id of a request to the client.

use crate::http::header::{HeaderName, HeaderValue};
use crate::middleware::AfterHook;
use crate::{Request, Response};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Sends the request id in the header `x-request-id` of the answer: the one that Lambda's log and the error pages have.
///
/// ```
/// use carafe::{App, RequestId};
///
/// let reply = App::new().after(RequestId).test().get("/lost").send();
/// let error: serde_json::Value = reply.json();
/// assert_eq!(reply.header("x-request-id"), error["request_id"].as_str());
/// ```
///
/// A header of that name that an answer has already stays. What a client sends in it is ignored, because clients can forge it.
#[derive(Clone, Copy, Debug)]
pub struct RequestId;

impl AfterHook<RequestId> for RequestId {
    async fn run(&self, request: &Request, response: &mut Response) {
        self.mark(request, response);
    }

    fn mark(&self, request: &Request, response: &mut Response) {
        // Outside Lambda there is none.
        if let Ok(id) = HeaderValue::from_str(&request.context().request_id)
            && !id.is_empty()
        {
            response.headers_mut().entry(X_REQUEST_ID).or_insert(id);
        }
    }
}
