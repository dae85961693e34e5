//! Parameters of a header, as in `form-data; name="title"` (RFC 9110 §5.6.6, with blanks allowed around each piece).

use std::borrow::Cow;

/// Returns names and values of a header's parameters, without quotes and escapes: a value is owned where it had escapes.
/// A parameter without `=` is passed over.
pub(super) fn of(header: &[u8]) -> impl Iterator<Item = (&[u8], Cow<'_, [u8]>)> + Clone {
    let start = header.iter().position(|byte| *byte == b';').unwrap_or(header.len());
    let mut rest = header.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        while let [b';', after @ ..] = rest {
            let end = after.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            rest = after;
            if let [b'=', after @ ..] = after {
                let (value, after) = value(after.trim_ascii_start());
                rest = after;
                return Some((name.trim_ascii(), value));
            }
        }
        None
    })
}

/// Returns the value at the begin of a text, and what stands behind it, from the next `;` on.
fn value(text: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let (value, after) = match text {
        [b'"', inside @ ..] => quoted(inside),
        _ => (Cow::Borrowed(text), text),
    };
    let end = after.iter().position(|byte| *byte == b';').unwrap_or(after.len());
    match text {
        [b'"', ..] => (value, after.get(end..).unwrap_or_default()),
        _ => {
            let (plain, after) = text.split_at(end);
            (Cow::Borrowed(plain.trim_ascii_end()), after)
        }
    }
}

/// Returns the text up to the closing quote, and what stands behind that. Where a quote is escaped by a backslash, the
/// backslashes are, too; otherwise they stay: browsers send `C:\photos\cat.png` as it is.
fn quoted(text: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let mut escapes = false;
    let mut rest = text;
    let (inside, after) = loop {
        match rest {
            [b'\\', escaped @ (b'"' | b'\\'), after @ ..] => {
                (escapes, rest) = (escapes || *escaped == b'"', after);
            }
            [b'"', after @ ..] => break (text.get(..text.len() - rest.len()).unwrap_or_default(), after),
            [_, after @ ..] => rest = after,
            [] => break (text, rest),
        }
    };
    if !escapes {
        return (Cow::Borrowed(inside), after);
    }
    let mut plain = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let [first, after @ ..] = rest {
        (rest, _) = match (first, after) {
            (b'\\', [escaped @ (b'"' | b'\\'), after @ ..]) => (after, plain.push(*escaped)),
            _ => (after, plain.push(*first)),
        };
    }
    (Cow::Owned(plain), after)
}

#[cfg(test)]
mod tests {
    use super::of;

    fn all(header: &str) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        of(header.as_bytes()).map(|(name, value)| (text(name), text(&value))).collect()
    }

    #[test]
    fn parameters_are_taken_apart() {
        for (header, expected) in [
            ("form-data", vec![]),
            ("", vec![]),
            (";;;", vec![]),
            ("x; a", vec![]),
            ("x;a=", vec![("a", "")]),
            ("x;a=1;b=2", vec![("a", "1"), ("b", "2")]),
            ("x ;\t A = 1 ; b ; c = \" 2 \" ;", vec![("A", "1"), ("c", " 2 ")]),
            (r#"x; a="1;b=2"; c="say \"hi\"""#, vec![("a", "1;b=2"), ("c", r#"say "hi""#)]),
            (r#"x; a="C:\new\x.txt"; b="1\\2""#, vec![("a", r"C:\new\x.txt"), ("b", r"1\\2")]),
            (r#"x; a="1\\"; b="\"\\2\3""#, vec![("a", r"1\\"), ("b", r#""\2\3"#)]),
            (r#"x; a="1" and more; b=2"#, vec![("a", "1"), ("b", "2")]),
            (r#"x; a="1"; b"#, vec![("a", "1")]),
            (r#"x; a="never closed; b=2"#, vec![("a", "never closed; b=2")]),
            (r#"x; a=my file.txt; b=a"b""#, vec![("a", "my file.txt"), ("b", r#"a"b""#)]),
            ("x; a=1=2; =3", vec![("a", "1=2"), ("", "3")]),
        ] {
            let expected: Vec<(String, String)> =
                expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            assert_eq!(all(header), expected, "{header}");
        }
    }
}
