//! Files: from a folder, or built into the program.

mod etag;
pub(crate) mod media_type;
mod murmur3;

use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, ETAG};
use http::{HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::{KnownCopy, Responder, Response, typed};

/// A file, with the content type that the end of its name stands for.
///
/// From a folder that is deployed with the program: what is not in it is a 404, and `..`, absolute names and links that
/// lead out of it are not in it. What is in it is served, dotfiles too.
///
/// A client that has these very bytes already gets a 304: they have an `ETag`, which a client sends back in
/// `If-None-Match` (RFC 9110 §13.1.2). Dates say nothing here, because what packs a program gives all files one date, or
/// that of an older version: there is no `Last-Modified`, and `If-Modified-Since` is not looked at.
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
    content: io::Result<Bytes>,
    download: bool,
}

impl File {
    /// Makes a file that is in the program: a text, bytes, or what `include_bytes!` gives. The name decides the type.
    pub fn new(name: impl Into<String>, content: impl AsRef<[u8]> + Send + 'static) -> File {
        File { name: name.into(), content: Ok(Bytes::from_owner(content)), download: false }
    }

    /// Reads a file of a folder, now. A folder that is not absolute is sought where the program runs, which on Lambda is
    /// where it was unpacked. A file that is not there is a 404, and so are a folder, a link that leads nowhere or in a
    /// circle, and a name that no file can have. A folder that is not there is a 500: then it was not deployed. So is a
    /// file that may not be read, whose permissions were lost where it was packed; the log has the reason.
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

fn read(folder: &Path, name: &str) -> io::Result<Bytes> {
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
    if !path.starts_with(&folder) || !path.metadata()?.is_file() {
        return Err(outside());
    }
    std::fs::read(path).map(Bytes::from)
}

/// The system's number for links that lead in a circle, for which there is no [`ErrorKind`] yet.
const LINK_LOOP: i32 = if cfg!(windows) {
    1921
} else if cfg!(any(target_os = "linux", target_os = "android")) {
    40
} else {
    62
};

/// Returns whether an error means that there is no such file, rather than that it cannot be read.
fn is_not_there(error: &io::Error) -> bool {
    // Of names too long for any file the system says that they are invalid.
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
        || error.raw_os_error() == Some(LINK_LOOP)
}

impl Responder for File {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let content = self.content.map_err(|error| {
            if is_not_there(&error) {
                return Error::bare(StatusCode::NOT_FOUND);
            }
            Error::from_source(format!("cannot read the file {:?}: {error}", self.name).into())
        })?;
        let etag = etag::of(&content)?;
        let is_known = etag::is_known(request, &etag);
        let mut response = typed(media_type::of(&self.name), content);
        if is_known {
            // The body stays until it is certain that this is the status: a tuple or a catcher may name another. So does
            // the type: a load balancer may make one up where there is none, and a client may remember that.
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.extensions_mut().insert(KnownCopy);
        }
        response.headers_mut().insert(ETAG, etag);
        if self.download {
            response.headers_mut().insert(CONTENT_DISPOSITION, disposition(&self.name)?);
        }
        Ok(response)
    }
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
