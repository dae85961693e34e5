//! Signatures with the app's secret for other features: each purpose has a key of its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::secret::keys;
use crate::{Request, Result};

/// Signs a message: base64url.
pub(crate) fn sign(request: &Request, purpose: &'static str, message: &str) -> Result<String> {
    let key = keys(request)?.first()?.signing(purpose)?;
    Ok(URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes())))
}

/// Returns whether [`sign`] made this of the message, under any of the app's secrets.
pub(crate) fn is_signed(
    request: &Request,
    purpose: &'static str,
    message: &str,
    signature: &str,
) -> Result<bool> {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Ok(false) };
    for keys in keys(request)?.all() {
        if hmac::verify(&keys.signing(purpose)?, message.as_bytes(), &signature).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}
