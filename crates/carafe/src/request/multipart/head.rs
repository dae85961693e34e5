//! The headers of a part.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::memmem;

use super::disposition;

/// What the headers of a part say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: Option<String>,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
}

/// Splits a part into its headers and its content at the empty line; `None` where the headers are longer than `most`.
pub(super) fn split(section: &Bytes, most: usize) -> Option<(&[u8], Bytes)> {
    if section.starts_with(b"\r\n") {
        return Some((&[], section.slice(2..)));
    }
    let within = section.get(..most + 4).unwrap_or(section);
    match memmem::find(within, b"\r\n\r\n") {
        Some(at) => Some((section.get(..at)?, section.slice(at + 4..))),
        // The empty line may be missing where there is no content (RFC 2046 §5.1.1).
        None if section.len() <= most => Some((section, Bytes::new())),
        None => None,
    }
}

impl Head {
    /// Reads the headers: of several with one name the first counts, and what is no header is passed over.
    pub(super) fn read(bytes: &[u8]) -> Head {
        let mut head = Head::default();
        let mut rest = bytes;
        let (mut has_disposition, mut has_type) = (false, false);
        while !rest.is_empty() {
            let (line, after) = first_line(rest);
            rest = after;
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = line.split_at(colon);
            let (name, value) = (name.trim_ascii_end(), value.get(1..).unwrap_or_default());
            if name.eq_ignore_ascii_case(b"content-disposition") && !has_disposition {
                has_disposition = true;
                (head.name, head.file_name) = disposition::names(value);
            } else if name.eq_ignore_ascii_case(b"content-type") && !has_type {
                has_type = true;
                head.content_type = Some(String::from_utf8_lossy(value.trim_ascii()).into_owned());
            }
        }
        head
    }
}

/// Returns the first header line and what stands behind it. A line that begins with a blank goes on with the one in front
/// of it (RFC 5322 §2.2.3): the line break between them is taken out.
fn first_line(bytes: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let mut unfolded = Vec::new();
    let mut rest = bytes;
    loop {
        let at = memmem::find(rest, b"\r\n").unwrap_or(rest.len());
        let (line, after) = rest.split_at(at);
        let after = after.strip_prefix(b"\r\n").unwrap_or_default();
        let goes_on = matches!(after, [b' ' | b'\t', ..]);
        if !goes_on && unfolded.is_empty() {
            return (Cow::Borrowed(line), after);
        }
        unfolded.extend_from_slice(line);
        if !goes_on {
            return (Cow::Owned(unfolded), after);
        }
        rest = after;
    }
}
