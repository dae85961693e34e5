//! The answer to a request of a test.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::event::body_of;

/// The answer to a request of a test.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    text: String,
}

impl Reply {
    pub(super) fn read(answer: &Value) -> Reply {
        let status =
            answer.get("statusCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        let status = status.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or_default();
        let mut headers = HeaderMap::new();
        for family in ["headers", "multiValueHeaders"] {
            for (name, value) in answer.get(family).and_then(Value::as_object).into_iter().flatten() {
                let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for value in values.iter().filter_map(Value::as_str) {
                    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
                    {
                        headers.append(name, value);
                    }
                }
            }
        }
        let body = Bytes::from(body_of(answer));
        let text = String::from_utf8_lossy(&body).into_owned();
        Reply { status, headers, body, text }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The value of a cookie that is set.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.filter_map(|line| line.split(';').next()?.split_once('='));
        pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as text; U+FFFD where it is none.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is not, or does not fit the type.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that cannot go on has to fail, and to say why")]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error}: {}", self.text),
        }
    }
}
