//! How values are encrypted and signed. The formats are public: `docs/guide/sessions.md` has them.
//!
//! Both bind the name of the cookie, and carry their expiry inside, so that neither can be moved or prolonged.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use ring::hmac;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::secret::{Unusable, random};
use crate::Result;

/// The first byte of what is encrypted.
const VERSION: u8 = 1;
/// The beginning of what is signed.
const SIGNED: &str = "1.";
/// What an encrypted value has beside the JSON: version, nonce and tag.
const OVERHEAD: usize = 1 + NONCE_LEN + 16;

/// What is encrypted: data, and the second at which it is void.
#[derive(Serialize, Deserialize)]
struct Content<T> {
    expires: Option<u64>,
    data: T,
}

/// Encrypts data for a cookie of this name: base64url of version, nonce, and what AES-256-GCM makes of the JSON.
pub(super) fn seal<T: Serialize>(
    key: &LessSafeKey,
    name: &str,
    expires: Option<u64>,
    data: T,
) -> Result<String> {
    let nonce = random::<NONCE_LEN>()?;
    let mut text = serde_json::to_vec(&Content { expires, data })?;
    let associated = Aad::from(name.as_bytes());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), associated, &mut text)
        .map_err(Unusable::from)?;
    let mut bytes = Vec::with_capacity(text.len() + OVERHEAD);
    bytes.push(VERSION);
    bytes.extend(nonce);
    bytes.extend(text);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns how long an encrypted value with this data becomes, with a ten-digit expiry.
pub(super) fn sealed_len(data: &str) -> usize {
    let json = r#"{"expires":1700000000,"data":}"#.len() + data.len();
    (json + OVERHEAD).saturating_mul(4).div_ceil(3)
}

/// Decrypts a value, and returns its data and expiry: `None` if it is not one that `seal` made with this key for this
/// name, or void by now.
pub(super) fn open<T: DeserializeOwned>(
    key: &LessSafeKey,
    name: &str,
    value: &str,
    now: u64,
) -> Option<(T, Option<u64>)> {
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    let (&version, rest) = bytes.split_first()?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
    if version != VERSION {
        return None;
    }
    let mut text = text.to_vec();
    let text = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(name.as_bytes()), &mut text);
    let Content { expires, data } = serde_json::from_slice(text.ok()?).ok()?;
    is_fresh(expires, now).then_some((data, expires))
}

/// Signs a text for a cookie of this name: `1.`, the signature, `.`, the expiry (0 for none), `.`, the text.
pub(super) fn sign(key: &hmac::Key, name: &str, expires: Option<u64>, text: &str) -> String {
    // An end in 1970 is one, too.
    let signed = format!("{}.{text}", expires.map_or(0, |end| end.max(1)));
    let signature = hmac::sign(key, &message(name, &signed));
    format!("{SIGNED}{}.{signed}", URL_SAFE_NO_PAD.encode(signature))
}

/// Returns the text of a signed value: `None` if it is not one that `sign` made with this key for this name, or void by
/// now.
pub(super) fn verify<'v>(key: &hmac::Key, name: &str, value: &'v str, now: u64) -> Option<&'v str> {
    let (signature, signed) = value.strip_prefix(SIGNED)?.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    hmac::verify(key, &message(name, signed), &signature).ok()?;
    let (expires, text) = signed.split_once('.')?;
    let expires: u64 = expires.parse().ok()?;
    is_fresh((expires != 0).then_some(expires), now).then_some(text)
}

/// Returns what the signature is over. A name has no zero byte.
fn message(name: &str, signed: &str) -> Vec<u8> {
    [name.as_bytes(), b"\0", signed.as_bytes()].concat()
}

/// Returns the seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Returns the present second.
pub(super) fn now() -> u64 {
    seconds(SystemTime::now())
}

fn is_fresh(expires: Option<u64>, now: u64) -> bool {
    expires.is_none_or(|expires| now < expires)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::secret::{IN_TESTS, Keys};

    const NAME: &str = "__Host-a";

    fn keys() -> Keys {
        Keys::read(IN_TESTS).unwrap()
    }

    fn opened(value: &str, name: &str, now: u64) -> Option<String> {
        open(&keys().first().unwrap().encrypted, name, value, now).map(|(data, _)| data)
    }

    fn verified(value: &str, name: &str, now: u64) -> Option<String> {
        verify(&keys().first().unwrap().signed, name, value, now).map(str::to_owned)
    }

    type Read = fn(&str, &str, u64) -> Option<String>;

    fn both(expires: Option<u64>) -> [(String, Read); 2] {
        let keys = keys();
        let keys = keys.first().unwrap();
        [
            (seal(&keys.encrypted, NAME, expires, "größe.1").unwrap(), opened),
            (sign(&keys.signed, NAME, expires, "größe.1"), verified),
        ]
    }

    #[test]
    fn what_was_made_comes_back_until_it_expires() {
        for (value, read) in both(Some(1000)) {
            assert_eq!(read(&value, NAME, 999).as_deref(), Some("größe.1"));
            assert_eq!(read(&value, NAME, 1000), None);
        }
        for (value, read) in both(None) {
            assert_eq!(read(&value, NAME, u64::MAX).as_deref(), Some("größe.1"));
        }
    }

    #[test]
    fn another_name_key_or_length_is_nothing() {
        for (value, read) in both(Some(1000)) {
            for name in ["a", "__Host-b", "__Host-", "", "__host-a"] {
                assert_eq!(read(&value, name, 1), None, "{name}");
            }
            for (end, _) in value.char_indices() {
                assert_eq!(read(&value[..end], NAME, 1), None, "{end}");
            }
            assert_eq!(read(&format!("{value}A"), NAME, 1), None);
        }
        let other = Keys::read(&"A".repeat(44)).unwrap();
        let other = other.first().unwrap();
        let [(sealed, _), (signed, _)] = both(None);
        assert!(open::<String>(&other.encrypted, NAME, &sealed, 1).is_none());
        assert_eq!(verify(&other.signed, NAME, &signed, 1), None);
        let own = keys();
        let own = own.first().unwrap();
        assert!(open::<String>(&own.session, NAME, &sealed, 1).is_none());
        assert_eq!(verify(&own.flash, NAME, &signed, 1), None);
    }

    #[test]
    fn any_byte_changed_is_nothing() {
        for (value, read) in both(Some(1000)) {
            for place in 0..value.len() {
                for byte in (0..=127).chain([0xc3, 0xff]) {
                    let mut changed = value.clone().into_bytes();
                    changed[place] = byte;
                    let Ok(changed) = String::from_utf8(changed) else { continue };
                    if changed != value {
                        assert_eq!(read(&changed, NAME, 1), None, "{changed}");
                    }
                }
            }
        }
    }

    #[test]
    fn lengths_are_known_before() {
        let keys = keys();
        let keys = keys.first().unwrap();
        for length in 0..40 {
            let json = format!("\"{}\"", "x".repeat(length));
            let data: &str = &json[1..=length];
            let sealed = seal(&keys.session, NAME, Some(1_764_361_234), data).unwrap();
            assert_eq!(sealed.len(), sealed_len(&json));
        }
    }
}
