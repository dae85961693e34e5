//! A folder in the program.

use std::io::Read as _;

use carafe::__private::EmbeddedFile;
use carafe::testing::Client;
use carafe::{App, Folder, embed};

const WORDS: &str = include_str!("../static/words.txt");

fn inflated(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn client(folder: Folder) -> Client {
    App::new().files("/s", folder).test()
}

#[test]
fn what_gets_shorter_is_compressed() {
    let client = client(embed!("tests/static"));
    let get = |path: &str, accepted: &str| client.get(path).header("accept-encoding", accepted).send();
    let reply = get("/s/words.txt", "gzip, br");
    assert_eq!(
        (reply.header("content-encoding"), reply.header("vary")),
        (Some("gzip"), Some("accept-encoding"))
    );
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=UTF-8"));
    assert_eq!(inflated(reply.bytes()), WORDS);
    assert!(reply.bytes().len() < WORDS.len() / 5);
    let plain = get("/s/words.txt", "br");
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")));
    assert_eq!(plain.text(), WORDS);
    let (tag, own) = (plain.header("etag").unwrap(), reply.header("etag").unwrap());
    assert_eq!(own, format!("\"{}-gz\"", tag.trim_matches('"')));
    for path in ["/s/app.css", "/s/dot.png", "/s/empty.txt"] {
        let reply = get(path, "gzip");
        assert_eq!((reply.header("content-encoding"), reply.header("vary")), (None, None), "{path}");
    }
    let without = self::client(embed!("tests/static", gzip = off));
    let reply = without.get("/s/words.txt").header("accept-encoding", "gzip").send();
    assert_eq!((reply.header("content-encoding"), reply.header("etag")), (None, Some(tag)));
}

static FILES: [EmbeddedFile; 2] =
    [EmbeddedFile::new("app.css", b"built in", None), EmbeddedFile::new("docs/new.txt", b"new", Some(b"gz"))];

/// As in a release build, and as where the program runs without its source.
#[test]
fn without_the_folder_the_copy_is_sent() {
    for directory in ["", "no/such/folder"] {
        let client = client(Folder::embedded(directory, &FILES));
        assert_eq!(client.get("/s/app.css").send().text(), "built in");
        assert_eq!(client.get("/s/docs/new.txt").send().text(), "new");
        assert_eq!(client.get("/s/words.txt").send().status(), 404);
        for path in ["/s/", "/s/docs", "/s/docs/", "/s/.hidden", "/s/docs%2Fnew.txt", "/s/docs/../app.css"] {
            assert_eq!(client.get(path).send().status(), 404, "{path}");
        }
    }
}

/// While it is worked on, what is in the folder counts.
#[test]
fn with_the_folder_its_files_are_sent() {
    let client = client(Folder::embedded("tests/static", &FILES));
    assert_eq!(client.get("/s/app.css").send().text(), "p { color: red }\n");
    assert_eq!(client.get("/s/words.txt").send().text(), WORDS);
    assert_eq!(client.get("/s/docs/new.txt").send().status(), 404);
}

#[test]
fn a_limit_may_be_higher() {
    let client = client(embed!("tests/static", limit = "6 MB", gzip = off,));
    assert_eq!(client.get("/s/app.css").send().status(), 200);
}
