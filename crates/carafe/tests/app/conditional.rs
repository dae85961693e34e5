//! Files that a client has already: a 304, and never for other bytes than those it has (RFC 9110 §13).

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use carafe::testing::{Client, Reply};
use carafe::{
    App, File, Mime, Redirect, Request, Response, Result, StatusCode, abort, catch, catchers, get, post,
    routes,
};

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn client(folder: PathBuf) -> Client {
    let serve = move |request: &Request| File::under(&folder, request.param("name").unwrap_or_default());
    App::new().route("GET", "/<name:path>", serve).test()
}

fn write(path: &PathBuf, content: &str, modified: SystemTime) {
    fs::write(path, content).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
}

fn told(reply: &Reply) -> (u16, &str) {
    (reply.status().as_u16(), reply.text())
}

fn tag(reply: &Reply) -> String {
    reply.header("etag").unwrap().to_owned()
}

/// Dates that packers of programs give to all files, and those that no header can say.
#[test]
fn a_date_never_hides_a_new_content() {
    let folder = folder("dates");
    let client = client(folder.clone());
    let path = folder.join("app.css");
    let day = Duration::from_secs(24 * 60 * 60);
    let dates = [
        ("before 1970", UNIX_EPOCH - 3652 * day),
        ("1970", UNIX_EPOCH),
        ("Nix", UNIX_EPOCH + Duration::from_secs(1)),
        ("zip", UNIX_EPOCH + Duration::from_secs(315_532_800)),
        ("Gradle", UNIX_EPOCH + Duration::from_secs(318_211_200)),
        ("npm", UNIX_EPOCH + Duration::from_secs(499_162_500)),
        ("Bazel", UNIX_EPOCH + Duration::from_secs(1_262_304_000)),
        ("today", SystemTime::now()),
        ("Terraform", UNIX_EPOCH + Duration::from_secs(2_493_072_000)),
        ("2400", UNIX_EPOCH + Duration::from_secs(13_569_465_600)),
    ];
    for (name, date) in dates {
        write(&path, "p { color: red }", date);
        let first = client.get("/app.css").send();
        assert_eq!(
            (told(&first), first.header("last-modified")),
            ((200, "p { color: red }"), None),
            "{name}"
        );
        let again = client.get("/app.css").header("if-none-match", &tag(&first)).send();
        assert_eq!((told(&again), tag(&again)), ((304, ""), tag(&first)), "{name}");

        // Another version of the same length and date is deployed.
        write(&path, "p { color: tan }", date);
        for since in ["Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            let with_date = client.get("/app.css").header("if-modified-since", since);
            assert_eq!(told(&with_date.send()), (200, "p { color: tan }"), "{name}, {since}");
            let with_both = client
                .get("/app.css")
                .header("if-none-match", &tag(&first))
                .header("if-modified-since", since)
                .send();
            assert_eq!(told(&with_both), (200, "p { color: tan }"), "{name}, {since}");
            assert_ne!(tag(&with_both), tag(&first), "{name}");
        }
    }
}

/// A content that comes back has the tag it had.
#[test]
fn a_file_that_is_rolled_back_is_new_again() {
    let folder = folder("back");
    let client = client(folder.clone());
    let (path, now) = (folder.join("a.js"), SystemTime::now());
    write(&path, "old", now - Duration::from_secs(90_000));
    let old = tag(&client.get("/a.js").send());
    write(&path, "new", now);
    let new = tag(&client.get("/a.js").header("if-none-match", &old).send());
    write(&path, "old", now - Duration::from_secs(90_000));
    let back = client.get("/a.js").header("if-none-match", &new).send();
    assert_eq!((told(&back), tag(&back)), ((200, "old"), old));
}

#[get("/logo")]
fn logo() -> File {
    File::new("logo.svg", "<svg/>")
}

#[post("/logo")]
fn posted() -> File {
    logo()
}

#[get("/typed")]
fn typed() -> (Mime, File) {
    ("text/css".parse().unwrap(), logo())
}

/// The 128 bits of its hash in hexadecimal digits, whatever machine or build it is: a browser keeps them for years.
const LOGO: &str = "\"6765a11253fab43a5568ebb2b89a3766\"";

#[test]
fn if_none_match() {
    let client = App::new().routes(routes![logo, posted, typed]).test();
    let weak = format!("W/{LOGO}");
    let bare = LOGO.trim_matches('"');
    for (list, is_known) in [
        (LOGO, true),
        (&weak, true),
        ("*", true),
        (" * ", true),
        (&format!("\"a\", {LOGO}"), true),
        (&format!("{LOGO},\"b\""), true),
        (&format!("W/\"a,b\" , {weak}"), true),
        (&format!("\"\", {LOGO}"), true),
        (&format!(",{LOGO},"), true),
        (&format!("\"a\" {LOGO}"), false),
        (&format!("a, {LOGO}"), false),
        (&format!("w/{LOGO}"), false),
        (&format!("{LOGO}x"), false),
        ("\"other\"", false),
        ("\"*\"", false),
        ("*, \"a\"", false),
        ("", false),
        ("\"\"", false),
        ("\"", false),
        (bare, false),
        (&format!("\"{bare}"), false),
        (&format!("\"a{bare}\""), false),
        (&format!("\", {bare}, \""), false),
        (&LOGO.to_uppercase(), false),
    ] {
        for path in ["/logo", "/typed"] {
            let reply = client.get(path).header("if-none-match", list).send();
            let expected = if is_known { (304, "") } else { (200, "<svg/>") };
            assert_eq!((told(&reply), reply.header("etag")), (expected, Some(LOGO)), "{path} {list}");
            let head = client.head(path).header("if-none-match", list).send();
            assert_eq!(
                (head.status(), head.header("etag")),
                (reply.status(), Some(LOGO)),
                "HEAD {path} {list}"
            );
        }
        // What another method did is done.
        let reply = client.post("/logo").header("if-none-match", list).send();
        assert_eq!(told(&reply), (200, "<svg/>"), "POST {list}");
    }
    let reply = client.get("/logo").header("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT").send();
    assert_eq!(told(&reply), (200, "<svg/>"));
}

#[get("/gone")]
fn gone() -> (StatusCode, File) {
    (StatusCode::GONE, logo())
}

#[get("/found")]
fn found() -> (StatusCode, File) {
    (StatusCode::OK, logo())
}

#[get("/away")]
fn away() -> Result<Redirect, (StatusCode, File)> {
    Err((StatusCode::CONFLICT, logo()))
}

#[get("/bare")]
fn bare() -> Result<Redirect, File> {
    Err(logo())
}

#[catch(404)]
fn lost() -> File {
    File::new("404.html", "<h1>Not here</h1>")
}

#[catch(403)]
fn empty() -> File {
    File::new("403.html", "")
}

#[get("/refused")]
fn refused() -> Result<Redirect> {
    Err(abort(403, "No"))
}

/// Only an answer that would be a success is conditional (RFC 9110 §13.2.1).
#[test]
fn a_page_for_an_error_is_sent_whole() {
    let routes = routes![gone, found, away, bare, refused];
    let client = App::new().routes(routes).catch(catchers![lost, empty]).test();
    for (path, status, text) in [
        ("/gone", 410, "<svg/>"),
        ("/found", 200, "<svg/>"),
        ("/away", 409, "<svg/>"),
        ("/lost", 404, "<h1>Not here</h1>"),
        ("/refused", 403, ""),
        ("/bare", 500, ""),
    ] {
        let reply = client.get(path).header("if-none-match", "*").send();
        assert_eq!(told(&reply), (status, text), "{path}");
    }
}

/// A load balancer with multi-value headers passes on a list in several lines.
#[test]
fn if_none_match_in_several_lines() {
    let client = App::new().routes(routes![logo]).test();
    for (lines, status) in [(["\"a\"", LOGO], 304), ([LOGO, "\"a\""], 304), (["\"a\"", "\"b\""], 200)] {
        let event = serde_json::json!({
            "requestContext": {"elb": {"targetGroupArn": "arn"}},
            "httpMethod": "GET",
            "path": "/logo",
            "multiValueQueryStringParameters": {},
            "multiValueHeaders": {"host": ["api.test"], "if-none-match": lines},
            "body": "",
            "isBase64Encoded": false,
        });
        assert_eq!(client.event(&event)["statusCode"], status, "{lines:?}");
    }
}

/// A hook sees the answer as it leaves.
#[test]
fn a_304_has_no_body_for_middleware_either() {
    let closure = |_: &Request| File::new("logo.svg", "<svg/>");
    let app = App::new().routes(routes![logo]).route("GET", "/closure", closure).after(
        |_: &Request, response: &mut Response| {
            let len = response.body().len().into();
            response.headers_mut().insert("x-len", len);
        },
    );
    let client = app.test();
    for path in ["/logo", "/closure"] {
        let known = client.get(path).header("if-none-match", LOGO).send();
        assert_eq!((known.status().as_u16(), known.header("x-len")), (304, Some("0")), "{path}");
        assert_eq!(client.get(path).send().header("x-len"), Some("6"), "{path}");
    }
}
