//! What may be in a post: one function for each kind of field, with a sentence for whoever fills it in.

use carafe::{FileKind, KB, Upload};

/// An item of DynamoDB has room for 400 KB.
const LARGEST_PICTURE: usize = 300 * KB;

/// Takes a text that is not blank and has at most so many characters.
pub(crate) fn text(most: usize) -> impl Fn(&str, &()) -> garde::Result {
    move |text, ()| match text.chars().count() {
        _ if text.trim().is_empty() => Err(garde::Error::new("Please fill this in")),
        count if count > most => Err(garde::Error::new(format!("At most {most} characters, please"))),
        _ => Ok(()),
    }
}

/// Takes a picture that browsers show.
pub(crate) fn picture(picture: &Upload, (): &()) -> garde::Result {
    if !matches!(picture.kind(), Some(FileKind::Png | FileKind::Jpeg | FileKind::Gif | FileKind::WebP)) {
        return Err(garde::Error::new("Please choose a PNG, JPEG, GIF or WebP picture"));
    }
    if picture.bytes().len() > LARGEST_PICTURE {
        return Err(garde::Error::new("At most 300 KB, please"));
    }
    Ok(())
}
