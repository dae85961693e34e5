//! Compressed bodies.

use std::io::Write;

use carafe::testing::{Client, Reply};
use carafe::{App, Bytes, Form, Json, Next, Request, Response, Upload, post, routes};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

#[derive(serde::Deserialize)]
struct Post {
    title: String,
}

#[post("/json")]
fn json(post: Json<Post>) -> String {
    post.0.title
}

#[post("/form")]
fn form(post: Form<Post>) -> String {
    post.0.title
}

#[post("/field")]
fn field(title: String) -> String {
    title
}

#[post("/upload")]
fn upload(title: String, file: Upload) -> String {
    format!("{title} {}", file.bytes().escape_ascii())
}

/// Answers whether both texts are slices of one content.
#[post("/twice")]
fn twice(one: Json<&str>, other: Json<&str>) -> bool {
    one.as_ptr() == other.as_ptr()
}

#[post("/maybe")]
fn maybe(post: Option<Json<Post>>, other: Option<Form<Post>>) -> String {
    format!("{} {}", post.is_some(), other.is_some())
}

#[post("/bytes")]
fn bytes(body: Bytes, request: &Request) -> String {
    assert_eq!(body, request.body());
    format!("{} {:?}", body.len(), request.header("content-encoding"))
}

fn client() -> Client {
    let small = routes![json].body_limit(1000);
    let app = App::new().routes(routes![json, form, field, upload, twice, maybe, bytes]);
    let read_before = routes![json].body_limit(1000).around(reads_first);
    app.mount("/small", small).mount("/before", read_before).test()
}

async fn reads_first(request: &Request, next: Next<'_>) -> Response {
    let _ = request.extract::<Json<Post>>().await;
    next.run(request).await
}

fn send(path: &str, kind: &str, coding: &str, body: impl Into<Bytes>) -> Reply {
    let client = client();
    client.post(path).header("content-type", kind).header("content-encoding", coding).body(body).send()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[cfg(feature = "gzip")]
fn raw(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

const JSON: &str = "application/json";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=x";
#[cfg(feature = "gzip")]
const PARTS: &[u8] = b"--x\r\nContent-Disposition: form-data; name=title\r\n\r\nHi\r\n\
    --x\r\nContent-Disposition: form-data; name=file; filename=f\r\n\r\n\xff\xfe\r\n--x--\r\n";

#[test]
#[cfg(feature = "gzip")]
fn forms_and_json_are_inflated() {
    let same: fn(&[u8]) -> Vec<u8> = <[u8]>::to_vec;
    for (coding, coded) in [
        ("gzip", gzip as fn(&[u8]) -> Vec<u8>),
        ("GZIP", gzip),
        ("x-gzip", gzip),
        ("identity, gzip", gzip),
        ("deflate", zlib),
        ("Deflate", raw),
        ("identity", same),
        ("", same),
        // Inflated on the way, by API Gateway: the header is left.
        ("gzip", same),
        ("deflate", same),
        ("zstd", same),
    ] {
        let json = coded(b"\xef\xbb\xbf{\"title\": \"Hi\"}");
        for path in ["/json", "/form", "/field"] {
            assert_eq!(send(path, JSON, coding, json.clone()).text(), "Hi", "{coding} {path}");
        }
        for path in ["/form", "/field"] {
            assert_eq!(send(path, URLENCODED, coding, coded(b"title=Hi")).text(), "Hi", "{coding} {path}");
            assert_eq!(send(path, MULTIPART, coding, coded(PARTS)).text(), "Hi", "{coding} {path}");
        }
        assert_eq!(send("/upload", MULTIPART, coding, coded(PARTS)).text(), "Hi \\xff\\xfe", "{coding}");
    }
    assert_eq!(send("/twice", JSON, "gzip", gzip(b"\"text\"")).text(), "true");
    assert_eq!(send("/maybe", JSON, "gzip", "").text(), "false false");
    assert_eq!(send("/maybe", JSON, "gzip", gzip(b"")).text(), "false false");
    assert_eq!(send("/maybe", JSON, "gzip", gzip(b"{\"title\": \"Hi\"}")).text(), "true true");
}

#[test]
fn the_body_stays_what_was_received() {
    let body = gzip(b"{\"title\": \"Hi\"}");
    let expected = format!("{} Some(\"gzip\")", body.len());
    assert_eq!(send("/bytes", JSON, "gzip", body).text(), expected);
    assert_eq!(send("/bytes", JSON, "br", "x").text(), "1 Some(\"br\")");
}

#[test]
fn other_codings_are_415_and_say_what_is_read() {
    let accepted = if cfg!(feature = "gzip") { "gzip, deflate" } else { "identity" };
    let mut refused = vec![
        ("br", &b"\x0b\x02\x80{}\x03"[..]),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\x00"),
        ("gzip, gzip", b"{}"),
        ("aws-chunked", b"{}"),
        ("a\u{1b}[31m", b"{}"),
    ];
    let (gzip, zlib) = (gzip(b"{}"), zlib(b"{}"));
    if cfg!(not(feature = "gzip")) {
        refused.extend([("gzip", gzip.as_slice()), ("deflate", zlib.as_slice())]);
    }
    for (coding, body) in refused {
        for (path, kind) in
            [("/json", JSON), ("/form", URLENCODED), ("/field", MULTIPART), ("/upload", MULTIPART)]
        {
            // As an event, because no HTTP client lets all of these through.
            let answer = client().event(&serde_json::json!({
                "requestContext": {"elb": {}}, "httpMethod": "POST", "path": path, "queryStringParameters": {},
                "headers": {"host": "localhost", "content-type": kind, "content-encoding": coding},
                "body": base64(body), "isBase64Encoded": true,
            }));
            assert_eq!(answer["statusCode"], 415, "{coding} {path}: {answer}");
            assert_eq!(answer["headers"]["accept-encoding"], accepted, "{coding} {path}");
            assert!(!answer["body"].as_str().unwrap().contains('\u{1b}'));
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

#[test]
#[cfg(feature = "gzip")]
fn what_is_broken_or_too_long_is_refused() {
    let json = br#"{"title": "Hi, this is a text of some length"}"#;
    for (coding, body) in [("gzip", gzip(json)), ("deflate", zlib(json))] {
        let reply = send("/json", JSON, coding, body[..body.len() - 3].to_vec());
        assert_eq!(reply.status(), 400, "{coding}");
        assert!(reply.text().contains(&format!("the body is not {coding}")), "{}", reply.text());
    }
    // Of many members, because that takes less time to make.
    let member = gzip(&[b' '; 1 << 16]).repeat(32);
    let most = [member.as_slice(), &gzip(b"")].concat();
    assert!(send("/json", JSON, "gzip", most).text().contains("does not parse"));
    let reply = send("/json", JSON, "gzip", [member.as_slice(), &gzip(b" ")].concat());
    assert_eq!(reply.status(), 413);
    assert!(reply.text().contains("over 2097152 bytes when it is inflated"), "{}", reply.text());
    // The limit of a group counts for what is inflated, too.
    for (coding, coded) in [("gzip", gzip as fn(&[u8]) -> Vec<u8>), ("deflate", zlib), ("deflate", raw)] {
        let padded = |length: usize| {
            coded(format!("{}\"title\": \"Hi\"}}", "{".to_owned() + &" ".repeat(length - 15)).as_bytes())
        };
        assert_eq!(send("/small/json", JSON, coding, padded(1000)).text(), "Hi");
        assert_eq!(send("/small/json", JSON, coding, padded(1001)).status(), 413);
        assert_eq!(send("/before/json", JSON, coding, padded(1000)).text(), "Hi");
        assert_eq!(send("/before/json", JSON, coding, padded(1001)).status(), 413);
        assert_eq!(send("/json", JSON, coding, padded(1001)).text(), "Hi");
    }
}

#[test]
fn messages_never_repeat_control_characters() {
    for kind in [URLENCODED, JSON, MULTIPART] {
        for path in ["/form", "/field", "/json", "/upload"] {
            for body in [gzip(&[b'x'; 2000]), vec![0x1b; 2000], b"\x1b[31m=\xff&title=\xff\x1b".to_vec()] {
                let reply = send(path, kind, "identity", body);
                assert!(matches!(reply.status().as_u16(), 400 | 415), "{kind} {path}: {reply:?}");
                let error = reply.json::<serde_json::Value>()["error"].as_str().unwrap().to_owned();
                assert!(!error.contains(char::is_control) && error.len() < 400, "{kind} {path}: {error:?}");
            }
        }
    }
}
