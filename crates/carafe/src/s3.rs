//! Uploads from the browser into a bucket of Amazon S3, and links to what is in it, with the feature `s3`. Nothing here talks to S3: browsers
//! do, with what is signed here.
//!
//! [`signature`] signs with [`credentials`], which [`environment`] reads and [`container`] asks for; [`link`] are addresses for GET; [`direct`]
//! are forms with a [`policy`]; [`uploaded`] is what the browser comes back with.

mod container;
mod credentials;
mod direct;
mod environment;
mod error;
mod link;
mod policy;
mod signature;
mod timestamp;
mod uploaded;

use std::fmt;
use std::sync::Arc;

pub use credentials::BucketCredentials;
pub use direct::{DirectUpload, NewUpload, UploadForm};
pub use link::BucketLink;
pub use uploaded::Uploaded;

use error::BucketError;
use http::uri::Authority;

/// A bucket of Amazon S3, usually as [`State`](crate::State). To make one asks nobody: a copy costs next to nothing, and what is missing
/// is an error of the answer that needs it.
///
/// Whatever is not set comes from the environment, as Lambda sets it: the region from `AWS_REGION`, the credentials from
/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, or under SnapStart from
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI`, a stand-in for S3 from `AWS_ENDPOINT_URL_S3`.
///
/// ```
/// use std::time::Duration;
///
/// use carafe::{App, Bucket, BucketCredentials, BucketLink, State, get, routes};
///
/// #[get("/reports/<id>")]
/// fn report(id: u32, bucket: State<Bucket>) -> BucketLink {
///     bucket.link(format!("reports/{id}.pdf")).expires_in(Duration::from_secs(300))
/// }
///
/// // What is set here comes from the environment on Lambda.
/// let bucket = Bucket::new("acme").region("eu-west-1").credentials(BucketCredentials::new("AKIA…", "secret"));
/// let reply = App::new().state(bucket).routes(routes![report]).test().get("/reports/7").send();
/// assert_eq!(reply.status(), 303);
/// assert!(reply.header("location").unwrap().starts_with("https://acme.s3.eu-west-1.amazonaws.com/reports/7.pdf?"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket(Arc<Settings>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Settings {
    name: String,
    region: Option<String>,
    endpoint: Option<String>,
    credentials: Option<BucketCredentials>,
}

impl Bucket {
    /// Names the bucket.
    pub fn new(name: impl Into<String>) -> Bucket {
        Bucket(Arc::new(Settings { name: name.into(), ..Settings::default() }))
    }

    fn change(self, change: impl FnOnce(&mut Settings)) -> Bucket {
        let mut settings = Arc::unwrap_or_clone(self.0);
        change(&mut settings);
        Bucket(Arc::new(settings))
    }

    /// Sets the bucket's region.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Bucket {
        self.change(|settings| settings.region = Some(region.into()))
    }

    /// Sets the credentials, for a role other than the function's.
    #[must_use]
    pub fn credentials(self, credentials: BucketCredentials) -> Bucket {
        self.change(|settings| settings.credentials = Some(credentials))
    }

    /// Sets another address for S3, such as `http://127.0.0.1:4566` of a stand-in. The bucket's name then stands in the path.
    #[must_use]
    pub fn endpoint(self, url: impl Into<String>) -> Bucket {
        self.change(|settings| settings.endpoint = Some(url.into()))
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Begins a link to an object.
    pub fn link(&self, key: impl Into<String>) -> BucketLink {
        BucketLink::new(self.clone(), key.into())
    }

    /// Begins an upload by the browser: to a key that nobody can guess, below a prefix such as `tmp/`.
    pub fn upload(&self, prefix: impl Into<String>) -> NewUpload {
        NewUpload::new(self.clone(), prefix.into())
    }

    /// Finds what the environment has to say.
    fn resolved(&self) -> Result<Resolved, BucketError> {
        self.resolved_in(|name| std::env::var(name).ok())
    }

    fn resolved_in(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Resolved, BucketError> {
        let Settings { name, region, endpoint, credentials } = &*self.0;
        let is_name = (3..=63).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte));
        if !is_name {
            return Err(BucketError(format!(
                "`{name}` is not the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens"
            )));
        }
        let set = |name: &str| variable(name).filter(|text| !text.is_empty());
        let region = region.clone().or_else(|| set("AWS_REGION")).or_else(|| set("AWS_DEFAULT_REGION"));
        let region = region.ok_or_else(|| {
            BucketError(format!(
                "the region of the bucket `{name}` is not known: set `AWS_REGION`, or call `Bucket::region`"
            ))
        })?;
        let is_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if region.is_empty() || !region.bytes().all(is_label) {
            return Err(BucketError(format!("`{region}` is not the name of a region, such as `eu-west-1`")));
        }
        let credentials = match credentials {
            Some(credentials) => credentials.clone(),
            None => environment::credentials(&variable)?,
        };
        let endpoint =
            endpoint.clone().or_else(|| set("AWS_ENDPOINT_URL_S3")).or_else(|| set("AWS_ENDPOINT_URL"));
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let (scheme, host, folder) = match &endpoint {
            Some(url) => {
                let (scheme, host) = endpoint_of(url).ok_or_else(|| {
                    BucketError(format!("`{url}` is not an endpoint, such as `http://127.0.0.1:4566`"))
                })?;
                (scheme, host, format!("/{name}"))
            }
            // A certificate for `*.s3.…` is for one label.
            None if name.contains('.') => ("https", format!("s3.{region}.{domain}"), format!("/{name}")),
            None => ("https", format!("{name}.s3.{region}.{domain}"), String::new()),
        };
        Ok(Resolved { region, credentials, scheme, host, folder })
    }
}

/// Splits the address of an endpoint into scheme and authority.
fn endpoint_of(url: &str) -> Option<(&'static str, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = ["http", "https"].into_iter().find(|own| *own == scheme)?;
    Some((scheme, authority(scheme, rest.strip_suffix('/').unwrap_or(rest))?))
}

/// Reads host and port, and returns them as browsers write them: in lower case, without a port that the scheme has anyway.
fn authority(scheme: &str, text: &str) -> Option<String> {
    let read: Authority = text.parse().ok()?;
    let host = read.host().to_ascii_lowercase();
    // What stands in front of an `@` is no part of the host.
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~[]:".contains(&byte);
    if host.is_empty() || !text.bytes().all(is_host) {
        return None;
    }
    let behind = text.get(host.len()..)?;
    let port: Option<u16> =
        if behind.is_empty() { None } else { Some(behind.strip_prefix(':')?.parse().ok()?) };
    let usual = if scheme == "https" { 443 } else { 80 };
    Some(match port.filter(|port| *port != usual) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// A bucket with all that is known about it.
struct Resolved {
    region: String,
    credentials: BucketCredentials,
    scheme: &'static str,
    host: String,
    /// The bucket's name in the path, if it is there.
    folder: String,
}

/// Returns why no object can have this key, or none that a browser can be sent to.
fn problem_of_key(key: &str) -> Option<String> {
    let shown = key.chars().take(80).collect::<String>();
    if key.is_empty() {
        Some("the key is empty".to_owned())
    } else if key.len() > 1_024 {
        Some(format!("the key `{shown}…` has {} bytes, and S3 takes 1024", key.len()))
    } else if key.chars().any(char::is_control) {
        Some(format!("the key `{}` has a control character", shown.escape_debug()))
    } else if key.split('/').any(|part| part == "." || part == "..") {
        Some(format!("the key `{shown}` has a part `.` or `..`, which browsers take out of addresses"))
    } else {
        None
    }
}

/// Checks how long a signature is to hold: S3 takes seven days at most.
fn check_lifetime(seconds: u64) -> Result<(), BucketError> {
    if (1..=7 * 24 * 60 * 60).contains(&seconds) {
        return Ok(());
    }
    Err(BucketError::new("`expires_in` takes 1 second to 7 days"))
}

/// Keeps the credentials to itself.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("name", &self.0.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
