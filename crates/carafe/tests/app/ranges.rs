//! Pieces of files, and conditions that are not about copies (RFC 9110 §13, §14).

use carafe::testing::{Client, Reply};
use carafe::{App, File, Headers, StatusCode, catch, catchers, get, post, routes};

const TEXT: &str = "twenty-six letters: abcdefghijklmnopqrstuvwxyz\n";
const GZIP: &[u8] = b"\x1f\x8bnot really";

#[get("/plain")]
fn plain() -> File {
    File::new("note.txt", TEXT)
}

#[get("/both")]
fn both() -> File {
    File::new("note.txt", TEXT).gzip(GZIP).with_etag("v1")
}

#[get("/nothing")]
fn nothing() -> File {
    File::new("empty.txt", "")
}

#[get("/gone")]
fn gone() -> (StatusCode, File) {
    (StatusCode::GONE, both())
}

#[get("/tagged")]
fn tagged() -> (Headers, File) {
    let mut headers = Headers::new();
    headers.insert("x-own", "1".parse().unwrap());
    (headers, both())
}

#[post("/both")]
fn posted() -> File {
    both()
}

#[get("/odd")]
fn odd() -> File {
    File::new("a", "b").with_etag("a\"b")
}

#[catch(404)]
fn lost() -> File {
    both()
}

fn client() -> Client {
    let routes = routes![plain, both, nothing, gone, tagged, posted, odd];
    App::new().routes(routes).catch(catchers![lost]).test()
}

fn ask(client: &Client, path: &str, headers: &[(&str, &str)]) -> Reply {
    headers.iter().fold(client.get(path), |call, (name, value)| call.header(name, value)).send()
}

fn told(reply: &Reply) -> (u16, &str, Option<&str>) {
    (reply.status().as_u16(), reply.text(), reply.header("content-range"))
}

#[test]
fn one_range_is_a_piece() {
    let client = client();
    for (range, piece, told_range) in [
        ("bytes=40-", "uvwxyz\n", "bytes 40-46/47"),
        ("bytes=3-3", "n", "bytes 3-3/47"),
        ("bytes=0-46", TEXT, "bytes 0-46/47"),
        ("bytes=-999", TEXT, "bytes 0-46/47"),
        ("bytes=-2", "z\n", "bytes 45-46/47"),
        ("Bytes=0-5", "twenty", "bytes 0-5/47"),
    ] {
        for path in ["/plain", "/both", "/tagged"] {
            let reply = ask(&client, path, &[("range", range), ("accept-encoding", "gzip")]);
            assert_eq!(told(&reply), (206, piece, Some(told_range)), "{path} {range}");
            assert_eq!(reply.header("content-encoding"), None, "{path} {range}");
            assert_eq!(reply.header("accept-ranges"), Some("bytes"), "{path} {range}");
        }
    }
    let reply = ask(&client, "/both", &[("range", "bytes=0-0")]);
    assert_eq!((reply.header("etag"), reply.header("vary")), (Some("\"v1\""), Some("accept-encoding")));
}

#[test]
fn a_range_that_is_none_is_416() {
    let client = client();
    for (path, range, len) in [
        ("/plain", "bytes=999-", 47),
        ("/plain", "bytes=47-", 47),
        ("/plain", "bytes=9-3", 47),
        ("/plain", "bytes=abc", 47),
        ("/plain", "bytes=-0", 47),
        ("/both", "bytes=999-", 47),
        ("/nothing", "bytes=0-", 0),
        ("/nothing", "bytes=-0", 0),
    ] {
        let reply = ask(&client, path, &[("range", range), ("accept-encoding", "gzip")]);
        let whole = format!("bytes */{len}");
        assert_eq!((reply.status().as_u16(), reply.header("content-range")), (416, Some(&*whole)), "{range}");
        assert_eq!((reply.header("content-encoding"), reply.header("etag")), (None, None), "{range}");
    }
}

#[test]
fn what_is_not_one_range_of_bytes_is_the_whole() {
    let client = client();
    for range in ["bytes=0-1,4-5", "bytes=999-,0-1", "bytes=9-3,0-", "lines=0-1", "bytes"] {
        assert_eq!(told(&ask(&client, "/plain", &[("range", range)])), (200, TEXT, None), "{range}");
    }
    // The last bytes of nothing are there, but `content-range` cannot say which they are (RFC 9110 §14.1.2).
    assert_eq!(told(&ask(&client, "/nothing", &[("range", "bytes=-5")])), (200, "", None));
    // Another method than GET has no ranges (RFC 9110 §14.2).
    let head = client.head("/plain").header("range", "bytes=0-1").send();
    assert_eq!((head.status().as_u16(), head.header("content-length")), (200, Some("47")));
    let posted = client.post("/both").header("range", "bytes=0-1").header("if-match", "\"x\"").send();
    assert_eq!(told(&posted), (200, TEXT, None));
}

#[test]
fn if_range() {
    let client = client();
    for (wanted, is_piece) in [
        ("\"v1\"", true),
        (" \"v1\" ", true),
        ("\"v0\"", false),
        ("W/\"v1\"", false),
        ("\"v1-gz\"", false),
        ("*", false),
        ("v1", false),
        ("w/\"v1\"", false),
        ("x\"v1\"", false),
        ("\"v1\"x", false),
        ("\"a\", \"v1\"", false),
        ("\"v1\", \"a\"", false),
        ("\"v1\",", false),
        ("\"", false),
        ("Fri, 01 Jan 2100 00:00:00 GMT", false),
    ] {
        let reply = ask(&client, "/both", &[("range", "bytes=0-5"), ("if-range", wanted)]);
        let expected = if is_piece { (206, "twenty", Some("bytes 0-5/47")) } else { (200, TEXT, None) };
        assert_eq!(told(&reply), expected, "{wanted}");
    }
    // Of a content that is not there any more, the whole is sent as to anyone.
    let headers = [("range", "bytes=999-"), ("if-range", "\"v0\""), ("accept-encoding", "gzip")];
    let reply = ask(&client, "/both", &headers);
    assert_eq!((reply.status().as_u16(), &reply.bytes()[..]), (200, GZIP));
}

#[test]
fn if_match() {
    let client = client();
    for (list, is_there) in [
        ("\"v1\"", true),
        ("*", true),
        ("\"v0\", \"v1\"", true),
        ("W/\"v1\"", false),
        ("\"v0\"", false),
        ("\"v1-gz\"", false),
        ("v1", false),
        ("w/\"v1\"", false),
        ("\"v0\" \"v1\"", false),
        (", \"v0\",, \"v1\" ,", true),
    ] {
        let reply = ask(&client, "/both", &[("if-match", list)]);
        assert_eq!(reply.status(), if is_there { 200 } else { 412 }, "{list}");
        // It comes before all other conditions (§13.2.2), and dates decide nothing.
        let others = [
            ("if-match", list),
            ("if-none-match", "\"v1\""),
            ("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("range", "bytes=0-5"),
        ];
        assert_eq!(ask(&client, "/both", &others).status(), if is_there { 304 } else { 412 }, "{list}");
    }
    let old = [("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT"), ("range", "bytes=0-5")];
    assert_eq!(told(&ask(&client, "/both", &old)).1, "twenty");
}

#[test]
fn forms_have_tags_of_their_own() {
    let client = client();
    for (accepted, is_gzip) in
        [("gzip", true), ("br, gzip;q=0.1", true), ("*", true), ("identity", false), ("gzip;q=0", false)]
    {
        for reply in [
            ask(&client, "/both", &[("accept-encoding", accepted)]),
            client.head("/both").header("accept-encoding", accepted).send(),
        ] {
            let (tag, coding) = if is_gzip { ("\"v1-gz\"", Some("gzip")) } else { ("\"v1\"", None) };
            assert_eq!(reply.status(), 200, "{accepted}");
            assert_eq!(reply.header("etag"), Some(tag), "{accepted}");
            assert_eq!(reply.header("content-encoding"), coding, "{accepted}");
            assert_eq!(reply.header("vary"), Some("accept-encoding"), "{accepted}");
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=UTF-8"), "{accepted}");
            let length = if is_gzip { GZIP.len() } else { TEXT.len() }.to_string();
            assert_eq!(reply.header("content-length"), Some(&*length), "{accepted}");

            let own = [("accept-encoding", accepted), ("if-none-match", tag)];
            let known = ask(&client, "/both", &own);
            assert_eq!((known.status().as_u16(), known.text()), (304, ""), "{accepted}");
            assert_eq!((known.header("etag"), known.header("vary")), (Some(tag), Some("accept-encoding")));
            let other = if is_gzip { "\"v1\"" } else { "\"v1-gz\"" };
            let other = [("accept-encoding", accepted), ("if-none-match", other)];
            assert_eq!(ask(&client, "/both", &other).status(), 200, "{accepted}");
        }
    }
    // Without a second form there is nothing to choose.
    assert_eq!(ask(&client, "/plain", &[("accept-encoding", "gzip")]).header("vary"), None);
}

/// Only what would be a success is conditional (RFC 9110 §13.2.1).
#[test]
fn a_page_for_an_error_is_sent_whole() {
    let client = client();
    for (path, status) in [("/gone", 410), ("/lost", 404)] {
        for (name, value) in
            [("range", "bytes=0-5"), ("range", "bytes=999-"), ("if-match", "\"x\""), ("if-none-match", "*")]
        {
            assert_eq!(told(&ask(&client, path, &[(name, value)])), (status, TEXT, None), "{path} {name}");
        }
    }
}

#[test]
fn a_tag_that_cannot_be_one_is_a_mistake_of_the_program() {
    assert_eq!(client().get("/odd").send().status(), 500);
    assert_eq!(both().etag().as_deref(), Some("v1"));
    assert_eq!(plain().etag().map(|tag| tag.len()), Some(32));
    assert!(plain().bytes().is_some_and(|bytes| bytes == TEXT) && plain().is_there());
    let gone = File::under(env!("CARGO_MANIFEST_DIR"), "no-such-file");
    assert!(!gone.is_there() && gone.etag().is_none() && gone.bytes().is_none());
    assert!(File::under("no/such/folder", "a").is_there(), "that is a 500");
}

/// A load balancer takes 1 MB of JSON, and one that knows only the compressed form has to be told.
#[test]
fn a_file_that_only_fits_compressed() {
    let long = || File::new("long.bin", vec![0xff_u8; 900_000]).gzip(GZIP).with_etag("v1");
    let client = App::new().route("GET", "/", move |_: &carafe::Request| long()).test();
    assert_eq!(&ask(&client, "/", &[("accept-encoding", "gzip")]).bytes()[..], GZIP);
    let refused = ask(&client, "/", &[("accept", "application/json")]);
    assert_eq!((refused.status().as_u16(), refused.header("vary")), (406, Some("accept-encoding")));
    assert!(refused.text().contains("Accept-Encoding: gzip"), "{}", refused.text());
    let piece = ask(&client, "/", &[("range", "bytes=899999-")]);
    assert_eq!((piece.status().as_u16(), &piece.bytes()[..]), (206, &[0xff][..]));
    assert_eq!(ask(&client, "/", &[("if-none-match", "\"v1\"")]).status(), 304);
    // A range that is too long is not looked at: that is what GET without it gets, and HEAD.
    for range in ["bytes=0-", "bytes=-800000", "bytes=0-899999"] {
        let reply = ask(&client, "/", &[("range", range), ("accept-encoding", "gzip")]);
        assert_eq!((reply.status().as_u16(), &reply.bytes()[..]), (200, GZIP), "{range}");
        let headers = [("range", range), ("accept", "application/json")];
        let refused = ask(&client, "/", &headers);
        assert_eq!(refused.status(), 406, "{range}");
        assert!(refused.text().contains("shorter `Range`"), "{}", refused.text());
        assert_eq!(client.head("/").header("range", range).send().status(), 406, "{range}");
        let whole = [("range", range), ("if-none-match", "\"v1\""), ("accept-encoding", "br")];
        assert_eq!(ask(&client, "/", &whole).status(), 304, "{range}");
    }
    // Middleware adds headers to what fits only just.
    let tight = || File::new("long.txt", vec![b'a'; 998_500]).gzip(GZIP);
    let pad = |_: &carafe::Request, response: &mut carafe::Response| {
        response.headers_mut().insert("x-pad", "x".repeat(2_500).parse().unwrap());
    };
    let client = App::new().after(pad).route("GET", "/", move |_: &carafe::Request| tight()).test();
    assert_eq!(client.get("/").send().status(), 406);
    let reply = ask(&client, "/", &[("range", "bytes=1-"), ("accept-encoding", "gzip")]);
    assert_eq!((reply.status().as_u16(), &reply.bytes()[..]), (200, GZIP));
    // As text it does fit.
    let text = || File::new("long.txt", vec![b'a'; 900_000]).gzip(GZIP);
    let client = App::new().route("GET", "/", move |_: &carafe::Request| text()).test();
    assert_eq!(client.get("/").send().bytes().len(), 900_000);
}
