//! Cookies and signatures as somebody makes and reads them who knows the secret and the documented format, but none of carafe's code.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::{aead, hkdf, hmac};
use serde_json::Value;

/// The secret that `app.test()` has.
pub(crate) const SECRET: &str = "Y2FyYWZlIHRlc3Qgc2VjcmV0LCBub3QgZm9yIHVzZSE=";

/// Derives the key of a purpose.
pub(crate) fn derived(secret: &str, purpose: &str) -> [u8; 32] {
    let secret = STANDARD.decode(secret).unwrap();
    let mut key = [0; 32];
    let parts = [purpose.as_bytes()];
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&secret);
    salt.expand(&parts, hkdf::HKDF_SHA256).unwrap().fill(&mut key).unwrap();
    key
}

fn key(secret: &str, purpose: &str) -> aead::LessSafeKey {
    aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &derived(secret, purpose)).unwrap())
}

/// Encrypts JSON for a cookie.
pub(crate) fn sealed(secret: &str, purpose: &str, name: &str, json: &Value) -> String {
    let nonce = [9; 12];
    let mut text = json.to_string().into_bytes();
    let key = key(secret, purpose);
    let associated = aead::Aad::from(name);
    key.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), associated, &mut text).unwrap();
    URL_SAFE_NO_PAD.encode([&[1][..], &nonce, &text].concat())
}

/// Decrypts a cookie.
pub(crate) fn opened(secret: &str, purpose: &str, name: &str, value: &str) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
    assert_eq!(bytes[0], 1, "the version");
    let nonce = aead::Nonce::try_assume_unique_for_key(&bytes[1..13]).unwrap();
    let mut text = bytes[13..].to_vec();
    let text = key(secret, purpose).open_in_place(nonce, aead::Aad::from(name), &mut text).unwrap();
    serde_json::from_slice(text).unwrap()
}

/// Signs a text for a cookie.
pub(crate) fn signed(secret: &str, purpose: &str, name: &str, expires: u64, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &derived(secret, purpose));
    let signature = hmac::sign(&key, format!("{name}\0{expires}.{text}").as_bytes());
    format!("1.{}.{expires}.{text}", URL_SAFE_NO_PAD.encode(signature))
}

/// Signs a text for a purpose of the app's own.
pub(crate) fn signature(secret: &str, purpose: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &derived(secret, &format!("carafe signer 1: {purpose}")));
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, text.as_bytes()))
}

/// Returns the second that is so many away from now.
pub(crate) fn second(away: i64) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    now.saturating_add_signed(away)
}
