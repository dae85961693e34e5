//! The body of a request: how much of it is taken, and whether it travels as text.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::Request;
use crate::options::EmptyBody;
use crate::refusal::{Reason, Refusal};

/// Bytes in a body, before base64.
pub(super) const MOST: u64 = 1024 * 1024;
/// Bytes of a refused body that are read all the same: a client that still sends may not read the refusal.
const PATIENCE: u64 = 64 * 1024 * 1024;

/// Reads the whole body; `idle` is how long the client may send nothing. Adds to `received` what was read, also where the body
/// is refused.
pub(crate) async fn read(mut body: Incoming, idle: Duration, received: &mut usize) -> Result<Bytes, Refusal> {
    let mut bytes = BytesMut::new();
    let mut length = 0;
    loop {
        let frame = match tokio::time::timeout(idle, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(error))) => {
                return Err(Refusal::new(400, format!("the body of the request broke off: {error}")));
            }
            Ok(None) => break,
            Err(_) => {
                let why =
                    format!("the client sent nothing for {} s in the middle of the body", idle.as_secs_f32());
                return Err(Refusal::new(408, why));
            }
        };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len() as u64;
        *received += data.len();
        if length <= MOST {
            bytes.extend_from_slice(&data);
        } else if length > PATIENCE {
            break;
        }
    }
    if length > MOST { Err(too_large(None)) } else { Ok(bytes.freeze()) }
}

/// Checks the length of a body that is there as a whole.
pub(crate) fn check(request: &Request) -> Result<(), Refusal> {
    let length = request.body.len() as u64;
    if length > MOST { Err(too_large(Some(length))) } else { Ok(()) }
}

pub(super) fn too_large(length: Option<u64>) -> Refusal {
    let has = length.map_or_else(|| "goes on".to_owned(), |length| format!("has {length} bytes"));
    let why = format!(
        "the body of the request {has}; a load balancer sends at most 1 MiB ({MOST} bytes) to a function"
    );
    Refusal::new(413, why).with_reason(Reason::LambdaRequestTooLarge)
}

/// Whether the body goes into the event as base64 (rule 6; a load balancer looks at the headers, not at the bytes).
pub(super) fn as_base64(request: &Request, empty: EmptyBody) -> bool {
    if request.body.is_empty() {
        return match empty {
            EmptyBody::Text => false,
            EmptyBody::Base64 => true,
            EmptyBody::ByProtocol => request.http2() && !is_text(request),
        };
    }
    !is_text(request)
}

fn is_text(request: &Request) -> bool {
    let filled = |name| request.headers.get_all(name).iter().rfind(|value| !value.is_empty());
    if filled(CONTENT_ENCODING).is_some() {
        return false;
    }
    let Some(content_type) = filled(CONTENT_TYPE) else { return false };
    let essence = content_type.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    let essence = essence.trim_ascii().to_ascii_lowercase();
    essence.starts_with(b"text/")
        || [&b"application/json"[..], b"application/javascript", b"application/xml"].contains(&&essence[..])
}
