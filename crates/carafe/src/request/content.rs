//! The body as forms and JSON read it.

use std::sync::OnceLock;

use bytes::Bytes;

/// What some clients put in front of UTF-8. RFC 8259 §8.1 allows to ignore it in JSON, and the Encoding standard takes it off
/// any UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where the content is kept that is not the body itself.
pub(super) type Kept = OnceLock<Bytes>;

/// Returns the body without a byte order mark.
pub(super) fn of<'r>(body: &'r Bytes, kept: &'r Kept) -> &'r Bytes {
    if !body.starts_with(BYTE_ORDER_MARK) {
        return body;
    }
    kept.get_or_init(|| body.slice(BYTE_ORDER_MARK.len()..))
}
