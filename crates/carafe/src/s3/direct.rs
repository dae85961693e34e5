//! Forms by which a browser uploads into a bucket.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carafe_lambda::negotiate::prefers_html;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::ser::{Serialize, SerializeMap as _, SerializeStruct as _, Serializer};

use super::error::BucketError;
use super::policy::Policy;
use super::signature::{ALGORITHM, Signer, hex};
use super::timestamp::Timestamp;
use super::uploaded::Token;
use super::{Bucket, Resolved, authority, check_lifetime, problem_of_key};
use crate::{Error, Html, Json, Request, Responder, Response, Result, Target};

/// The most bytes of one upload by a form.
const MOST_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// An upload by the browser that is being described: [`Bucket::upload`] begins it, [`then`](NewUpload::then) ends it.
///
/// ```
/// use std::time::Duration;
///
/// use carafe::{Bucket, DirectUpload, MB, NewUpload, State, get};
///
/// fn of_a_photo(bucket: &Bucket) -> NewUpload {
///     bucket.upload("tmp/").at_most(20 * MB).types(["image/png", "image/jpeg"]).expires_in(Duration::from_secs(600))
/// }
///
/// #[get("/photos/new")]
/// fn new_photo(bucket: State<Bucket>) -> DirectUpload {
///     of_a_photo(&bucket).then("/photos/add")
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "an upload needs the route that comes after it: `.then(…)`"]
pub struct NewUpload {
    bucket: Bucket,
    prefix: String,
    at_most: usize,
    types: Vec<String>,
    pub(super) seconds: u64,
}

impl NewUpload {
    pub(super) fn new(bucket: Bucket, prefix: String) -> NewUpload {
        NewUpload { bucket, prefix, at_most: 10_000_000, types: Vec::new(), seconds: 3_600 }
    }

    /// Sets the most bytes that S3 takes: 10 MB unless set, 5 GiB at most. An empty file it takes never.
    pub fn at_most(self, bytes: usize) -> NewUpload {
        NewUpload { at_most: bytes, ..self }
    }

    /// Sets the content types that the form may claim. S3 checks one type exactly, and of several what they have in common, such as
    /// `image/`. It looks at the claim only, not into the file.
    ///
    /// The object is stored and served with the type that the form's field `Content-Type` has: of several types the first, until a
    /// script sets it to the `type` of the file that was chosen.
    pub fn types<T: Into<String>>(self, types: impl IntoIterator<Item = T>) -> NewUpload {
        NewUpload { types: types.into_iter().map(Into::into).collect(), ..self }
    }

    /// Sets how long the form may be used, in whole seconds: an hour unless set, and never longer than the session of the role that signs it.
    pub fn expires_in(self, time: Duration) -> NewUpload {
        NewUpload { seconds: time.as_secs(), ..self }
    }

    /// Names the route that S3 sends the browser to after the upload, by GET. It takes [`Uploaded`](super::Uploaded).
    pub fn then(self, route: impl Into<Target>) -> DirectUpload {
        DirectUpload { upload: self, then: route.into() }
    }
}

/// A form by which a browser uploads a file into a bucket, past the load balancer and its limit of 1 MB. S3 refuses what is longer than
/// the limit, has another key, or comes too late.
///
/// As a reply it is JSON, `{"url", "fields", "max_bytes", "types"}`, or a small page for a client that prefers HTML. For a page of your own,
/// [`DirectUpload::form`] has the same values.
///
/// ```
/// use carafe::{App, Bucket, BucketCredentials, DirectUpload, MB, State, Uploaded, get, routes};
///
/// #[get("/photos/new")]
/// fn new_photo(bucket: State<Bucket>) -> DirectUpload {
///     bucket.upload("tmp/").at_most(20 * MB).types(["image/png", "image/jpeg"]).then(add_photo::url())
/// }
///
/// #[get("/photos/add")]
/// fn add_photo(photo: Uploaded) -> String {
///     format!("Thank you for {}", photo.key())
/// }
///
/// let bucket = Bucket::new("acme").region("eu-west-1").credentials(BucketCredentials::new("AKIA…", "secret"));
/// let app = App::new().secret_from("APP_SECRET").state(bucket).routes(routes![new_photo, add_photo]);
/// let form: serde_json::Value = app.test().get("/photos/new").send().json();
/// assert_eq!(form["url"], "https://acme.s3.eu-west-1.amazonaws.com/");
/// assert!(form["fields"]["key"].as_str().unwrap().starts_with("tmp/"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a form answers nothing until it is returned"]
pub struct DirectUpload {
    upload: NewUpload,
    then: Target,
}

impl DirectUpload {
    /// Signs the form, for a template.
    ///
    /// # Errors
    ///
    /// The app has no secret, the environment no region or credentials, or the upload was described with what S3 does not take.
    pub fn form(&self, request: &Request) -> Result<UploadForm> {
        let at = self.upload.bucket.resolved()?;
        let now = Timestamp::now();
        let key = format!("{}{}", self.upload.prefix, hex(&random()?));
        let page = match &self.then {
            Target::Link(link) => request.url_for(link)?,
            Target::Text(text) => text.to_string(),
        };
        if !page.starts_with('/') {
            return Err(BucketError(format!("`then`: `{page}` is not a path of this app")).into());
        }
        if page.contains('#') {
            return Err(BucketError(format!(
                "`then`: `{page}` has a `#`, and S3 adds parameters to its end"
            ))
            .into());
        }
        // An hour more than the form: a long upload ends after it.
        let expires = now.plus(self.upload.seconds).plus(3_600);
        let token =
            Token { bucket: self.upload.bucket.name(), key: &key, at_most: self.upload.at_most, expires };
        let token = token.sign(request, &page)?;
        let scheme = if request.is_https() { "https" } else { "http" };
        let host = request.host().unwrap_or_default();
        let host = authority(scheme, host).ok_or_else(|| {
            Error::new(StatusCode::BAD_REQUEST, "the request has no `Host` to come back to")
        })?;
        let mark = if page.contains('?') { '&' } else { '?' };
        let back = format!("{scheme}://{host}{page}{mark}upload={token}");
        Ok(self.upload.signed(&at, now, &key, back)?)
    }
}

impl NewUpload {
    pub(super) fn signed(
        &self,
        at: &Resolved,
        now: Timestamp,
        key: &str,
        back: String,
    ) -> Result<UploadForm, BucketError> {
        if let Some(problem) = problem_of_key(key) {
            return Err(BucketError(problem));
        }
        check_lifetime(self.seconds)?;
        if !(1..=MOST_BYTES).contains(&u64::try_from(self.at_most).unwrap_or(u64::MAX)) {
            return Err(BucketError::new("`at_most` takes 1 byte to 5 GiB: S3 takes no more by a form"));
        }
        let Resolved { region, credentials, scheme, host, folder } = at;
        let signer = Signer { credentials, region, now };
        let mut policy = Policy::until(&now.plus(self.seconds).extended())
            .equals("success_action_redirect", &back)
            .length(1, self.at_most);
        let mut fields = vec![("key", key.to_owned()), ("success_action_redirect", back)];
        match self.types.as_slice() {
            [] => {}
            [one] => {
                policy = policy.equals("Content-Type", one);
                fields.push(("Content-Type", one.clone()));
            }
            [first, others @ ..] => {
                let common = others.iter().fold(first.as_str(), |common, other| common_start(common, other));
                if !common.contains('/') {
                    let types = self.types.join("`, `");
                    return Err(BucketError(format!(
                        "S3 checks only what types have in common, and `{types}` have nothing: offer a form for each"
                    )));
                }
                policy = policy.starts_with("Content-Type", common);
                fields.push(("Content-Type", first.clone()));
            }
        }
        let (stamp, credential) = (now.basic(), signer.credential());
        policy = policy
            .equals("bucket", self.bucket.name())
            .equals("key", key)
            .equals("x-amz-algorithm", ALGORITHM)
            .equals("x-amz-credential", &credential)
            .equals("x-amz-date", &stamp);
        fields.extend([
            ("x-amz-algorithm", ALGORITHM.to_owned()),
            ("x-amz-credential", credential),
            ("x-amz-date", stamp),
        ]);
        if let Some(token) = &credentials.token {
            policy = policy.equals("x-amz-security-token", token);
            fields.push(("x-amz-security-token", token.clone()));
        }
        let policy = STANDARD.encode(policy.into_json());
        let signature = signer.sign(&policy);
        fields.extend([("policy", policy), ("x-amz-signature", signature)]);
        let url = format!("{scheme}://{host}{}", if folder.is_empty() { "/" } else { folder.as_str() });
        Ok(UploadForm { url, fields, max_bytes: self.at_most, types: self.types.clone() })
    }
}

/// Returns bytes that nobody can guess.
fn random() -> Result<[u8; 16], BucketError> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| BucketError::new("the system has no random bytes"))?;
    Ok(bytes)
}

fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.char_indices().zip(other.chars()).find(|((_, one), other)| one != other);
    let end = same.map_or(one.len().min(other.len()), |((place, _), _)| place);
    one.get(..end).unwrap_or_default()
}

/// The values of a signed form: what a template's `<form>` or a script's `FormData` needs.
///
/// As data it is `{"url", "fields", "max_bytes", "types"}`, and `fields` is an object. The file is the last field, and is called `file`.
///
/// ```
/// use carafe::{Bucket, Request, Result, State, get};
///
/// #[get("/photos/new")]
/// fn new_photo(bucket: State<Bucket>, request: &Request) -> Result<String> {
///     let form = bucket.upload("tmp/").then("/photos/add").form(request)?;
///     let names: Vec<&str> = form.fields().map(|(name, _)| name).collect();
///     Ok(format!("{} takes {}, and a file", form.url(), names.join(", ")))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadForm {
    url: String,
    fields: Vec<(&'static str, String)>,
    max_bytes: usize,
    types: Vec<String>,
}

impl UploadForm {
    /// Returns the form's `action`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the names and values of the hidden fields, which come before the file.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (*name, value.as_str()))
    }

    fn page(&self) -> String {
        let hidden: String = self
            .fields()
            .map(|(name, value)| {
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value))
            })
            .collect();
        let accept = escaped(&self.types.join(","));
        let accept = if accept.is_empty() { accept } else { format!(" accept=\"{accept}\"") };
        let url = escaped(&self.url);
        format!(
            "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>Upload</title>\n\
             <form method=\"post\" action=\"{url}\" enctype=\"multipart/form-data\">\n{hidden}\
             <input type=\"file\" name=\"file\" required{accept}>\n<button>Upload</button>\n</form>\n"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Serialize for UploadForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("UploadForm", 4)?;
        form.serialize_field("url", &self.url)?;
        form.serialize_field("fields", &Fields(&self.fields))?;
        form.serialize_field("max_bytes", &self.max_bytes)?;
        form.serialize_field("types", &self.types)?;
        form.end()
    }
}

struct Fields<'a>(&'a [(&'static str, String)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            fields.serialize_entry(name, value)?;
        }
        fields.end()
    }
}

/// Answers with the form, as the client prefers it; nobody may keep it.
impl Responder for DirectUpload {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let form = self.form(request)?;
        let mut response = if request.header("accept").is_some_and(prefers_html) {
            Html(form.page()).respond_to(request)?
        } else {
            Json(form).respond_to(request)?
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}
