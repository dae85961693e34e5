//! `multipart/form-data` (RFC 7578). The body is all there, so the parser's futures are ready at once and need no
//! executor.

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;

use super::problem::Problem;

/// One part of a multipart form: a field or a file.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    bytes: Bytes,
}

impl Part {
    /// Returns the field's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the file's name as the client sent it; `None` for a plain field.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// Returns the content type that the client claims.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the content.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns whether this is a field instead of a file.
    pub(crate) fn is_field(&self) -> bool {
        self.file_name.is_none()
    }

    /// Returns the text of a field; `None` for a file, and for a field that is not UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        if self.is_field() { std::str::from_utf8(&self.bytes).ok() } else { None }
    }
}

pub(super) fn read(content_type: &str, body: Bytes) -> Result<Vec<Part>, Problem> {
    let unreadable =
        |error: multer::Error| Problem::bad(format!("the multipart form does not parse: {error}"));
    let boundary = multer::parse_boundary(content_type).map_err(unreadable)?;
    let stream = Whole(Some(body));
    let mut form = multer::Multipart::new(stream, boundary);
    let work = async {
        let mut parts = Vec::new();
        while let Some(field) = form.next_field().await? {
            let parameter = |known: Option<&str>, name| match known {
                Some(value) => Some(value.to_owned()),
                None => in_capitals(field.headers(), name),
            };
            let name = parameter(field.name(), "name");
            let file_name = parameter(field.file_name(), "filename");
            // Browsers send an empty name for a file input that was left alone.
            let left_alone = file_name.as_deref() == Some("");
            let file_name = file_name.filter(|name| !name.is_empty());
            let content_type = field.content_type().map(ToString::to_string);
            let bytes = field.bytes().await?;
            if left_alone && bytes.is_empty() {
                continue;
            }
            parts.push((name, file_name, content_type, bytes));
        }
        Ok(parts)
    };
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parts) => {
            let parts: Result<Vec<Part>, Problem> =
                parts.map_err(unreadable)?.into_iter().map(part).collect();
            let mut parts = parts?;
            parts.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(parts)
        }
        // Nothing is left to wait for: the parser gives up before the body's end was its end, too.
        Poll::Pending => Err(Problem::bad("the multipart form does not parse: it ends too early")),
    }
}

/// A parameter of `content-disposition` whose name is not in lower case: it may be in any (RFC 2183 §2), and the parser
/// knows one. The grammar of parameters is that of media types.
fn in_capitals(headers: &HeaderMap, name: &str) -> Option<String> {
    let disposition = headers.get(CONTENT_DISPOSITION)?.to_str().ok()?;
    let parameters: mime::Mime = format!("multipart/{disposition}").parse().ok()?;
    Some(parameters.get_param(name)?.as_str().to_owned())
}

fn part(
    (name, file_name, content_type, bytes): (Option<String>, Option<String>, Option<String>, Bytes),
) -> Result<Part, Problem> {
    let Some(name) = name else {
        return Err(Problem::bad("the multipart form does not parse: a part has no name"));
    };
    Ok(Part { name, file_name, content_type, bytes })
}

/// The whole body as a stream of one piece.
struct Whole(Option<Bytes>);

impl futures_core::Stream for Whole {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.get_mut().0.take().map(Ok))
    }
}
