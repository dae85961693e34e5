//! Files: from a folder, or built into the program.

pub(crate) mod media_type;

use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, LAST_MODIFIED};
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::body::Body;
use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::{Responder, Response, typed};

/// A file, with the content type that the end of its name stands for.
///
/// From a folder that is deployed with the program: what is not in it is a 404, and `..`, absolute names and links that
/// lead out of it are not in it. What is in it is served, dotfiles too. A client that has the file already gets a 304 (RFC 9110 §13.1.3).
///
/// ```no_run
/// use carafe::{File, get};
///
/// #[get("/static/<name:path>")]
/// fn asset(name: &str) -> File {
///     File::under("static", name)
/// }
/// ```
///
/// Built into the program, so that there is nothing else to deploy:
///
/// ```
/// use carafe::{App, File, get, routes};
///
/// #[get("/report")]
/// fn report() -> File {
///     File::new("report.csv", "a,b\n1,2\n").download() // or include_bytes!("../report.csv")
/// }
///
/// let reply = App::new().routes(routes![report]).test().get("/report").send();
/// assert_eq!(reply.header("content-type"), Some("text/csv; charset=UTF-8"));
/// assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"report.csv\""));
/// ```
///
/// All of it is read at once, and a load balancer takes answers up to 1 MB (`docs/alb.md` §4), so larger files belong
/// elsewhere.
#[derive(Debug)]
#[must_use = "a file answers nothing until it is returned"]
pub struct File {
    name: String,
    content: io::Result<(Bytes, Option<SystemTime>)>,
    download: bool,
}

impl File {
    /// Makes a file that is in the program: a text, bytes, or what `include_bytes!` gives. The name decides the type.
    pub fn new(name: impl Into<String>, content: impl AsRef<[u8]> + Send + 'static) -> File {
        File { name: name.into(), content: Ok((Bytes::from_owner(content), None)), download: false }
    }

    /// Reads a file of a folder, now. A folder that is not absolute is sought where the program runs, which on Lambda is
    /// where it was unpacked. A file that is not there is a 404, a folder that is not there a 500: then it was not deployed.
    pub fn under(folder: impl AsRef<Path>, name: &str) -> File {
        let file = name.rsplit('/').next().unwrap_or(name);
        File { name: file.to_owned(), content: read(folder.as_ref(), name), download: false }
    }

    /// Lets a browser save it under its name instead of showing it (RFC 6266).
    pub fn download(mut self) -> File {
        self.download = true;
        self
    }
}

fn read(folder: &Path, name: &str) -> io::Result<(Bytes, Option<SystemTime>)> {
    let outside = || io::Error::from(ErrorKind::NotFound);
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if name.is_empty() || name.contains('\0') || !plain {
        return Err(outside());
    }
    // A link may lead anywhere.
    let folder: PathBuf = folder.canonicalize().map_err(|error| {
        let from = std::env::current_dir().unwrap_or_default();
        io::Error::other(format!("no folder {folder:?}, seen from {}: {error}", from.display()))
    })?;
    let path = folder.join(name).canonicalize()?;
    let data = path.metadata()?;
    if !path.starts_with(&folder) || !data.is_file() {
        return Err(outside());
    }
    Ok((Bytes::from(std::fs::read(path)?), data.modified().ok()))
}

impl Responder for File {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let (content, modified) = self.content.map_err(|error| match error.kind() {
            // Of names too long for any file the system says that they are invalid.
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
                Error::bare(StatusCode::NOT_FOUND)
            }
            _ => Error::from_source(format!("cannot read the file {:?}: {error}", self.name).into()),
        })?;
        let mut response = typed(media_type::of(&self.name), content);
        if let Some(modified) = modified {
            let date = HeaderValue::try_from(httpdate::fmt_http_date(modified))?;
            response.headers_mut().insert(LAST_MODIFIED, date);
            if is_known(request, modified) {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                // It keeps its type: a load balancer may make one up where there is none, and a client may remember that.
                *response.body_mut() = Body::empty();
            }
        }
        if self.download {
            response.headers_mut().insert(CONTENT_DISPOSITION, disposition(&self.name)?);
        }
        Ok(response)
    }
}

/// Returns whether the client has the file as it was last modified (RFC 9110 §13.1.3).
fn is_known(request: &Request, modified: SystemTime) -> bool {
    let since = request.header("if-modified-since").and_then(|date| httpdate::parse_http_date(date).ok());
    matches!(*request.method(), Method::GET | Method::HEAD)
        && since.is_some_and(|since| whole_seconds(modified) <= since)
}

fn disposition(name: &str) -> Result<HeaderValue> {
    let safe = |char: char| {
        if char.is_ascii_graphic() && !matches!(char, '"' | '\\') || char == ' ' { char } else { '_' }
    };
    let ascii: String = name.chars().map(safe).collect();
    let mut text = format!("attachment; filename=\"{ascii}\"");
    if ascii != name {
        text.push_str(&format!("; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC)));
    }
    Ok(HeaderValue::try_from(text)?)
}

/// Cuts a time to whole seconds: HTTP dates have no smaller parts.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    UNIX_EPOCH + Duration::from_secs(seconds)
}
