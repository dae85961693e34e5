//! Files of a multipart form.

mod kind;

use bytes::Bytes;
use http::StatusCode;
use mime::Mime;
use serde::de::{Deserialize, Deserializer};

use crate::argument::mismatch::shown;
use crate::argument::{FromRequest, OptionalFromRequest, handover};
use crate::error::{Error, Result};
use crate::request::{FormData, Part, Request};

pub use kind::FileKind;

/// 1,000 bytes, for limits: `300 * KB`.
///
/// ```
/// assert_eq!(300 * carafe::KB, 300_000);
/// ```
pub const KB: usize = 1_000;

/// 1,000,000 bytes, for limits: `20 * MB`.
///
/// ```
/// assert_eq!(20 * carafe::MB, 20_000_000);
/// ```
pub const MB: usize = 1_000 * KB;

/// A file of a multipart form. The argument's name is the field's name.
///
/// A part is a file if it has a file's name or a content type other than text, or if it is not UTF-8. A file input that was left
/// empty sends none.
///
/// ```
/// use carafe::{App, Upload, post, routes};
///
/// #[post("/photos")]
/// fn add(photo: Upload, title: String) -> String {
///     format!("{title}: {} of {} bytes", photo.file_name(), photo.bytes().len())
/// }
///
/// let client = App::new().routes(routes![add]).test();
/// let reply = client.post("/photos").field("title", "Cat").file("photo", "../cat.png", "image/png", b"meow").send();
/// assert_eq!(reply.text(), "Cat: cat.png of 4 bytes");
/// ```
///
/// It is read as a field of a [`Form`](crate::Form), too, alone, optional or as a list; the content is a slice of the body, not a copy:
///
/// ```
/// use carafe::{App, Form, Upload, post, routes};
///
/// #[derive(serde::Deserialize)]
/// struct NewPhoto { title: String, photo: Upload, more: Vec<Upload>, map: Option<Upload> }
///
/// #[post("/photos")]
/// fn add(form: Form<NewPhoto>) -> String {
///     format!("{}: {}, {} more", form.title, form.photo.file_name(), form.more.len())
/// }
///
/// let client = App::new().routes(routes![add]).test();
/// let reply = client.post("/photos").field("title", "Cat").file("photo", "cat.png", "image/png", b"meow").send();
/// assert_eq!(reply.text(), "Cat: cat.png, 0 more");
/// ```
#[derive(Clone, Debug)]
pub struct Upload {
    part: Part,
    file_name: String,
}

impl Upload {
    fn new(part: &Part) -> Upload {
        let sent = part.file_name().filter(|name| !name.is_empty());
        let file_name = harmless(sent.unwrap_or(part.name()));
        Upload { part: part.clone(), file_name }
    }

    /// Returns the field's name.
    pub fn name(&self) -> &str {
        self.part.name()
    }

    /// Returns the file's name without folders, control characters and leading dots: fit to be written to a folder. A file
    /// that came without a name has that of its field; `upload` where nothing else is left.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// Returns the file's name as the client sent it, with U+FFFD for what is not UTF-8; empty where it sent none.
    pub fn raw_file_name(&self) -> &str {
        self.part.file_name().unwrap_or_default()
    }

    /// Returns the content type that the client claims.
    pub fn content_type(&self) -> Option<Mime> {
        self.part.content_type()?.parse().ok()
    }

    /// Returns the kind that the first bytes show, whatever the client claims: what to decide by.
    ///
    /// ```
    /// use carafe::{App, FileKind, Result, StatusCode, Upload, abort, post, routes};
    ///
    /// #[post("/photos")]
    /// fn add(photo: Upload) -> Result<String> {
    ///     match photo.kind() {
    ///         Some(kind @ (FileKind::Png | FileKind::Jpeg)) => Ok(kind.to_string()),
    ///         _ => Err(abort(415, "A PNG or JPEG picture, please")),
    ///     }
    /// }
    ///
    /// let client = App::new().routes(routes![add]).test();
    /// let send = |bytes: &[u8]| client.post("/photos").file("photo", "x.png", "image/png", bytes).send().status();
    /// assert_eq!(send(b"\x89PNG\r\n\x1a\n"), StatusCode::OK);
    /// assert_eq!(send(b"<script>"), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    /// ```
    pub fn kind(&self) -> Option<FileKind> {
        FileKind::of(self.bytes())
    }

    /// Returns the file if it has at most so many bytes.
    ///
    /// # Errors
    ///
    /// 413 that names the field, the file and both sizes.
    ///
    /// ```
    /// use carafe::{App, KB, Result, Upload, post, routes};
    ///
    /// #[post("/photos")]
    /// fn add(photo: Upload) -> Result<String> {
    ///     let photo = photo.at_most(300 * KB)?;
    ///     Ok(photo.file_name().to_owned())
    /// }
    ///
    /// let client = App::new().routes(routes![add]).test();
    /// let reply = client.post("/photos").file("photo", "x.png", "image/png", &[0; 300_001]).send();
    /// assert_eq!(reply.status(), 413);
    /// ```
    pub fn at_most(&self, bytes: usize) -> Result<&Upload> {
        let length = self.bytes().len();
        if length <= bytes {
            return Ok(self);
        }
        let (field, file) = (shown(self.name()), shown(self.file_name()));
        let text = format!(
            "form field `{field}`: the file `{file}` has {length} bytes, and at most {bytes} are taken"
        );
        Err(Error::new(StatusCode::PAYLOAD_TOO_LARGE, text))
    }

    /// Returns the content.
    pub fn bytes(&self) -> &Bytes {
        self.part.bytes()
    }

    /// Returns the content as text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.part.bytes()).ok()
    }
}

/// Only a form with files, read by [`Form`](crate::Form), has such a value.
impl<'de> Deserialize<'de> for Upload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Upload, D::Error> {
        handover::read(deserializer).map(|part| Upload::new(&part))
    }
}

fn harmless(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|character| !character.is_control()).collect();
    let kept = kept.trim_matches(|character: char| character == '.' || character.is_whitespace());
    // The longest name most file systems take is 255 bytes.
    let end = (0..=kept.len().min(255)).rev().find(|end| kept.is_char_boundary(*end)).unwrap_or(0);
    match kept.get(..end) {
        Some("") | None => "upload".to_owned(),
        Some(name) => name.to_owned(),
    }
}

/// Returns the files of a field, or of all fields: none in a form that has no room for files.
fn files(request: &Request, name: Option<&str>) -> Result<Vec<Upload>> {
    let FormData::Multipart(parts) = request.form()? else { return Ok(Vec::new()) };
    let wanted = parts.iter().filter(|part| name.is_none_or(|name| part.name() == name));
    Ok(wanted.filter(|part| part.is_file()).map(Upload::new).collect())
}

fn last(request: &Request, name: Option<&str>) -> Result<Upload> {
    files(request, name)?.pop().ok_or_else(|| {
        let other = matches!(request.form(), Ok(FormData::Pairs(_) | FormData::Json(_)));
        let (status, text) = match name {
            Some(name) if !other => {
                (StatusCode::BAD_REQUEST, format!("form field `{name}` is missing: expected a file"))
            }
            _ => {
                let status = if other { StatusCode::UNSUPPORTED_MEDIA_TYPE } else { StatusCode::BAD_REQUEST };
                (status, "expected a file in a `multipart/form-data` body".to_owned())
            }
        };
        Error::new(status, text)
    })
}

impl FromRequest<'_> for Upload {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        last(request, None)
    }

    async fn from_argument(request: &Request, name: &'static str) -> Result<Self> {
        last(request, Some(name))
    }
}

/// Absent is a form without such a file, or a body that has no room for files.
impl OptionalFromRequest<'_> for Upload {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        files(request, None).map(|mut files| files.pop())
    }

    async fn from_argument_optional(request: &Request, name: &'static str) -> Result<Option<Self>> {
        files(request, Some(name)).map(|mut files| files.pop())
    }
}

impl FromRequest<'_> for Vec<Upload> {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        files(request, None)
    }

    async fn from_argument(request: &Request, name: &'static str) -> Result<Self> {
        files(request, Some(name))
    }
}
