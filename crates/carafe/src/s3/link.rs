//! Links to objects, signed for a while.

use std::time::Duration;

use http::HeaderValue;
use http::header::CACHE_CONTROL;

use super::error::BucketError;
use super::signature::{self, Signer};
use super::timestamp::Timestamp;
use super::{Bucket, Resolved, check_lifetime, problem_of_key};
use crate::{Redirect, Request, Responder, Response, Result};

/// A link that whoever has it can read one object by, for a while. As a reply it sends the browser there; [`BucketLink::url`] is its text.
///
/// It lives for five minutes unless [`expires_in`](BucketLink::expires_in) says otherwise, seven days at most, and never longer than the
/// session of the role that signed it, which on Lambda ends within hours. Make a link when somebody asks for it; do not store it or mail it.
///
/// ```
/// use carafe::{App, Bucket, BucketCredentials, BucketLink, State, get, routes};
///
/// #[get("/invoice")]
/// fn invoice(bucket: State<Bucket>) -> BucketLink {
///     bucket.link("invoices/7f3a.pdf").download_as("Invoice 7.pdf")
/// }
///
/// let bucket = Bucket::new("acme").region("eu-west-1").credentials(BucketCredentials::new("AKIA…", "secret"));
/// let reply = App::new().state(bucket).routes(routes![invoice]).test().get("/invoice").send();
/// assert!(reply.header("location").unwrap().contains("response-content-disposition=attachment"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a link answers nothing until it is returned"]
pub struct BucketLink {
    bucket: Bucket,
    key: String,
    pub(super) seconds: u64,
    pub(super) disposition: Option<String>,
}

impl BucketLink {
    pub(super) fn new(bucket: Bucket, key: String) -> BucketLink {
        BucketLink { bucket, key, seconds: 300, disposition: None }
    }

    /// Sets how long the link lives, in whole seconds.
    pub fn expires_in(self, time: Duration) -> BucketLink {
        BucketLink { seconds: time.as_secs(), ..self }
    }

    /// Has the browser save the object under a name, instead of showing it.
    pub fn download_as(self, name: &str) -> BucketLink {
        BucketLink { disposition: Some(attachment(name)), ..self }
    }

    /// Signs the link, and returns it.
    ///
    /// # Errors
    ///
    /// The environment has no region or credentials, the key is none, or the link would live for no time or more than seven days.
    pub fn url(&self) -> Result<String> {
        Ok(self.signed(&self.bucket.resolved()?, Timestamp::now())?)
    }

    pub(super) fn signed(&self, at: &Resolved, now: Timestamp) -> Result<String, BucketError> {
        if let Some(problem) = problem_of_key(&self.key) {
            return Err(BucketError(problem));
        }
        check_lifetime(self.seconds)?;
        let Resolved { region, credentials, scheme, host, folder } = at;
        let path = format!("{folder}/{}", signature::path(&self.key));
        let parameters: Vec<(&str, &str)> =
            self.disposition.iter().map(|text| ("response-content-disposition", text.as_str())).collect();
        let query = Signer { credentials, region, now }.query(host, &path, self.seconds, &parameters);
        Ok(format!("{scheme}://{host}{path}?{query}"))
    }
}

/// Answers 303.
impl Responder for BucketLink {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let mut response = Redirect::to(self.url()?).respond_to(request)?;
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

/// Returns the header of a download (RFC 6266 §4.1, §4.3): in ASCII, and in full beside it where that is not the whole name.
fn attachment(name: &str) -> String {
    let fits = |character: char| matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '%');
    let ascii: String = name.chars().map(|character| if fits(character) { character } else { '_' }).collect();
    let full =
        if ascii == name { String::new() } else { format!("; filename*=UTF-8''{}", signature::value(name)) };
    format!("attachment; filename=\"{ascii}\"{full}")
}
