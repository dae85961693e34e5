//! What a browser comes back with from an upload.

use carafe_router::canonical;
use http::StatusCode;

use super::timestamp::Timestamp;
use crate::{Error, FromRequest, Request, Requirements, Result, Signer};

const PURPOSE: &str = "carafe direct upload 1";

/// An upload that S3 has sent the browser back from, to the route of [`NewUpload::then`](super::NewUpload::then): a GET.
///
/// **What it proves**: that this app has offered this key, with this greatest size, for this route, not long ago. The app's secret signed that,
/// so the app needs [`App::secret_from`](crate::App::secret_from). **What it does not prove**: that the file is there, how long it is, what is in
/// it, and who sends it. The address can be called without an upload, and again; `etag`, and all else in the address, is the client's word. So move
/// the object out of `tmp/` by its key, and let that fail if it is not there; look at its first bytes by [`FileKind::of`](crate::FileKind::of).
///
/// A request that is none of these is refused: 400 without the parameters that S3 adds, 403 where the signature is not ours or is too old.
///
/// ```
/// use carafe::{App, Uploaded, get, routes};
///
/// #[get("/photos/add")]
/// fn add_photo(photo: Uploaded) -> String {
///     format!("{} of at most {} bytes", photo.key(), photo.max_bytes())
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![add_photo]).test();
/// assert_eq!(client.get("/photos/add?bucket=acme&key=tmp/1&upload=9999999999.5.forged").send().status(), 403);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    bucket: String,
    key: String,
    etag: Option<String>,
    at_most: usize,
}

impl Uploaded {
    /// Returns the object's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Returns the greatest size that S3 took, in bytes. The size itself only S3 knows.
    pub fn max_bytes(&self) -> usize {
        self.at_most
    }

    /// Returns the object's tag without quotes, as the browser says.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }
}

impl FromRequest<'_> for Uploaded {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        let parameter = |name: &str| {
            request.query(name).ok_or_else(|| {
                let text = format!(
                    "the query has no `{name}`: S3 sends browsers here after an upload, and adds `bucket`, `key` and `etag`"
                );
                Error::new(StatusCode::BAD_REQUEST, text)
            })
        };
        let (bucket, key) = (parameter("bucket")?, parameter("key")?);
        let (at_most, expires) = Token::verify(request, parameter("upload")?, bucket, key)?
            .ok_or_else(|| Error::new(StatusCode::FORBIDDEN, "this app has not offered such an upload"))?;
        if Timestamp::now().seconds() > expires {
            return Err(Error::new(StatusCode::FORBIDDEN, "the upload came too late: upload the file again"));
        }
        let etag = request.query("etag").map(|etag| etag.trim_matches('"').to_owned());
        Ok(Uploaded { bucket: bucket.to_owned(), key: key.to_owned(), etag, at_most })
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Signer>();
    }
}

/// What was offered, as it stands in the address that S3 sends the browser to: `EXPIRES.BYTES.SIGNATURE`.
pub(super) struct Token<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) at_most: usize,
    pub(super) expires: Timestamp,
}

impl Token<'_> {
    /// Signs for a page of this app.
    pub(super) fn sign(&self, request: &Request, page: &str) -> Result<String> {
        let (at_most, expires) = (self.at_most, self.expires.seconds());
        let path = page.split('?').next().unwrap_or_default();
        let path = canonical(path).unwrap_or(path.into());
        let message = message(self.bucket, self.key, at_most, expires, &path);
        let signature = Signer::of(request)?.sign(PURPOSE, &message)?;
        Ok(format!("{expires}.{at_most}.{signature}"))
    }

    /// Returns the greatest size and the expiry of a token that is ours.
    fn verify(request: &Request, token: &str, bucket: &str, key: &str) -> Result<Option<(usize, u64)>> {
        let mut parts = token.splitn(3, '.');
        let mut part = || parts.next().unwrap_or_default();
        let (expires, at_most, signature) = (part().parse(), part().parse(), part());
        let (Ok(expires), Ok(at_most)) = (expires, at_most) else { return Ok(None) };
        if [bucket, key].iter().any(|text| text.contains('\n')) {
            return Ok(None);
        }
        let message = message(bucket, key, at_most, expires, request.path());
        Ok(Signer::of(request)?.is_signed(PURPOSE, &message, signature)?.then_some((at_most, expires)))
    }
}

/// What is signed. The path is in its canonical spelling and stands last; neither bucket nor key has a line break.
fn message(bucket: &str, key: &str, at_most: usize, expires: u64, path: &str) -> String {
    format!("{expires}\n{at_most}\n{bucket}\n{key}\n{path}")
}
