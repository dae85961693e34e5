//! Multipart forms as clients of all kinds send them: only what a handler asks for can fail it.

use std::collections::BTreeMap;

use carafe::testing::Reply;
use carafe::{App, Form, Upload, post, routes};

#[post("/title")]
fn title(title: String) -> String {
    title
}

#[post("/maybe")]
fn maybe(title: Option<String>, tags: Vec<String>, open: bool) -> String {
    format!("{title:?} {tags:?} {open}")
}

#[post("/data")]
fn data(data: Upload) -> String {
    format!("{} {:?} {}", data.file_name(), data.raw_file_name(), data.bytes().escape_ascii())
}

#[post("/files")]
fn files(title: Option<String>, data: Option<Upload>, more: Vec<Upload>) -> String {
    format!("{title:?} {} {}", data.is_some(), more.len())
}

#[post("/whole")]
fn whole(form: Form<BTreeMap<String, String>>) -> String {
    format!("{:?}", form.0)
}

#[derive(serde::Deserialize)]
struct Titled {
    title: String,
}

#[post("/titled")]
fn titled(form: Form<Titled>) -> String {
    form.0.title
}

/// Sends a form of these parts, each a head and a content.
fn send(path: &str, parts: &[(&[u8], &[u8])]) -> Reply {
    let mut body = Vec::new();
    for (head, content) in parts {
        let pieces = [b"--x\r\nContent-Disposition: form-data; ", *head, b"\r\n\r\n", *content, b"\r\n"];
        body.extend(pieces.concat());
    }
    body.extend(b"--x--\r\n");
    let client = App::new().routes(routes![title, maybe, data, files, whole, titled]).test();
    client.post(path).header("content-type", "multipart/form-data; boundary=x").body(body).send()
}

const TITLE: (&[u8], &[u8]) = (b"name=\"title\"", b"Hi");

#[test]
fn only_what_is_asked_for_can_fail() {
    for other in [
        (&b"name=data\r\nContent-Type: image/jpeg"[..], &b"\xff\xd8\xff"[..]),
        (b"name=data", b"\xff\xd8\xff"),
        (b"name=data\r\nContent-Type: text/plain", b"caf\xe9"),
        (b"name=data; filename=\"\"", b"\xff"),
        (b"name=\"\xff\"; filename=\"\xfe\"", b"\xff"),
    ] {
        for path in ["/title", "/titled"] {
            let reply = send(path, &[other, TITLE]);
            assert_eq!((reply.status().as_u16(), reply.text()), (200, "Hi"), "{path} {other:?}");
        }
    }
}

#[test]
fn a_part_with_a_type_or_without_text_is_a_file() {
    for (head, content, expected) in [
        (&b"name=data\r\nContent-Type: image/jpeg"[..], &b"\xff\xd8"[..], r#"data "" \xff\xd8"#),
        (b"name=data\r\nContent-Type: image/jpeg", b"ascii", r#"data "" ascii"#),
        (b"name=data\r\nContent-Type: application/json", b"{}", r#"data "" {}"#),
        (b"name=data", b"\xff", r#"data "" \xff"#),
        (b"name=data; filename=\"\"", b"x", r#"data "" x"#),
        (b"name=data; filename=\"..\"", b"x", r#"upload ".." x"#),
        (b"name=data; filename=\"na\xefve.jpg\"", b"x", "na\u{fffd}ve.jpg \"na\u{fffd}ve.jpg\" x"),
        (b"name=data; filename=\"\x83\x65.jpg\"", b"\xff", "\u{fffd}e.jpg \"\u{fffd}e.jpg\" \\xff"),
        (b"NAME=data; FILENAME*=UTF-8''na%C3%AFve.jpg", b"x", "naïve.jpg \"naïve.jpg\" x"),
        (b"name*=utf-8''data; filename=x; filename*=iso-8859-1'en'na%EFve", b"x", "naïve \"naïve\" x"),
        (b"name=data; filename=\"C:\\x\\y.txt\"", b"x", r#"y.txt "C:\\x\\y.txt" x"#),
    ] {
        assert_eq!(send("/data", &[(head, content)]).text(), expected, "{}", head.escape_ascii());
    }
    assert_eq!(send("/files", &[TITLE]).text(), "Some(\"Hi\") false 0");
    let image = |name: &'static [u8]| (name, &b"\xff"[..]);
    assert_eq!(
        send("/files", &[TITLE, image(b"name=more"), image(b"name=more")]).text(),
        "Some(\"Hi\") false 2"
    );
}

#[test]
fn a_field_that_is_asked_for_has_to_be_text() {
    for path in ["/title", "/maybe", "/titled", "/whole"] {
        let reply = send(path, &[(b"name=title", b"caf\xe9")]);
        assert_eq!(reply.status(), 400, "{path}");
        assert!(reply.text().contains("form field `title`: expected UTF-8 text"), "{}", reply.text());
    }
    for field in ["tags", "open"] {
        let head = format!("name={field}");
        let reply = send("/maybe", &[(b"name=tags", b"good"), (head.as_bytes(), b"caf\xe9")]);
        assert!(reply.text().contains(&format!("`{field}`: expected UTF-8 text")), "{}", reply.text());
    }
    // An empty value behind it does not hide it.
    let reply = send("/whole", &[(b"name=title", b"caf\xe9"), (b"name=title", b"")]);
    assert!(reply.text().contains("`title`: expected UTF-8 text"), "{}", reply.text());
    let file: (&[u8], &[u8]) = (b"name=title; filename=a.txt", b"x");
    let reply = send("/title", &[file]);
    assert_eq!(reply.status(), 400);
    assert!(reply.text().contains("form field `title`: expected text, got a file"), "{}", reply.text());
    let reply = send("/title", &[(b"name=data; filename=a.txt", b"x")]);
    assert!(reply.text().contains("form field `title` is missing"), "{}", reply.text());
    // A file and a text of one name can both be had.
    assert_eq!(send("/title", &[file, TITLE]).text(), "Hi");
    assert_eq!(send("/maybe", &[file, (b"name=tags", b"a")]).text(), "None [\"a\"] false");
    assert_eq!(send("/whole", &[file, (b"name=tags", b"a")]).text(), "{\"tags\": \"a\"}");
}
