//! The app's secret, and the keys that are derived from it.

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{hkdf, hmac};

use crate::{Error, Request, Requirements, Result};

/// What the variable holds.
pub(super) const HELP: &str = "base64 of at least 32 random bytes, as `openssl rand -base64 32` prints it; of several, \
                               separated by commas, the first writes and all read";

/// The secret of tests: 32 bytes that say what they are.
pub(super) const IN_TESTS: &str = "Y2FyYWZlIHRlc3Qgc2VjcmV0LCBub3QgZm9yIHVzZSE=";

/// The least bytes of a secret.
const LEAST_BYTES: usize = 32;

/// Stands in front of the purposes that users name. None of those below begins with it, so none is the same.
const OF_SIGNER: &str = "carafe signer 1: ";

/// Standard base64, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The keys of each secret, the one that writes first.
pub(super) struct Keys(Vec<KeySet>);

/// The keys of one secret. Each has a purpose of its own, so that a value for one is none for another.
pub(super) struct KeySet {
    pub(super) session: LessSafeKey,
    pub(super) session_id: LessSafeKey,
    pub(super) encrypted: LessSafeKey,
    pub(super) signed: hmac::Key,
    pub(super) flash: hmac::Key,
    secret: hkdf::Prk,
}

impl Keys {
    /// Derives the keys of a variable's text, or says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Keys, String> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let sets = parts.iter().enumerate().map(|(place, part)| {
            let which = if parts.len() == 1 { String::new() } else { format!(", in place {},", place + 1) };
            KeySet::read(part).map_err(|problem| format!("{problem}{which}").trim_end_matches(',').to_owned())
        });
        sets.collect::<Result<_, _>>().map(Keys)
    }

    /// Returns the keys that write.
    pub(super) fn first(&self) -> Result<&KeySet> {
        self.0.first().ok_or_else(|| Error::from(Unusable("no secret")))
    }

    /// Returns all keys, for reading.
    pub(super) fn all(&self) -> impl Iterator<Item = &KeySet> {
        self.0.iter()
    }
}

impl KeySet {
    fn read(text: &str) -> Result<KeySet, String> {
        // Base64 of either alphabet; which one it was says nothing.
        let text = text.replace('-', "+").replace('_', "/");
        let secret = BASE64.decode(text).map_err(|_| "has a secret that is not base64".to_owned())?;
        if secret.len() < LEAST_BYTES {
            return Err(format!("has a secret of {} bytes", secret.len()));
        }
        KeySet::derive(&secret).map_err(|error| format!("cannot be used: {error}"))
    }

    fn derive(secret: &[u8]) -> Result<KeySet, Unusable> {
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
        let encrypting = |purpose: &str| -> Result<LessSafeKey, Unusable> {
            let key: UnboundKey = secret.expand(&[purpose.as_bytes()], &AES_256_GCM)?.into();
            Ok(LessSafeKey::new(key))
        };
        let signing = |purpose: &str| -> Result<hmac::Key, Unusable> {
            Ok(secret.expand(&[purpose.as_bytes()], hmac::HMAC_SHA256)?.into())
        };
        Ok(KeySet {
            session: encrypting("carafe session 1")?,
            session_id: encrypting("carafe session id 1")?,
            encrypted: encrypting("carafe encrypted cookie 1")?,
            signed: signing("carafe signed cookie 1")?,
            flash: signing("carafe flash 1")?,
            secret,
        })
    }

    /// Derives a key that signs for a purpose of [`Signer`](super::Signer).
    pub(super) fn signing(&self, purpose: &str) -> Result<hmac::Key, Unusable> {
        Ok(self.secret.expand(&[OF_SIGNER.as_bytes(), purpose.as_bytes()], hmac::HMAC_SHA256)?.into())
    }
}

/// Requires the app to have a secret.
pub(super) fn require(requirements: &mut Requirements<'_>) {
    if !requirements.has_state::<Keys>() {
        requirements.problem("needs the app to have a secret: add `.secret_from(\"APP_SECRET\")`");
    }
}

/// Returns the app's keys.
pub(super) fn keys(request: &Request) -> Result<Arc<Keys>> {
    request
        .state::<Keys>()
        .ok_or_else(|| Unusable("the app has no secret: add `.secret_from(\"APP_SECRET\")`").into())
}

/// Makes a secret.
pub(super) fn make() -> Result<String, String> {
    let secret = random::<LEAST_BYTES>().map_err(|error| error.to_string())?;
    Ok(BASE64.encode(secret))
}

/// Returns bytes that nobody can guess.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Unusable> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(bytes)
}

/// What cannot happen with the sizes used here, or says that the system has no random bytes.
#[derive(Debug)]
pub(super) struct Unusable(&'static str);

impl From<ring::error::Unspecified> for Unusable {
    fn from(_: ring::error::Unspecified) -> Unusable {
        Unusable("the cryptography failed, for want of random bytes perhaps")
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unusable {}

/// Keeps the keys to itself.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "keys of {} secrets", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_base64_of_32_bytes_at_least() {
        let thirty_two = BASE64.encode([7; 32]);
        let url_safe = BASE64.encode([0xfb; 33]).replace('+', "-").replace('/', "_");
        for text in [
            IN_TESTS,
            thirty_two.trim_end_matches('='),
            &url_safe,
            &format!(" {thirty_two}\n"),
            &format!("{thirty_two}, {url_safe}"),
        ] {
            assert!(Keys::read(text).is_ok(), "{text:?}");
        }
        assert_eq!(Keys::read(&format!("{thirty_two},{url_safe}")).unwrap().all().count(), 2);
        for (text, problem) in [
            ("", "has a secret of 0 bytes"),
            (&*BASE64.encode([7; 31]), "has a secret of 31 bytes"),
            ("not base64!", "has a secret that is not base64"),
            (&*format!("{thirty_two},"), "has a secret of 0 bytes, in place 2"),
            (&*format!("x y,{thirty_two}"), "has a secret that is not base64, in place 1"),
        ] {
            assert_eq!(Keys::read(text).unwrap_err(), problem, "{text:?}");
        }
    }

    #[test]
    fn a_secret_is_made_anew_each_time() {
        let (one, other) = (make().unwrap(), make().unwrap());
        assert!(Keys::read(&one).is_ok() && one != other);
    }
}
