//! The kind of a file by its first bytes.

use std::fmt;

/// The kind of a file, as its first bytes show it: pictures that browsers know, and PDF.
///
/// It says how the file begins, not that the rest is sound. Text formats, SVG among them, have no such bytes.
///
/// ```
/// use carafe::FileKind;
///
/// let kind = FileKind::of(b"\x89PNG\r\n\x1a\n").unwrap();
/// assert_eq!((kind, kind.media_type(), kind.extension()), (FileKind::Png, "image/png", "png"));
/// assert_eq!(FileKind::of(b"<svg>"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A GIF picture.
    Gif,
    /// A WebP picture.
    WebP,
    /// An AVIF picture.
    Avif,
    /// A HEIC picture, as telephones take them; few browsers show one.
    Heic,
    /// A PDF document.
    Pdf,
}

impl FileKind {
    /// Returns the kind of a file with this content, if it is one of these.
    ///
    /// ```
    /// use carafe::FileKind;
    ///
    /// assert_eq!(FileKind::of(b"GIF89a\x01\0\x01\0"), Some(FileKind::Gif));
    /// assert_eq!(FileKind::of(b"<svg>"), None);
    /// ```
    pub fn of(content: &[u8]) -> Option<FileKind> {
        let at =
            |place: usize, bytes: &[u8]| content.get(place..).is_some_and(|rest| rest.starts_with(bytes));
        if at(0, b"\x89PNG\r\n\x1a\n") {
            Some(FileKind::Png)
        } else if at(0, b"\xff\xd8\xff") {
            Some(FileKind::Jpeg)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Some(FileKind::Gif)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(FileKind::WebP)
        } else if at(0, b"%PDF-") {
            Some(FileKind::Pdf)
        } else if at(4, b"ftyp") {
            of_brands(content)
        } else {
            None
        }
    }

    /// Returns the media type, such as `image/png`.
    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Gif => "image/gif",
            FileKind::WebP => "image/webp",
            FileKind::Avif => "image/avif",
            FileKind::Heic => "image/heic",
            FileKind::Pdf => "application/pdf",
        }
    }

    /// Returns the end of a name for such a file, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            FileKind::Png => "png",
            FileKind::Jpeg => "jpg",
            FileKind::Gif => "gif",
            FileKind::WebP => "webp",
            FileKind::Avif => "avif",
            FileKind::Heic => "heic",
            FileKind::Pdf => "pdf",
        }
    }
}

/// Reads the brands of the first box of an ISO media file (ISO/IEC 14496-12 §4.3): the major one, a version, the compatible ones.
fn of_brands(content: &[u8]) -> Option<FileKind> {
    let length = content.first_chunk().map(|length| u32::from_be_bytes(*length))?;
    let first_box = content.get(..usize::try_from(length).ok()?)?;
    let major = first_box.get(8..12)?;
    let compatible = first_box.get(16..).unwrap_or_default().chunks_exact(4);
    std::iter::once(major).chain(compatible).find_map(|brand| match brand {
        b"avif" | b"avis" => Some(FileKind::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some(FileKind::Heic),
        _ => None,
    })
}

/// Shows the media type.
impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.media_type())
    }
}

#[cfg(test)]
mod tests {
    use super::FileKind::{self, Avif, Gif, Heic, Jpeg, Pdf, Png, WebP};

    #[test]
    fn the_first_bytes_tell() {
        let rows: [(&[u8], Option<FileKind>); 22] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(Png)),
            (b"\x89PNG\n\x1a\n", None),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some(Jpeg)),
            (b"\xff\xd8", None),
            (b"GIF87a", Some(Gif)),
            (b"GIF89a..", Some(Gif)),
            (b"GIF88a..", None),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some(WebP)),
            (b"RIFF\x24\0\0\0WAVEfmt ", None),
            (b"%PDF-1.7\n", Some(Pdf)),
            (b" %PDF-1.7\n", None),
            (b"\0\0\0\x10ftypavif\0\0\0\0", Some(Avif)),
            (b"\0\0\0\x0cftypavis", Some(Avif)),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(Heic)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some(Heic)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Some(Avif)),
            // Behind the end of the box, and in the place of the version.
            (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", None),
            (b"\0\0\0\x14ftypisomavifmif1", None),
            (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", None),
            (b"\xff\xff\xff\xffftypavif\0\0\0\0", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", None),
            (b"", None),
        ];
        for (content, kind) in rows {
            assert_eq!(FileKind::of(content), kind, "{}", content.escape_ascii());
        }
        for (kind, media_type, extension) in [
            (Png, "image/png", "png"),
            (Jpeg, "image/jpeg", "jpg"),
            (Gif, "image/gif", "gif"),
            (WebP, "image/webp", "webp"),
            (Avif, "image/avif", "avif"),
            (Heic, "image/heic", "heic"),
            (Pdf, "application/pdf", "pdf"),
        ] {
            assert_eq!((&*kind.to_string(), kind.extension()), (media_type, extension));
        }
    }
}
