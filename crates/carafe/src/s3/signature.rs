//! Signature Version 4 of AWS, as far as addresses and forms need it: <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html>.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{digest, hmac};

use super::BucketCredentials;
use super::timestamp::Timestamp;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What a value of the query may hold as it is.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// A key, whose slashes stay.
const KEY: &AsciiSet = &VALUE.remove(b'/');

/// Encodes a value of the query.
pub(super) fn value(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// Encodes a key as a path.
pub(super) fn path(key: &str) -> String {
    utf8_percent_encode(key, KEY).to_string()
}

/// Who signs, where and when.
#[derive(Clone, Copy)]
pub(super) struct Signer<'a> {
    pub(super) credentials: &'a BucketCredentials,
    pub(super) region: &'a str,
    pub(super) now: Timestamp,
}

impl Signer<'_> {
    fn scope(&self) -> String {
        format!("{}/{}/s3/aws4_request", self.now.date(), self.region)
    }

    /// Returns the key's id with the scope that it signs for.
    pub(super) fn credential(&self) -> String {
        format!("{}/{}", self.credentials.id, self.scope())
    }

    /// Signs a text: hexadecimal.
    pub(super) fn sign(&self, text: &str) -> String {
        let keyed =
            |key: &[u8], text: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        let secret = format!("AWS4{}", self.credentials.secret);
        let mut key = keyed(secret.as_bytes(), &self.now.date());
        for part in [self.region, "s3", "aws4_request"] {
            key = keyed(key.as_ref(), part);
        }
        hex(keyed(key.as_ref(), text).as_ref())
    }

    /// Returns the query of a GET that is signed for so many seconds; `parameters` are those of S3 itself.
    pub(super) fn query(&self, host: &str, path: &str, seconds: u64, parameters: &[(&str, &str)]) -> String {
        let (credential, stamp, seconds) = (self.credential(), self.now.basic(), seconds.to_string());
        let mut all = vec![
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &stamp),
            ("X-Amz-Expires", &seconds),
            ("X-Amz-SignedHeaders", "host"),
        ];
        if let Some(token) = &self.credentials.token {
            all.push(("X-Amz-Security-Token", token));
        }
        all.extend(parameters);
        all.sort_unstable();
        let pairs: Vec<String> = all.iter().map(|(name, text)| format!("{name}={}", value(text))).collect();
        let query = pairs.join("&");
        let request = format!("GET\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD");
        let hash = hex(digest::digest(&digest::SHA256, request.as_bytes()).as_ref());
        let signature = self.sign(&format!("{ALGORITHM}\n{stamp}\n{}\n{hash}", self.scope()));
        format!("{query}&X-Amz-Signature={signature}")
    }
}

/// Writes bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
