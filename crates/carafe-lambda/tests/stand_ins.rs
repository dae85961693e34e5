//! Answers that no service made: for an event that cannot be read, a panic, a missed deadline, a refused answer.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use carafe_lambda::{Answer, Context, ErrorSettings, Event, Options, Oversize, Service, respond};
use http::Response;
use serde_json::{Value, json};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Fails in the way its path says.
struct Broken;

impl Service for Broken {
    async fn call(&self, event: Event) -> Answer {
        match event.raw_path() {
            "/panic" => panic!("as asked"),
            "/late" => std::future::pending().await,
            "/large" => Answer::new(Response::new(Bytes::from(vec![b'x'; 2_000_000]))),
            path => panic!("{path} should not have been asked for"),
        }
    }
}

fn answer(event: &Value, options: Options) -> Value {
    answer_of(&Broken, event, options)
}

fn answer_of(service: &impl Service, event: &Value, options: Options) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut context = Context::new("id-7");
    context.deadline = Some(SystemTime::now() + Duration::from_millis(100));
    let document = runtime.block_on(respond(service, Bytes::from(event.to_string()), context, &options));
    serde_json::from_slice(&document.answer.expect("an answer")).expect("JSON")
}

fn event(method: &str, path: &str, accept: &str) -> Value {
    json!({"requestContext": {"elb": {}}, "httpMethod": method, "path": path, "headers": {"Accept": accept}})
}

/// Returns each event that is not answered by the service, and its status.
fn events(accept: &str) -> Vec<(Value, u64)> {
    broken_events(&|method, path| event(method, path, accept), "httpMethod", "path")
}

/// Breaks the events that `event` makes, in which method and path have these names.
fn broken_events(
    event: &dyn Fn(&str, &str) -> Value,
    method_field: &str,
    path_field: &str,
) -> Vec<(Value, u64)> {
    let mut bad_body = event("POST", "/x");
    bad_body["body"] = json!("???");
    bad_body["isBase64Encoded"] = json!(true);
    let mut no_path = event("GET", "/x");
    no_path[path_field] = json!(null);
    let mut bad_method = event("GET", "/x");
    *field(&mut bad_method, method_field) = json!("GE T");
    let mut no_method = event("GET", "/x");
    *field(&mut no_method, method_field) = json!(null);
    let mut events = vec![
        (event("GET", "/panic"), 500),
        (event("GET", "/late"), 504),
        (event("GET", "/large"), 500),
        (bad_body, 400),
        (bad_method, 400),
        (no_path, 400),
    ];
    // Without a method an event of a REST API is not known as one.
    if no_method.get("resource").is_none() {
        events.push((no_method, 400));
    }
    events
}

/// Finds a field by the names on the way to it.
fn field<'v>(value: &'v mut Value, path: &str) -> &'v mut Value {
    path.split('.').fold(value, |value, name| &mut value[name])
}

/// Returns the names of method and path in the events of each front door, and how it makes them.
type Door = (&'static str, &'static str, fn(&str, &str, &str) -> Value);

const DOORS: [Door; 6] = [
    ("httpMethod", "path", event),
    ("httpMethod", "path", |method, path, accept| {
        json!({"requestContext": {"elb": {}}, "httpMethod": method, "path": path,
            "multiValueHeaders": {"accept": [accept]}})
    }),
    ("httpMethod", "path", |method, path, accept| {
        json!({"requestContext": {"stage": "prod"}, "resource": "/{proxy+}", "httpMethod": method, "path": path,
            "headers": {"accept": accept}, "multiValueHeaders": {"Accept": [accept]}})
    }),
    ("httpMethod", "path", |method, path, accept| {
        json!({"version": "1.0", "requestContext": {"stage": "$default"}, "resource": "/{proxy+}",
            "httpMethod": method, "path": path, "headers": {"accept": accept}})
    }),
    ("requestContext.http.method", "rawPath", |method, path, accept| {
        json!({"version": "2.0", "rawPath": path, "headers": {"accept": accept}, "requestContext":
            {"http": {"method": method}, "stage": "$default", "domainName": "api.example.com"}})
    }),
    ("requestContext.http.method", "rawPath", |method, path, accept| {
        json!({"version": "2.0", "rawPath": path, "headers": {"accept": accept}, "requestContext":
            {"http": {"method": method}, "domainName": "x.lambda-url.eu-west-1.on.aws"}})
    }),
];

/// Returns a header of an answer, in whichever family it is.
fn header<'a>(answer: &'a Value, name: &str) -> Option<&'a str> {
    answer["headers"][name].as_str().or_else(|| answer["multiValueHeaders"][name][0].as_str())
}

fn reason(status: u64) -> &'static str {
    match status {
        400 => "Bad Request",
        500 => "Internal Server Error",
        _ => "Gateway Timeout",
    }
}

#[test]
fn programs_get_json() {
    for accept in ["*/*", "application/json", "application/json, text/html", ""] {
        for (event, status) in events(accept) {
            let answer = answer(&event, Options::default());
            assert_eq!(answer["statusCode"], status, "{event}");
            assert_eq!(answer["headers"]["content-type"], "application/json", "{event}");
            let body: Value = serde_json::from_str(answer["body"].as_str().expect("text")).expect("JSON");
            let expected = json!({"error": reason(status), "status": status, "request_id": "id-7"});
            assert_eq!(body, expected, "{event}");
        }
    }
}

#[test]
fn browsers_get_a_page() {
    for (event, status) in events(BROWSER) {
        let answer = answer(&event, Options::default());
        assert_eq!(answer["statusCode"], status, "{event}");
        assert_eq!(answer["headers"]["content-type"], "text/html; charset=UTF-8", "{event}");
        let title = format!("<h1>{status} {}</h1>", reason(status));
        let body = answer["body"].as_str().expect("text");
        assert!(body.contains(&title) && body.contains("Request id-7"), "{body}");
    }
}

#[test]
fn problem_details_are_there_for_those_who_chose_them() {
    let options = Options::default().errors(ErrorSettings::default().problem_details(true));
    for (event, status) in events("*/*") {
        let answer = answer(&event, options);
        assert_eq!(answer["headers"]["content-type"], "application/problem+json", "{event}");
        let body: Value = serde_json::from_str(answer["body"].as_str().expect("text")).expect("JSON");
        let expected = json!({"type": "about:blank", "title": reason(status), "status": status,
            "detail": reason(status), "request_id": "id-7"});
        assert_eq!(body, expected, "{event}");
    }
}

#[test]
fn they_look_the_same_whatever_the_door() {
    for (method_field, path_field, event) in DOORS {
        for (accept, kind) in [("*/*", "application/json"), (BROWSER, "text/html; charset=UTF-8")] {
            let make = |method: &str, path: &str| event(method, path, accept);
            for (event, status) in broken_events(&make, method_field, path_field) {
                // A limit of 6 MB, and not of one, is behind other doors than a load balancer.
                let is_large = event["path"] == "/large" || event["rawPath"] == "/large";
                if is_large && event["requestContext"].get("elb").is_none() {
                    continue;
                }
                let answer = answer(&event, Options::default());
                assert_eq!(answer["statusCode"], status, "{event}");
                assert_eq!(header(&answer, "content-type"), Some(kind), "{event}");
                assert_eq!(header(&answer, "cache-control"), Some("no-store"), "{event}");
                let body = answer["body"].as_str().expect("text");
                assert!(body.contains(reason(status)) && body.contains("id-7"), "{body}");
            }
        }
    }
}

/// Says itself what its answer is where there is none, by the path: a text, or nothing that can be sent.
struct Outspoken(&'static str);

impl Service for Outspoken {
    fn call(&self, event: Event) -> impl Future<Output = Answer> + Send {
        Broken.call(event)
    }

    async fn refuse(&self, event: Event, status: http::StatusCode) -> Option<Answer> {
        let mut response = Response::new(Bytes::from(format!("{} {status}", event.method())));
        *response.status_mut() = status;
        match self.0 {
            "text" => {}
            "stored" => {
                let kept = http::HeaderValue::from_static("max-age=60");
                response.headers_mut().insert("cache-control", kept);
            }
            "large" => *response.body_mut() = Bytes::from(vec![b'x'; 7_000_000]),
            "late" => std::future::pending().await,
            "panic" => panic!("here, too"),
            _ => return None,
        }
        Some(Answer::new(response))
    }
}

#[test]
fn a_service_may_say_it_itself() {
    for (method_field, path_field, event) in DOORS {
        let make = |method: &str, path: &str| event(method, path, "*/*");
        for (event, status) in broken_events(&make, method_field, path_field) {
            let own = answer_of(&Outspoken("text"), &event, Options::default());
            if own["body"].as_str().is_some_and(|body| body.starts_with("xxx")) {
                continue;
            }
            let method = if event["body"] == "???" { "POST" } else { "GET" };
            assert_eq!(own["statusCode"], status);
            assert_eq!(own["body"], format!("{method} {status} {}", reason(status)), "{event}");
            assert_eq!(header(&own, "cache-control"), Some("no-store"), "{event}");
            let stored = answer_of(&Outspoken("stored"), &event, Options::default());
            assert_eq!(header(&stored, "cache-control"), Some("max-age=60"), "{event}");
            for nothing in ["large", "late", "panic", "nothing"] {
                let default = answer_of(&Outspoken(nothing), &event, Options::default());
                let expected = json!({"error": reason(status), "status": status, "request_id": "id-7"});
                let body: Value =
                    serde_json::from_str(default["body"].as_str().expect("text")).expect("JSON");
                assert_eq!((&default["statusCode"], body), (&json!(status), expected), "{nothing} {event}");
            }
        }
    }
}

#[test]
fn a_service_knows_what_could_be_read() {
    struct Told;
    impl Service for Told {
        async fn call(&self, _: Event) -> Answer {
            panic!("it should not have been called")
        }

        async fn refuse(&self, event: Event, _: http::StatusCode) -> Option<Answer> {
            let told = json!({
                "method": event.method().as_str(), "path": event.raw_path(), "query": event.raw_query(),
                "host": event.host(), "cookie": event.header("cookie"), "body": event.body().len(),
                "id": event.context().request_id, "source": format!("{:?}", event.source()),
            });
            Some(Answer::new(Response::new(Bytes::from(told.to_string()))))
        }
    }
    let told = |event: &Value| -> Value {
        let answer = answer_of(&Told, event, Options::default());
        serde_json::from_str(answer["body"].as_str().expect("text")).expect("JSON")
    };
    let event = json!({"requestContext": {"elb": {}}, "httpMethod": "PUT", "path": "/a%20b", "body": "???",
        "isBase64Encoded": true, "headers": {"host": "x", "cookie": "a=1"}, "queryStringParameters": {"q": "1"}});
    let mut expected = json!({"method": "PUT", "path": "/a%20b", "query": "q=1", "host": "x", "cookie": "a=1",
        "body": 0, "id": "id-7", "source": "Alb(Single)"});
    assert_eq!(told(&event), expected);
    let mut no_method = event;
    no_method["httpMethod"] = json!("P U T");
    expected["method"] = json!("GET");
    assert_eq!(told(&no_method), expected);
    no_method["path"] = json!(null);
    expected["path"] = json!("/");
    assert_eq!(told(&no_method), expected);
    let nothing = json!({"method": "GET", "path": "/", "query": "", "host": null, "cookie": null, "body": 0,
        "id": "id-7", "source": "Alb(Both)"});
    let context = Context::new("id-7");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let options = Options::default();
    let work = respond(&Told, Bytes::from_static(b"{"), context, &options);
    let answer: Value =
        serde_json::from_slice(&runtime.block_on(work).answer.expect("an answer")).expect("JSON");
    assert_eq!(answer["body"], nothing.to_string());
}

#[test]
fn head_gets_no_body() {
    let mut bad = event("HEAD", "/x", BROWSER);
    bad["body"] = json!("???");
    bad["isBase64Encoded"] = json!(true);
    for (event, status) in [(bad, 400), (event("HEAD", "/panic", "*/*"), 500)] {
        let answer = answer(&event, Options::default());
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(status), &json!("")), "{event}");
    }
}

#[test]
fn head_gets_the_status_and_the_headers_of_get() {
    struct Sized(usize, u8);
    impl Service for Sized {
        async fn call(&self, _: Event) -> Answer {
            Answer::new(Response::new(Bytes::from(vec![self.1; self.0])))
        }
    }
    // Text, bytes that are none, and escapes that make a text too long; small, at the limit and over it.
    for (len, byte) in [
        (0, b'x'),
        (7, b'x'),
        (7, 0xff),
        (600_000, b'"'),
        (740_000, 0xff),
        (760_000, 0xff),
        (999_000, b'x'),
        (1_000_001, b'x'),
    ] {
        for accept in ["*/*", BROWSER] {
            let service = Sized(len, byte);
            let get = answer_of(&service, &event("GET", "/", accept), Options::default());
            let head = answer_of(&service, &event("HEAD", "/", accept), Options::default());
            assert_eq!((&head["body"], &head["isBase64Encoded"]), (&json!(""), &json!(false)));
            let mut get_headers = get["headers"].clone();
            if len == 0 {
                // A handler for HEAD alone leaves its body out, and so has no length to tell.
                get_headers.as_object_mut().expect("headers").remove("content-length");
            }
            assert_eq!(head["statusCode"], get["statusCode"], "{len} of {byte}");
            assert_eq!(head["headers"], get_headers, "{len} of {byte}");
            let too_large = len > 1_000_000 || len == 760_000;
            assert_eq!(get["statusCode"], if too_large { 500 } else { 200 }, "{len} of {byte}");
        }
    }
}

/// Has something to send in place of an answer that is too long.
struct Storing(Oversize);

impl Storing {
    /// Sends a text, or what cannot be sent.
    fn new(kind: &'static str) -> Storing {
        Storing(Oversize::new(move |event, response| async move {
            let text = format!("{} {}: {} bytes", event.method(), event.raw_path(), response.body().len());
            match kind {
                "text" => Answer::new(Response::new(Bytes::from(text))),
                "large" => Answer::new(response),
                "late" => std::future::pending().await,
                _ => panic!("here, too"),
            }
        }))
    }
}

impl Service for Storing {
    fn call(&self, event: Event) -> impl Future<Output = Answer> + Send {
        Broken.call(event)
    }

    fn oversize(&self) -> Option<&Oversize> {
        Some(&self.0)
    }
}

#[test]
fn a_service_may_store_what_is_too_long() {
    let asked = event("GET", "/large", "*/*");
    let answer = answer_of(&Storing::new("text"), &asked, Options::default());
    assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!("GET /large: 2000000 bytes")));
    // HEAD has GET's answer without its body.
    let head = answer_of(&Storing::new("text"), &event("HEAD", "/large", "*/*"), Options::default());
    assert_eq!((&head["statusCode"], &head["body"]), (&json!(200), &json!("")));
    for (failing, status) in [("large", 500), ("late", 504), ("panic", 500)] {
        let answer = answer_of(&Storing::new(failing), &asked, Options::default());
        assert_eq!(answer["statusCode"], status, "{failing}");
        assert_eq!(header(&answer, "cache-control"), Some("no-store"), "{failing}");
    }
}
