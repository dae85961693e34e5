//! Headers that tell browsers to be careful.

use crate::http::header::{
    HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use crate::middleware::AfterHook;
use crate::{Request, Response};

/// Headers that tell browsers to be careful, on every answer of an app or a group. One that an answer has already stays.
///
/// ```
/// use carafe::{App, SecurityHeaders};
///
/// let client = App::new().after(SecurityHeaders::new()).test();
/// let reply = client.get("/lost").send();
/// assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
/// assert_eq!(reply.header("x-frame-options"), Some("SAMEORIGIN"));
/// ```
///
/// | header | value | for |
/// |---|---|---|
/// | `x-content-type-options` | `nosniff` | a browser takes no upload for a script |
/// | `x-frame-options` | `SAMEORIGIN` | no other site shows the page in a frame and has it clicked on |
/// | `referrer-policy` | `same-origin` | other sites are not told which page led to them |
/// | `cross-origin-opener-policy` | `same-origin` | a page of another site that opened this one cannot navigate or script it |
/// | `strict-transport-security` | `max-age=31536000` | over HTTPS: the browser comes by HTTPS for a year |
///
/// There is no general policy against scripts, because only the page's author knows its scripts; text that is built
/// at run time [has one](crate::Html).
#[derive(Clone, Debug)]
pub struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

impl SecurityHeaders {
    /// Makes the usual set.
    #[must_use]
    pub fn new() -> SecurityHeaders {
        let usual = [
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (X_FRAME_OPTIONS, "SAMEORIGIN"),
            (REFERRER_POLICY, "same-origin"),
            (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
            (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        ];
        SecurityHeaders(
            usual.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect(),
        )
    }

    /// Sets a header, in place of the usual one of this name or beside them.
    ///
    /// ```
    /// use carafe::SecurityHeaders;
    /// use carafe::http::header::{HeaderValue, X_FRAME_OPTIONS};
    ///
    /// let headers = SecurityHeaders::new().with(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    /// ```
    #[must_use]
    pub fn with(self, name: HeaderName, value: HeaderValue) -> SecurityHeaders {
        let mut headers = self.without(&name);
        headers.0.push((name, value));
        headers
    }

    /// Leaves a header out.
    #[must_use]
    pub fn without(mut self, name: &HeaderName) -> SecurityHeaders {
        self.0.retain(|(own, _)| own != name);
        self
    }
}

impl Default for SecurityHeaders {
    fn default() -> SecurityHeaders {
        SecurityHeaders::new()
    }
}

impl AfterHook<SecurityHeaders> for SecurityHeaders {
    async fn run(&self, request: &Request, response: &mut Response) {
        self.mark(request, response);
    }

    fn mark(&self, request: &Request, response: &mut Response) {
        let over_https = |name: &HeaderName| *name != STRICT_TRANSPORT_SECURITY || request.is_https();
        for (name, value) in self.0.iter().filter(|(name, _)| over_https(name)) {
            response.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
    }
}
