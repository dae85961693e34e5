//! The names in a `content-disposition` header: in whatever charset, and as `filename*`, which RFC 7578 §4.2 forbids and
//! some HTTP libraries send.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::parameters;

/// Returns the name of the field and that of the file.
pub(super) fn names(header: &[u8]) -> (Option<String>, Option<String>) {
    (named(header, b"name", b"name*"), named(header, b"filename", b"filename*"))
}

/// Returns the first value of a parameter, or of its extended form (RFC 8187), which wins if it can be read (RFC 6266
/// §4.3). What is not UTF-8 has U+FFFD.
fn named(header: &[u8], plain: &[u8], extended: &[u8]) -> Option<String> {
    let all = parameters::of(header);
    let value = |wanted: &[u8]| {
        all.clone().find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
    };
    let extended = value(extended).map(|value| decoded(&value));
    if let Some(Ok(text)) = extended {
        return Some(text);
    }
    let plain = value(plain).map(|value| match value {
        Cow::Borrowed(bytes) => as_browsers_write(bytes),
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    });
    plain.or_else(|| extended?.err())
}

/// Decodes the three characters that browsers escape in names (HTML standard, "Multipart form data").
fn as_browsers_write(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    if !text.contains('%') {
        return text.into_owned();
    }
    text.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// Decodes an extended value, such as `UTF-8'en'na%C3%AFve.txt`; as well as it can be as an error.
fn decoded(value: &[u8]) -> Result<String, String> {
    let mut pieces = value.splitn(3, |byte| *byte == b'\'');
    let (charset, text) = match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(charset), Some(_language), Some(text)) => (charset, text),
        _ => (&b""[..], value),
    };
    let bytes: Vec<u8> = percent_decode(text).collect();
    let is = |name: &[u8]| charset.eq_ignore_ascii_case(name);
    if is(b"iso-8859-1") {
        return Ok(bytes.into_iter().map(char::from).collect());
    }
    match String::from_utf8(bytes) {
        Ok(text) if is(b"utf-8") => Ok(text),
        Ok(text) => Err(text),
        Err(error) => Err(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[track_caller]
    fn check(header: &[u8], name: Option<&str>, file_name: Option<&str>) {
        let (own_name, own_file_name) = names(header);
        assert_eq!((own_name.as_deref(), own_file_name.as_deref()), (name, file_name));
    }

    #[test]
    fn names_may_be_in_any_charset() {
        check(b"form-data", None, None);
        check(b"form-data; name=a", Some("a"), None);
        check(b"form-data; NAME=\"titl\xc3\xa9\"; FileName=x", Some("titlé"), Some("x"));
        check(b"form-data; name=f; filename=\"na\xefve.jpg\"", Some("f"), Some("na\u{fffd}ve.jpg"));
        check(
            b"form-data; filename=\"\x83\x65.jpg\"; name=\"\xe9\"",
            Some("\u{fffd}"),
            Some("\u{fffd}e.jpg"),
        );
        check(
            br#"form-data; name="say %22hi%22%0D%0A%21%0d"; filename=%22"#,
            Some("say \"hi\"\r\n%21%0d"),
            Some("\""),
        );
        check(
            br#"form-data; name="say \"hi\" %22"; filename="C:\a%22.txt""#,
            Some("say \"hi\" %22"),
            Some("C:\\a\".txt"),
        );
        check(b"form-data; xname=1; name=a; name=b; filename=\"\"", Some("a"), Some(""));
    }

    #[test]
    fn extended_names_win_if_they_can_be_read() {
        for header in [
            "form-data; name=f; filename*=UTF-8''na%C3%AFve.png",
            "form-data; name=f; filename=\"=?utf-8?B?bmHDr3ZlLnBuZw==?=\"; filename*=utf-8''na%C3%AFve.png",
            "form-data; filename*=utf-8'en'na%C3%AFve.png; filename=naive.png; name=f",
            "form-data; name=f; filename=x; FILENAME* = \"iso-8859-1'fr-CA'na%EFve.png\"",
            "form-data; name=f; filename=naïve.png; filename*=utf-8''na%EFve.png",
            "form-data; name=f; filename=naïve.png; filename*=koi8-r''na%EFve.png",
            "form-data; name=f; filename=naïve.png; filename*=naive.png",
            "form-data; filename=naïve.png; name=x; name*=utf-8''f",
            "form-data; filename=naïve.png; name*=utf-8''%66",
        ] {
            check(header.as_bytes(), Some("f"), Some("naïve.png"));
        }
        check(b"form-data; name=f; filename*=utf-8''na%EFve.png", Some("f"), Some("na\u{fffd}ve.png"));
        check(b"form-data; name=f; filename*=koi8-r''%66.png", Some("f"), Some("f.png"));
        check(b"form-data; name=f; filename*=utf-8''it's%27.png", Some("f"), Some("it's'.png"));
    }
}
