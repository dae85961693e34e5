//! Events made by hand, from `http` requests and into them.

use bytes::Bytes;
use carafe_lambda::{Context, Event, EventSource, Failure, FailureKind};
use http::{Method, Request, StatusCode};

#[test]
fn an_event_made_by_hand() {
    let event = Event::builder();
    let plain = event.clone().build();
    assert_eq!((plain.method(), plain.raw_path(), plain.source()), (&Method::GET, "/", EventSource::Direct));
    assert_eq!((plain.query().count(), plain.headers().count(), plain.body().len()), (0, 0, 0));
    let event = event
        .method(Method::PUT)
        .target("/a%20b?x=1&&y&z=a=b")
        .header("Cookie", "a=1")
        .header("X-A", "1")
        .header("COOKIE", "b=2")
        .header("x-a", "2")
        .body("abc")
        .source(EventSource::FunctionUrl)
        .peer("::1".parse().expect("an address"))
        .context(Context::new("id"));
    let built = event.clone().build();
    assert_eq!((built.method(), built.raw_path()), (&Method::PUT, "/a%20b"));
    assert_eq!(built.query().collect::<Vec<_>>(), [("x", "1"), ("y", ""), ("z", "a=b")]);
    assert_eq!(built.raw_query(), "x=1&&y&z=a=b", "as it was given");
    assert_eq!(built.headers().collect::<Vec<_>>(), [("cookie", "a=1; b=2"), ("x-a", "1"), ("x-a", "2")]);
    assert_eq!((&built.body()[..], built.source()), (&b"abc"[..], EventSource::FunctionUrl));
    assert_eq!((built.peer(), built.client_ip(0)), ("::1".parse().ok(), "::1".parse().ok()));
    assert_eq!(built.context().request_id, "id");
    let shown = format!("{built:?}");
    for part in ["PUT", "/a%20b", r#"("y", "")"#, r#"("x-a", "2")"#, "body_len: 3", "FunctionUrl"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    // A further parameter makes another query string; a whole one replaces the pairs.
    let more = event.clone().query("w", "a&b").build();
    assert_eq!(more.query().last(), Some(("w", "a&b")));
    assert_eq!(more.raw_query(), "x=1&y=&z=a=b&w=a%26b");
    let other = event.path("/other").raw_query("q=1").build();
    assert_eq!((other.raw_path(), other.raw_query().as_ref()), ("/other", "q=1"));
    assert_eq!(other.query().collect::<Vec<_>>(), [("q", "1")]);
}

#[test]
fn an_http_request_becomes_an_event() {
    let request = |uri: &str, host: Option<&str>| {
        let mut request = Request::builder().method("POST").uri(uri).header("x-a", "1").header("x-a", "2");
        if let Some(host) = host {
            request = request.header("host", host);
        }
        Event::from_http(request.body(Bytes::from_static(b"abc")).expect("a request"))
    };
    let event = request("https://example.com/a%2Fb?x=1", None);
    assert_eq!(
        (event.method(), event.raw_path(), event.raw_query().as_ref()),
        (&Method::POST, "/a%2Fb", "x=1")
    );
    assert_eq!(event.host(), Some("example.com"));
    assert_eq!(event.header_values("x-a").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(&event.body()[..], b"abc");
    let event = request("https://example.com/", Some("own.example.com"));
    assert_eq!(event.header_values("host").collect::<Vec<_>>(), ["own.example.com"]);
    let event = request("/", None);
    assert_eq!((event.host(), event.raw_query().as_ref()), (None, ""));
}

#[test]
fn an_event_becomes_an_http_request() {
    let uri = |event: Event| event.into_http().map(|request| request.uri().to_string());
    for (path, expected) in [
        ("/a", "/a"),
        ("*", "*"),
        ("@evil/", "/"),
        ("evil.example", "/"),
        ("", "/"),
        ("/a b\\#", "/a%20b%5C%23"),
    ] {
        assert_eq!(uri(Event::builder().path(path).build()), Ok(expected.to_owned()), "{path}");
    }
    assert_eq!(uri(Event::builder().target("/a?b=c").build()), Ok("/a?b=c".to_owned()));
    assert_eq!(uri(Event::builder().target("/a?").build()), Ok("/a".to_owned()));
    // The `http` crate has room for 65,534 bytes.
    let long = |len: usize| uri(Event::builder().path(&format!("/{}", "a".repeat(len - 1))).build());
    assert_eq!(long(65_534).map(|uri| uri.len()), Ok(65_534));
    assert_eq!(long(65_535), Err(StatusCode::URI_TOO_LONG));
    let event = Event::builder()
        .method(Method::PATCH)
        .header("x-a", "1")
        .header("x-a", "2")
        .header("x-forwarded-for", "6.6.6.6")
        .header("x-forwarded-for", "203.0.113.7")
        .header("not a name", "1")
        .header("x-control", "a\nb")
        .body("abc")
        .build();
    let request = event.into_http().expect("room");
    assert_eq!((request.method(), &request.body()[..]), (&Method::PATCH, &b"abc"[..]));
    let values = |name: &str| request.headers().get_all(name).iter().cloned().collect::<Vec<_>>();
    assert_eq!(values("x-a"), ["1", "2"]);
    assert_eq!(values("x-forwarded-for"), ["203.0.113.7"], "what a client can plant is left out");
    assert_eq!(request.headers().len(), 3);
    assert!(request.extensions().get::<Event>().is_some_and(|event| event.method() == Method::PATCH));
    let crowd = (0..30_000).fold(Event::builder(), |event, n| event.header(&format!("x-{n}"), "1")).build();
    assert_eq!(crowd.into_http().map(drop), Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
}

#[test]
fn a_failure_is_written_with_its_kind() {
    let failure = Failure::new(FailureKind::Refused, "too long");
    assert_eq!(failure.to_string(), "Answer.Refused: too long");
}
