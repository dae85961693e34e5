use bytes::Bytes;

use super::{Part, read};

/// Reads a form with the boundary `b`.
fn form(body: &[u8]) -> Result<Vec<Part>, String> {
    read("multipart/form-data; boundary=b", &Bytes::copy_from_slice(body))
        .map_err(|problem| problem.to_error().message().to_owned())
}

/// Reads one part.
#[track_caller]
fn part(head: &[u8], content: &[u8]) -> Part {
    let body = [b"--b\r\n", head, b"\r\n\r\n", content, b"\r\n--b--\r\n"].concat();
    let mut parts = form(&body).unwrap();
    assert_eq!(parts.len(), 1, "{}", String::from_utf8_lossy(head));
    parts.remove(0)
}

/// The names and contents of a form's parts, in one text.
fn seen(body: &[u8]) -> Result<String, String> {
    let parts = form(body)?;
    let seen = parts.iter().map(|part| format!("{}={}", part.name(), part.bytes().escape_ascii()));
    Ok(seen.collect::<Vec<_>>().join("&"))
}

const A: &[u8] = b"Content-Disposition: form-data; name=\"a\"";

/// A form in which `{a}` stands for the header of a part named `a`.
fn filled(body: &str) -> Vec<u8> {
    body.replace("{a}", std::str::from_utf8(A).unwrap()).into_bytes()
}

#[test]
fn boundaries_are_lines() {
    for (body, expected) in [
        ("--b\r\n{a}\r\n\r\n1\r\n--b--\r\n", "a=1"),
        ("--b\r\n{a}\r\n\r\n1\r\n--b--", "a=1"),
        ("--b\r\n{a}\r\n\r\n1\r\n--b-- \t", "a=1"),
        // What stands in front and behind means nothing, blanks behind a boundary neither (RFC 2046 §5.1.1).
        ("\r\n--b\r\n{a}\r\n\r\n1\r\n--b--\r\n", "a=1"),
        ("preamble --b\r\n--b \t \r\n{a}\r\n\r\n1\r\n--b--\r\n--b\r\n{a}\r\n\r\n2\r\n--b--", "a=1"),
        ("--bb\r\n--b\r\n{a}\r\n\r\n1\r\n--b--", "a=1"),
        ("--b\r\n{a}\r\n\r\n1\r\n--b\t\r\n{a}\r\n\r\n2\r\n--b--epilogue", "a=1&a=2"),
        // Content keeps what looks like a boundary and is none.
        ("--b\r\n{a}\r\n\r\n1--b\r\n-b\r\n--c\n--b\r\n--b--", "a=1--b\\r\\n-b\\r\\n--c\\n--b"),
        ("--b\r\n{a}\r\n\r\n\r\n--bb\r\n--b x\r\n--b\n\r\n--b--", "a=\\r\\n--bb\\r\\n--b x\\r\\n--b\\n"),
        ("--b\r\n{a}\r\n\r\n\r\n\r\n\r\n--b--", "a=\\r\\n\\r\\n"),
        // Nothing at all.
        ("--b\r\n{a}\r\n\r\n\r\n--b--", "a="),
        ("--b\r\n{a}\r\n\r\n--b--", "a="),
        ("--b\r\n{a}\r\n--b--", "a="),
        ("--b--", ""),
        ("x\r\n--b--\r\n", ""),
    ] {
        assert_eq!(seen(&filled(body)), Ok(expected.to_owned()), "{body:?}");
    }
}

#[test]
fn a_form_without_its_boundaries_does_not_parse() {
    for (body, words) in [
        ("no parts", "its boundary is nowhere"),
        ("--bb--", "its boundary is nowhere"),
        ("--b", "its boundary is nowhere"),
        ("x--b--", "its boundary is nowhere"),
        ("--b\r\n", "it ends before its last boundary"),
        ("--b\r\n{a}\r\n\r\n1", "it ends before its last boundary"),
        ("--b\r\n{a}\r\n\r\n1\r\n--b", "it ends before its last boundary"),
        ("--b\r\n{a}\r\n\r\n1\r\n--b-", "it ends before its last boundary"),
        ("--b\r\n{a}\r\n\r\n1\r\n--b\r\n{a}\r\n\r\n2", "it ends before its last boundary"),
        ("--b\r\n--b--", "a part has no name"),
        ("--b\r\n\r\n--b--", "a part has no name"),
        ("--b\r\n\r\n\r\n--b--", "a part has no name"),
        ("--b\r\n\r\n1\r\n--b\r\n{a}\r\n\r\n2\r\n--b--", "a part has no name"),
        ("--b\r\nContent-Disposition: form-data; filename=x\r\n\r\n1\r\n--b--", "a part has no name"),
    ] {
        let error = seen(&filled(body)).unwrap_err();
        assert!(
            error.starts_with(&format!("the multipart form does not parse: {words}")),
            "{body:?}: {error}"
        );
    }
}

#[test]
fn the_boundary_is_found_in_any_spelling() {
    let long = "x".repeat(70);
    for (content_type, boundary) in [
        ("multipart/form-data; boundary=b".to_owned(), "b"),
        ("Multipart/Form-Data ;charset=utf-8; BOUNDARY = b".to_owned(), "b"),
        ("multipart/form-data; boundary=\"a b:'()+_,-./=?\"".to_owned(), "a b:'()+_,-./=?"),
        (
            "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk".to_owned(),
            "----WebKitFormBoundary7MA4YWxk",
        ),
        (format!("multipart/form-data; boundary={long}"), long.as_str()),
        (format!("multipart/form-data; boundary=\"{long}\"; x=y"), long.as_str()),
    ] {
        let body =
            [b"--", boundary.as_bytes(), b"\r\n", A, b"\r\n\r\n1\r\n--", boundary.as_bytes(), b"--"].concat();
        let parts = read(&content_type, &Bytes::from(body)).map(|parts| parts.len()).map_err(|_| ());
        assert_eq!(parts, Ok(1), "{content_type}");
    }
    for content_type in
        ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"; x"]
    {
        let problem = read(content_type, &Bytes::from_static(b"----")).unwrap_err();
        assert!(problem.to_error().message().contains("has no boundary"), "{content_type}");
    }
}

#[test]
fn headers_may_be_folded_and_many() {
    for head in [
        "Content-Disposition: form-data;\r\n name=\"title\"",
        "Content-Disposition:\r\n\tform-data;\r\n\t name=title",
        "content-disposition : form-data; name=\"ti\r\n\ttle\"",
        "X: y\r\nCONTENT-DISPOSITION:form-data;name=title\r\nContent-Disposition: form-data; name=other",
        "no header\r\n: x\r\n folded\r\nContent-Disposition: attachment; name=title",
    ] {
        let name = part(head.as_bytes(), b"x").name().replace('\t', "");
        assert_eq!(name, "title", "{head:?}");
    }
    let file = part(b"Content-Disposition: form-data; name=f;\r\n filename=\"a\r\n b.txt\"\r\nContent-Type:\r\n text/plain", b"x");
    assert_eq!((file.file_name(), file.content_type()), (Some("a b.txt"), Some("text/plain")));
    let many: String = (0..100).map(|number| format!("X-{number}: y\r\n")).collect();
    assert_eq!(part(&[many.as_bytes(), A].concat(), b"x").name(), "a");
}

#[test]
fn headers_have_a_limit_in_bytes() {
    let padded = |length: usize| {
        let head = [A, b"\r\nX: "].concat();
        let head = [head.as_slice(), "y".repeat(length - head.len()).as_bytes()].concat();
        seen(&[b"--b\r\n", head.as_slice(), b"\r\n\r\n1\r\n--b--"].concat())
    };
    assert_eq!(padded(1024 * 1024), Ok("a=1".to_owned()));
    assert!(padded(1024 * 1024 + 1).unwrap_err().contains("longer than 1 MiB"));
    let endless = [b"--b\r\n", vec![b'x'; 1_100_000].as_slice(), b"\r\n--b--"].concat();
    assert!(seen(&endless).unwrap_err().contains("longer than 1 MiB"));
}

#[test]
fn the_type_and_the_bytes_say_what_is_a_file() {
    let named = "\r\nContent-Type: ";
    for (rest, content, is_field, is_file) in [
        ("".to_owned(), &b"x"[..], true, false),
        (format!("{named}text/plain"), b"x", true, false),
        (format!("{named} TEXT/html; charset=utf-8"), b"x", true, false),
        (format!("{named}image/jpeg"), b"\xff\xd8\xff", false, true),
        (format!("{named}image/jpeg"), b"ascii", false, true),
        (format!("{named}application/octet-stream"), b"", false, true),
        (format!("{named}application/json"), b"{}", false, true),
        (format!("{named}application/x-protobuf"), b"\x08\x01", false, true),
        (format!("{named}texture/x"), b"x", false, true),
        ("; filename=\"\"".to_owned(), b"x", false, true),
        ("; filename=\"a.txt\"".to_owned(), b"", false, true),
        (format!("; filename=\"a.txt\"{named}text/plain"), b"x", false, true),
        // Meant as text, and had only as a file.
        ("".to_owned(), b"caf\xe9", true, true),
        (format!("{named}text/plain"), b"caf\xe9", true, true),
    ] {
        let part = part(&[A, rest.as_bytes()].concat(), content);
        assert_eq!((part.is_field(), part.is_file()), (is_field, is_file), "{rest} {content:?}");
        let text = if is_field && !is_file { std::str::from_utf8(content).ok() } else { None };
        assert_eq!((part.text(), &**part.bytes()), (text, content));
    }
    // A file input that was left alone is no file.
    let head =
        "Content-Disposition: form-data; name=\"a\"; filename=\"\"\r\nContent-Type: application/octet-stream";
    assert_eq!(seen(format!("--b\r\n{head}\r\n\r\n\r\n--b--").as_bytes()), Ok(String::new()));
}

#[test]
fn contents_are_slices_of_the_body() {
    let body = Bytes::from(filled("--b\r\n{a}\r\n\r\n1\r\n--b--"));
    let parts = read("multipart/form-data; boundary=b", &body).unwrap();
    let bytes = parts[0].bytes();
    assert!(body.as_ptr_range().contains(&bytes.as_ptr()));
}
