//! The body as forms and JSON read it.

use bytes::Bytes;

use super::Request;

/// What some clients put in front of UTF-8. RFC 8259 §8.1 allows to ignore it in JSON, and the Encoding standard takes it off
/// any UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Request {
    /// Returns the body as forms and JSON read it: without a byte order mark.
    pub(crate) fn content(&self) -> &Bytes {
        let body = self.body();
        if !body.starts_with(BYTE_ORDER_MARK) {
            return body;
        }
        self.content.get_or_init(|| body.slice(BYTE_ORDER_MARK.len()..))
    }
}
