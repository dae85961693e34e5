//! Files: from a folder, or built into the program.

mod condition;
mod etag;
pub(crate) mod media_type;
mod murmur3;
mod range;

use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use carafe_lambda::negotiate::prefers_gzip;
use http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, ETAG, VARY};
use http::{HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::{IfSuccess, Responder, Response, typed};

/// A file, with the content type that the end of its name stands for.
///
/// From a folder that is deployed with the program: what is not in it is a 404, and `..`, absolute names and links that
/// lead out of it are not in it. What is in it is served, dotfiles too.
///
/// A client that has these very bytes already gets a 304: they have an `ETag`, which a client sends back in
/// `If-None-Match` (RFC 9110 §13.1.2). `If-Match`, `If-Range` and `Range` are answered likewise, with 412, 206 and 416;
/// several ranges, and one that is too long for an answer, with the whole file. Dates say nothing here, because what packs a
/// program gives all files one date, or that of an older version: there is no `Last-Modified`, and `If-Modified-Since` is not
/// looked at.
///
/// For a whole folder there is [`App::files`](crate::App::files).
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
    /// Boxed, because few files have it, and a file in an `Err` should be small.
    more: Option<Box<More>>,
}

/// What a file can have besides.
#[derive(Debug, Default)]
struct More {
    gzip: Option<Bytes>,
    etag: Option<String>,
}

impl File {
    fn of(name: String, content: io::Result<Bytes>) -> File {
        File { name, content, download: false, more: None }
    }

    /// Makes a file that is in the program: a text, bytes, or what `include_bytes!` gives. The name decides the type.
    pub fn new(name: impl Into<String>, content: impl AsRef<[u8]> + Send + 'static) -> File {
        File::of(name.into(), Ok(Bytes::from_owner(content)))
    }

    /// Reads a file of a folder, now. A folder that is not absolute is sought where the program runs, which on Lambda is
    /// where it was unpacked. A file that is not there is a 404, and so are a folder, a link that leads nowhere or in a
    /// circle, and a name that no file can have. A folder that is not there is a 500: then it was not deployed. So is a
    /// file that may not be read, whose permissions were lost where it was packed; the log has the reason.
    pub fn under(folder: impl AsRef<Path>, name: &str) -> File {
        let file = name.rsplit('/').next().unwrap_or(name);
        File::of(file.to_owned(), read(folder.as_ref(), name))
    }

    /// Lets a browser save it under its name instead of showing it (RFC 6266).
    pub fn download(mut self) -> File {
        self.download = true;
        self
    }

    /// Adds the same content compressed with gzip, for clients that take it. It has a tag of its own, and a piece that a
    /// client asks for is one of the plain content.
    ///
    /// ```
    /// use carafe::{App, File, get, routes};
    ///
    /// #[get("/app.js")]
    /// fn script() -> File {
    ///     File::new("app.js", "let a = 1;").gzip(b"\x1f\x8b...") // include_bytes!("app.js.gz")
    /// }
    ///
    /// let client = App::new().routes(routes![script]).test();
    /// let reply = client.get("/app.js").header("accept-encoding", "gzip").send();
    /// assert_eq!(reply.header("content-encoding"), Some("gzip"));
    /// assert_eq!(client.get("/app.js").send().text(), "let a = 1;");
    /// ```
    pub fn gzip(mut self, content: impl AsRef<[u8]> + Send + 'static) -> File {
        self.more.get_or_insert_default().gzip = Some(Bytes::from_owner(content));
        self
    }

    /// Names the content, such as by a version, where the hash of the bytes would be its `ETag`. The text stands between
    /// the quotes; another content needs another one.
    pub fn with_etag(mut self, etag: impl Into<String>) -> File {
        self.more.get_or_insert_default().etag = Some(etag.into());
        self
    }

    /// Returns what stands between the quotes of the `ETag`: 32 hexadecimal digits made of the bytes, unless
    /// [`File::with_etag`] names another text. Nothing where the file cannot be read.
    pub fn etag(&self) -> Option<String> {
        let content = self.content.as_ref().ok()?;
        let named = self.more.as_ref().and_then(|more| more.etag.clone());
        Some(named.unwrap_or_else(|| etag::of(content)))
    }

    /// Returns the bytes, if the file can be read.
    pub fn bytes(&self) -> Option<&Bytes> {
        self.content.as_ref().ok()
    }

    /// Returns whether there is such a file: not where the answer would be a 404.
    pub fn is_there(&self) -> bool {
        !self.content.as_ref().is_err_and(is_not_there)
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
        let plain = self.content.map_err(|error| {
            if is_not_there(&error) {
                return Error::bare(StatusCode::NOT_FOUND);
            }
            Error::from_source(format!("cannot read the file {:?}: {error}", self.name).into())
        })?;
        let More { gzip, etag } = self.more.map(|more| *more).unwrap_or_default();
        let kind = media_type::of(&self.name);
        let mut tag = etag.unwrap_or_else(|| etag::of(&plain));
        if !etag::is_valid(&tag) {
            return Err(Error::from_source(format!("{tag:?} cannot be an ETag").into()));
        }
        // A piece is one of the plain content, so that is the form that the conditions are about.
        let range = condition::asked_range(request, &tag, plain.len());
        // A server may ignore a range (RFC 9110 §14.2): what is too long is then what it is without one.
        let range = range.filter(|range| match range {
            Ok(range) => part_fits(request, kind, &plain, range),
            Err(_) => true,
        });
        let has_gzip = gzip.is_some();
        let takes_gzip = || prefers_gzip(request.event().header_values("accept-encoding"));
        let gzip = gzip.filter(|_| range.is_none() && takes_gzip());
        let is_plain = gzip.is_none();
        if !is_plain {
            tag.push_str("-gz");
        }
        let outcome = condition::outcome(request, &tag, range);
        let mut response = typed(kind, gzip.unwrap_or(plain));
        if response.body().is_empty() {
            // The answer to HEAD has no body to count either.
            response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::try_from(format!("\"{tag}\""))?);
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if has_gzip {
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        }
        if !is_plain {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if self.download {
            headers.insert(CONTENT_DISPOSITION, disposition(&self.name)?);
        }
        if let Some(outcome) = outcome {
            let settle = move |whole| outcome.clone().of(whole);
            response.extensions_mut().insert(IfSuccess(Arc::new(settle)));
        } else if has_gzip && is_plain && !request.app().stores_oversize && !fits(request, &response) {
            return Err(only_compressed(&self.name));
        }
        Ok(response)
    }
}

/// The length up to which a body fits in any case, so that nobody has to write it to find out.
const ALWAYS_FITS: usize = 700_000;

/// The bytes of JSON that the headers of tuples and middleware may take.
const OTHER_HEADERS: usize = 3_000;

/// Returns whether the answer could be sent to whoever sent the request.
fn fits(request: &Request, response: &Response) -> bool {
    response.body().len() <= ALWAYS_FITS
        || carafe_lambda::fits(response.clone().map(crate::Body::into_bytes), request.event(), OTHER_HEADERS)
}

/// Returns whether a piece of a file could be sent.
fn part_fits(request: &Request, kind: &'static str, content: &Bytes, range: &Range<usize>) -> bool {
    range.len() <= ALWAYS_FITS
        || content.get(range.clone()).is_some_and(|part| fits(request, &typed(kind, content.slice_ref(part))))
}

/// Says that only the compressed form of a file is short enough.
fn only_compressed(name: &str) -> Error {
    let message = format!(
        "{name} is too long to be sent uncompressed: ask for it with `Accept-Encoding: gzip`, or for a shorter `Range` of it"
    );
    Error::new(StatusCode::NOT_ACCEPTABLE, message)
        .with_header(VARY, HeaderValue::from_static("accept-encoding"))
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
