//! `multipart/form-data` (RFC 7578). The body is all there, so that parts are slices of it.

mod disposition;
mod head;
mod parameters;
mod sections;

use bytes::Bytes;

use super::problem::Problem;
use head::Head;

/// The most bytes of one part's headers.
const MOST_HEAD: usize = 1024 * 1024;

/// One part of a multipart form: a field, a file, or a field whose bytes are not text and which can only be read as a file.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    bytes: Bytes,
    is_field: bool,
    is_text: bool,
    number: usize,
}

impl Part {
    /// Returns the field's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the file's name as the client sent it; `None` where it sent none.
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

    /// Returns its place in the form, in which parts of one name are side by side.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Returns whether this is meant as a field: without a file's name, and of no type or one of text.
    pub(crate) fn is_field(&self) -> bool {
        self.is_field
    }

    /// Returns whether this can be had as a file: it is meant as one, or it is not UTF-8.
    pub(crate) fn is_file(&self) -> bool {
        !self.is_field || !self.is_text
    }

    /// Returns the text of a field; `None` for a file, and for a field that is not UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        if self.is_field { std::str::from_utf8(&self.bytes).ok() } else { None }
    }

    fn new(name: String, head: Head, bytes: Bytes) -> Part {
        let Head { file_name, content_type, .. } = head;
        // RFC 7578 §4.2, §4.4: a file need not have a name, and the type says what it is.
        let is_field = file_name.is_none() && content_type.as_deref().is_none_or(is_of_text);
        let is_text = is_field && std::str::from_utf8(&bytes).is_ok();
        Part { name, file_name, content_type, bytes, is_field, is_text, number: 0 }
    }
}

/// Returns whether a content type is one of text.
fn is_of_text(content_type: &str) -> bool {
    let start = content_type.split('/').next().unwrap_or_default();
    start.trim().eq_ignore_ascii_case("text")
}

/// Reads the parts of a form, those of one name side by side.
pub(super) fn read(content_type: &str, body: &Bytes) -> Result<Vec<Part>, Problem> {
    let unreadable = |reason: &str| Problem::bad(format!("the multipart form does not parse: {reason}"));
    let boundary = parameters::of(content_type.as_bytes())
        .find_map(|(name, value)| name.eq_ignore_ascii_case(b"boundary").then_some(value))
        .filter(|boundary| !boundary.is_empty())
        .ok_or_else(|| unreadable("its content type has no boundary"))?;
    let mut parts = Vec::new();
    for section in sections::of(body, &boundary) {
        let section = section.map_err(unreadable)?;
        let (head, content) = head::split(&section, MOST_HEAD)
            .ok_or_else(|| unreadable("the headers of a part are longer than 1 MiB"))?;
        let mut head = Head::read(head);
        let name = head.name.take().ok_or_else(|| unreadable("a part has no name"))?;
        // Browsers send an empty name and no content for a file input that was left alone.
        if head.file_name.as_deref() != Some("") || !content.is_empty() {
            parts.push(Part::new(name, head, content));
        }
    }
    parts.sort_by(|one: &Part, other| one.name.cmp(&other.name));
    for (number, part) in parts.iter_mut().enumerate() {
        part.number = number;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
