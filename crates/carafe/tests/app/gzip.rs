//! Answers that are compressed where that pays.

use std::io::Read as _;

use carafe::http::header::{self, HeaderValue};
use carafe::testing::{Client, Reply};
use carafe::{
    App, Bytes, Cors, File, Gzip, Headers, Mime, Request, Response, StatusCode, catch, catchers, get, routes,
};

/// Long, and as much alike as a page is.
fn page() -> String {
    "<p class=\"line\">All work and no play makes Jack a dull boy.</p>\n".repeat(100)
}

/// Text that gzip can make no shorter than base64 makes what it makes of it.
fn noise(len: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 1_u64;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(LETTERS.get((state >> 58) as usize).copied().unwrap_or(b'A'))
    };
    (0..len).map(|_| letter()).collect()
}

#[get("/page")]
fn long() -> String {
    page()
}

#[get("/json")]
fn json() -> Vec<String> {
    vec![page(); 3]
}

#[get("/short")]
fn short() -> String {
    "x".repeat(2047)
}

#[get("/enough")]
fn enough() -> String {
    "x".repeat(2048)
}

#[get("/noise")]
fn noisy() -> String {
    noise(5000)
}

#[get("/bytes")]
fn bytes() -> Bytes {
    vec![0xff; 5000].into()
}

#[get("/latin")]
fn latin() -> (Mime, Bytes) {
    ("text/plain; charset=iso-8859-1".parse().unwrap(), vec![0xe9; 5000].into())
}

#[get("/image")]
fn image() -> (Mime, Bytes) {
    (mime::IMAGE_PNG, vec![0xff; 5000].into())
}

#[get("/svg")]
fn svg() -> File {
    File::new("a.svg", page())
}

#[get("/huge")]
fn huge() -> String {
    page().repeat(300)
}

fn with(name: header::HeaderName, value: &'static str) -> (Headers, String) {
    let mut headers = Headers::new();
    headers.insert(name, HeaderValue::from_static(value));
    (headers, page())
}

#[get("/weak")]
fn weak() -> (Headers, String) {
    with(header::ETAG, "W/\"1\"")
}

#[get("/fixed")]
fn fixed() -> (Headers, String) {
    with(header::CACHE_CONTROL, "max-age=60, No-Transform")
}

#[get("/coded")]
fn coded() -> (Headers, String) {
    with(header::CONTENT_ENCODING, "br")
}

#[get("/digest")]
fn digest() -> (Headers, String) {
    with(header::HeaderName::from_static("content-digest"), "sha-256=:AA==:")
}

#[get("/repr-digest")]
fn repr_digest() -> (Headers, String) {
    with(header::HeaderName::from_static("repr-digest"), "sha-256=:AA==:")
}

#[get("/none")]
fn none() -> (StatusCode, String) {
    (StatusCode::NO_CONTENT, page())
}

#[get("/reset")]
fn reset() -> (StatusCode, String) {
    (StatusCode::RESET_CONTENT, page())
}

/// Text of a type that does not tell.
#[get("/yaml")]
fn yaml() -> File {
    File::new("a.yaml", page())
}

#[get("/photo")]
fn photo() -> File {
    File::new("a.png", page())
}

#[get("/part")]
fn part() -> (StatusCode, Headers, String) {
    let (headers, body) = with(header::CONTENT_RANGE, "bytes 0-6499/9000");
    (StatusCode::PARTIAL_CONTENT, headers, body)
}

fn app() -> App {
    let first = routes![long, json, short, enough, noisy, bytes, latin, image, svg, huge];
    App::new().after(Gzip).routes(first).routes(routes![weak, fixed, coded, digest, part]).routes(routes![
        repr_digest,
        none,
        reset,
        yaml,
        photo
    ])
}

fn get_with(client: &Client, target: &str, accept: &str) -> Reply {
    client.get(target).header("accept-encoding", accept).send()
}

fn inflated(reply: &Reply) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&reply.bytes()[..]).read_to_end(&mut plain).unwrap();
    plain
}

#[test]
fn what_pays_is_compressed() {
    for client in [app().test(), app().test().multi_value_headers()] {
        for (target, packed, varies) in [
            ("/page", true, true),
            ("/json", true, true),
            ("/short", false, false),
            ("/enough", true, true),
            ("/noise", false, true),
            ("/bytes", false, false),
            ("/latin", true, true),
            ("/image", false, false),
            ("/svg", true, true),
            ("/weak", true, true),
            ("/fixed", false, false),
            ("/coded", false, false),
            ("/digest", false, false),
            ("/part", false, true),
            ("/repr-digest", false, false),
            ("/none", false, false),
            ("/reset", false, false),
            ("/yaml", true, true),
            ("/photo", false, false),
            ("/lost", false, false),
        ] {
            let plain = client.get(target).send();
            let reply = get_with(&client, target, "gzip, deflate, br");
            assert_eq!(reply.status(), plain.status(), "{target}");
            let vary = varies.then_some("accept-encoding");
            assert_eq!((reply.header("vary"), plain.header("vary")), (vary, vary), "{target}");
            assert_eq!(reply.header("content-type"), plain.header("content-type"), "{target}");
            if packed {
                assert_eq!(
                    (reply.header("content-encoding"), plain.header("content-encoding")),
                    (Some("gzip"), None),
                    "{target}"
                );
                assert_eq!(inflated(&reply), plain.bytes()[..], "{target}");
                assert_eq!(
                    reply.header("content-length"),
                    Some(&*reply.bytes().len().to_string()),
                    "{target}"
                );
            } else {
                assert_eq!(reply.header("content-encoding"), plain.header("content-encoding"), "{target}");
                assert_eq!(reply.bytes(), plain.bytes(), "{target}");
            }
        }
        for accept in ["br", "identity", "gzip;q=0", ""] {
            let reply = get_with(&client, "/page", accept);
            assert_eq!(
                (reply.header("content-encoding"), reply.header("vary")),
                (None, Some("accept-encoding")),
                "{accept}"
            );
        }
    }
}

#[test]
fn an_event_gets_shorter_and_what_was_too_long_may_fit() {
    let client = app().test();
    let length = |target: &str, accept: &str| {
        let event = serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": target, "queryStringParameters": {},
            "headers": {"host": "a", "accept-encoding": accept}, "body": "", "isBase64Encoded": false,
        });
        client.event(&event).to_string().len()
    };
    for target in ["/page", "/json", "/enough", "/latin", "/svg"] {
        assert!(length(target, "gzip") < length(target, "br"), "{target}");
    }
    assert_eq!(length("/noise", "gzip"), length("/noise", "br"));
    assert_eq!(client.get("/huge").send().status(), 500, "it does not fit as it is");
    let reply = get_with(&client, "/huge", "gzip");
    assert_eq!((reply.status().as_u16(), inflated(&reply).len()), (200, page().len() * 300));
}

#[test]
fn head_has_the_headers_of_get() {
    let client = app().test();
    for target in ["/page", "/json", "/short", "/noise", "/svg", "/weak", "/part", "/fixed", "/image"] {
        for accept in ["gzip", "br"] {
            let get = get_with(&client, target, accept);
            let head = client.request("HEAD", target).header("accept-encoding", accept).send();
            let told = |reply: &Reply| {
                let mut all: Vec<_> =
                    reply.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
                all.retain(|line| !line.starts_with("date"));
                all.sort();
                all
            };
            assert_eq!((head.status(), told(&head)), (get.status(), told(&get)), "{target} {accept}");
            assert!(head.bytes().is_empty());
        }
    }
}

#[test]
fn each_form_has_a_tag_of_its_own() {
    let client = app().test();
    let ask = |tag: Option<&str>, accept: &str| {
        let call = client.get("/svg").header("accept-encoding", accept);
        match tag {
            Some(tag) => call.header("if-none-match", tag).send(),
            None => call.send(),
        }
    };
    let plain = ask(None, "br").header("etag").unwrap().to_owned();
    let packed = ask(None, "gzip").header("etag").unwrap().to_owned();
    assert_eq!(packed, format!("{}-gzip\"", plain.trim_end_matches('"')));
    for (tag, accept, status, told) in [
        (plain.clone(), "br", 304, &plain),
        (plain.clone(), "gzip", 304, &plain),
        (packed.clone(), "gzip", 304, &packed),
        (format!("W/{packed}"), "gzip", 304, &packed),
        (format!("\"other\", {packed}"), "gzip", 304, &packed),
        ("*".to_owned(), "gzip", 304, &plain),
        (format!("{packed} ,\"other\""), "gzip", 304, &packed),
        (format!("\"other\" {packed}"), "gzip", 200, &packed),
        (format!("x{packed}"), "gzip", 200, &packed),
        (format!("w/{packed}"), "gzip", 200, &packed),
        (format!("{packed}x"), "gzip", 200, &packed),
        // It does not take that form any more, so it has no use for it.
        (packed.clone(), "br", 200, &plain),
        ("\"other\"".to_owned(), "gzip", 200, &packed),
        ("\"other-gzip\"".to_owned(), "gzip", 200, &packed),
        (packed.trim_matches('"').to_owned(), "gzip", 200, &packed),
    ] {
        let reply = ask(Some(&tag), accept);
        let what = format!("{tag} {accept}");
        assert_eq!((reply.status().as_u16(), reply.header("etag")), (status, Some(&**told)), "{what}");
        assert_eq!(reply.header("vary"), Some("accept-encoding"), "{what}");
        if status == 304 {
            assert!(reply.bytes().is_empty() && reply.header("content-encoding").is_none(), "{what}");
            assert_eq!(reply.header("accept-ranges"), None, "{what}");
        }
    }
    // A weak one is for all forms.
    assert_eq!(get_with(&client, "/weak", "gzip").header("etag"), Some("W/\"1\""));
}

/// A 304 and a piece have the `vary` of their 200 (RFC 9110 §15.3.7, §15.4.5).
#[test]
fn a_304_and_a_piece_vary_as_the_whole_does() {
    let client = app().test();
    for (target, vary) in
        [("/svg", Some("accept-encoding")), ("/yaml", Some("accept-encoding")), ("/photo", None)]
    {
        let whole = client.get(target).send();
        let tag = whole.header("etag").unwrap();
        for (name, value, status) in [
            ("x-none", "1", 200),
            ("if-none-match", tag, 304),
            ("if-none-match", "*", 304),
            ("range", "bytes=0-5", 206),
        ] {
            for accept in ["gzip", "br"] {
                let reply = client.get(target).header(name, value).header("accept-encoding", accept).send();
                let what = format!("{target} {name} {accept}");
                assert_eq!((reply.status().as_u16(), reply.header("vary")), (status, vary), "{what}");
            }
        }
    }
}

#[test]
fn it_stands_with_others() {
    #[catch(404)]
    fn lost() -> String {
        page()
    }

    fn early(_: &Request) -> Option<Response> {
        Some(Response::new(page().into()))
    }

    let inner = routes![long].after(Gzip);
    let app = App::new().after(Gzip).around(Cors::origins(["https://a.example"])).mount("/in", inner);
    let client = app.mount("/early", routes![json].before(early)).catch(catchers![lost]).test();
    for target in ["/in/page", "/early/json", "/lost"] {
        let reply = get_with(&client, target, "gzip");
        assert_eq!(
            (reply.header("content-encoding"), inflated(&reply)),
            (Some("gzip"), page().into_bytes()),
            "{target}"
        );
        let vary: Vec<_> =
            reply.headers().get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
        let vary = vary.join(", ");
        assert!(
            vary.matches("accept-encoding").count() == 1 && vary.matches("origin").count() == 1,
            "{target}: {vary}"
        );
    }
}
