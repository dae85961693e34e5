//! What an event tells, without a run loop.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

use bytes::Bytes;
use carafe_lambda::{Context, Event, EventSource, HeaderMode};
use serde_json::{Map, Value, json};

fn read(event: &Value) -> Event {
    Event::from_payload(Bytes::from(event.to_string()), Context::default()).expect("an HTTP event")
}

/// Returns an event of each front door and header family, with these headers.
fn families(headers: &[(&str, &str)]) -> [(EventSource, Value); 9] {
    let single: Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).into(), json!(value))).collect();
    let multi: Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).into(), json!([value]))).collect();
    let alb = json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/x"});
    let rest =
        json!({"resource": "/x", "requestContext": {"stage": "prod"}, "httpMethod": "GET", "path": "/x"});
    let version_2 = |domain: &str| {
        json!({"version": "2.0", "rawPath": "/x",
        "requestContext": {"http": {"method": "GET"}, "domainName": domain}})
    };
    let lattice = json!({"version": "2.0", "path": "/x", "method": "GET",
        "requestContext": {"serviceNetworkArn": "arn"}});
    let with = |mut event: Value, families: &[(&str, &Map<String, Value>)]| {
        for (name, map) in families {
            event[name] = Value::Object((*map).clone());
        }
        event
    };
    let (one, many) = (("headers", &single), ("multiValueHeaders", &multi));
    [
        (EventSource::Alb(HeaderMode::Single), with(alb.clone(), &[one])),
        (EventSource::Alb(HeaderMode::Multi), with(alb.clone(), &[many])),
        (EventSource::Alb(HeaderMode::Both), with(alb, &[one, many])),
        (EventSource::ApiGatewayRest, with(rest.clone(), &[one, many])),
        (EventSource::ApiGatewayRest, with(rest, &[one])),
        (EventSource::ApiGatewayHttp, with(version_2("api.example.com"), &[one])),
        (EventSource::FunctionUrl, with(version_2("x.lambda-url.eu-west-1.on.aws"), &[one])),
        (EventSource::Lattice, with(json!({"raw_path": "/x", "method": "GET"}), &[one])),
        (EventSource::Lattice, with(lattice, &[("headers", &multi)])),
    ]
}

#[test]
fn the_letter_case_of_header_names_does_not_matter() {
    let values = [
        ("content-type", "application/json"),
        ("cookie", "a=1"),
        ("host", "app.example.com"),
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-proto", "http"),
        ("accept", "text/html"),
        ("authorization", "Bearer z"),
        ("if-modified-since", "Sat, 01 Jan 2022 00:00:00 GMT"),
        ("x", "y"),
    ];
    let capital = |name: &str| {
        let words = name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
        words.collect::<Vec<_>>().join("-")
    };
    let spellings: [fn(&str) -> String; 2] = [str::to_owned, str::to_uppercase];
    for spelling in spellings.into_iter().chain([capital as fn(&str) -> String]) {
        let spelled: Vec<(String, &str)> =
            values.iter().map(|(name, value)| (spelling(name), *value)).collect();
        let headers: Vec<(&str, &str)> =
            spelled.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        for (source, event) in families(&headers) {
            let event = read(&event);
            assert_eq!(event.source(), source);
            for (name, value) in values {
                for wanted in [name.to_owned(), name.to_uppercase(), capital(name)] {
                    assert_eq!(event.header(&wanted), Some(value), "{source:?} {wanted}");
                    assert_eq!(event.header_bytes(&wanted), Some(value.as_bytes()), "{source:?} {wanted}");
                    assert_eq!(
                        event.header_values(&wanted).collect::<Vec<_>>(),
                        [value],
                        "{source:?} {wanted}"
                    );
                }
            }
            assert_eq!(event.host(), Some("app.example.com"));
            assert_eq!(event.scheme(), Some("http"));
            assert_eq!(event.client_ip(0).map(|ip| ip.to_string()).as_deref(), Some("203.0.113.7"));
            let mut names: Vec<&str> = event.headers().map(|(name, _)| name).collect();
            names.sort_unstable();
            let mut expected = values.map(|(name, _)| name);
            expected.sort_unstable();
            assert_eq!(names, expected, "{source:?}");
            let http = event.into_http().expect("room");
            assert_eq!(http.headers()["content-type"], "application/json");
        }
        let built =
            headers.iter().fold(Event::builder(), |builder, (name, value)| builder.header(name, value));
        assert_eq!(built.build().header("Content-Type"), Some("application/json"));
    }
}

#[test]
fn several_values_are_found_in_any_letter_case() {
    let event = read(&json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/",
        "multiValueHeaders": {"X-Forwarded-For": ["6.6.6.6", "203.0.113.7"], "Accept": ["a/b", "c/d"],
            "COOKIE": ["a=1", "b=2"]}}));
    assert_eq!(event.header("X-FORWARDED-FOR"), Some("203.0.113.7"), "the load balancer's own is the last");
    assert_eq!(event.header("ACCEPT"), Some("a/b"));
    assert_eq!(event.header_values("ACCEPT").collect::<Vec<_>>(), ["a/b", "c/d"]);
    assert_eq!(event.header_values("Cookie").collect::<Vec<_>>(), ["a=1; b=2"]);
    let single = read(&json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/",
        "headers": {"cookie": "a=1", "Cookie": "b=2"}}));
    assert_eq!(single.header("cookie"), Some("b=2; a=1"), "sorted by the test's JSON");
}

#[test]
fn health_checks_are_known_in_any_letter_case() {
    for (name, agent, check) in [
        ("User-Agent", "ELB-HealthChecker/2.0", true),
        ("user-agent", "ELB-HealthChecker/2.0", true),
        ("User-Agent", "curl/8.7.1", false),
        ("X-User-Agent", "ELB-HealthChecker/2.0", false),
    ] {
        for (source, event) in families(&[(name, agent)]) {
            let wanted = check && matches!(source, EventSource::Alb(_));
            assert_eq!(read(&event).is_health_check(), wanted, "{source:?} {name} {agent}");
        }
        let two = json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/",
            "headers": {name: agent, "Host": "x"}});
        assert!(!read(&two).is_health_check(), "a health check has one header");
    }
}

#[test]
fn cookies_beside_the_headers_are_found() {
    let event = json!({"version": "2.0", "rawPath": "/", "cookies": ["a=1", "b=2"], "headers": {"Host": "x"},
        "requestContext": {"http": {"method": "GET"}, "domainName": "api.example.com"}});
    assert_eq!(read(&event).header("Cookie"), Some("a=1; b=2"));
}

/// Returns the event of an HTTP API in payload format 2.0, of one in format 1.0, and of a REST API.
fn api_events(domain: &str, stage: &str, path: &str) -> [Value; 3] {
    let context = json!({"domainName": domain, "stage": stage, "path": path});
    let mut version_2 = context.clone();
    version_2["http"] = json!({"method": "GET", "path": path});
    let rest = json!({"resource": "/x/{id}", "httpMethod": "GET", "path": path, "requestContext": context});
    let mut version_1 = rest.clone();
    version_1["version"] = json!("1.0");
    let version_2 = json!({"version": "2.0", "rawPath": path, "requestContext": version_2});
    [version_2, version_1, rest]
}

#[test]
fn a_stage_in_front_of_a_path_is_not_part_of_it() {
    for domain in ["abc.execute-api.eu-west-1.amazonaws.com", "api.example.com", ""] {
        for (stage, path, expected) in [
            ("prod", "/prod", "/"),
            ("prod", "/prod/", "/"),
            ("prod", "/prod/users/7", "/users/7"),
            ("prod", "/prod/users/", "/users/"),
            ("prod", "/prod//users", "//users"),
            ("prod", "/prod/prod/x", "/prod/x"),
            // With an API mapping, whose key is not in the path.
            ("v1_beta-2", "/v1_beta-2/users", "/users"),
            // Not a whole segment, not the first, not in that letter case.
            ("prod", "/production/x", "/production/x"),
            ("prod", "/prod.html", "/prod.html"),
            ("prod", "/x/prod/y", "/x/prod/y"),
            ("prod", "/Prod/x", "/Prod/x"),
            ("prod", "prod/x", "prod/x"),
            ("prod", "/pro", "/pro"),
            ("prod", "/", "/"),
            // The stage that is never in a path.
            ("$default", "/$default/x", "/$default/x"),
            ("$default", "/prod/x", "/prod/x"),
            ("", "/prod/x", "/prod/x"),
            ("", "//x", "//x"),
        ] {
            let [version_2, version_1, rest] = api_events(domain, stage, path).map(|event| read(&event));
            assert_eq!(version_2.source(), EventSource::ApiGatewayHttp);
            assert_eq!(version_2.raw_path(), expected, "2.0: {domain} {stage} {path}");
            assert_eq!(version_1.source(), EventSource::ApiGatewayRest);
            assert_eq!(version_1.raw_path(), expected, "1.0: {domain} {stage} {path}");
            assert_eq!(rest.raw_path(), path, "a REST API has no stage in its path");
        }
    }
    // Function URLs have a stage, too, and none in their paths.
    let mut url = api_events("abc.lambda-url.eu-west-1.on.aws", "prod", "/prod/x")[0].clone();
    url["requestContext"]["stage"] = json!("prod");
    assert_eq!(read(&url).raw_path(), "/prod/x");
}

#[test]
fn the_path_of_an_http_api_is_encoded_again() {
    for (path, encoded) in [("/prod/a b/100%/é", "/a%20b/100%25/%C3%A9"), ("/prod/%41", "/%2541")] {
        let [version_2, version_1, rest] =
            api_events("api.example.com", "prod", path).map(|event| read(&event));
        assert_eq!((version_2.raw_path(), version_1.raw_path()), (encoded, encoded));
        assert_eq!(rest.raw_path(), path);
    }
}

fn alb(fields: &Value) -> Value {
    let mut event = json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/"});
    for (name, value) in fields.as_object().expect("fields") {
        event[name] = value.clone();
    }
    event
}

#[test]
fn the_header_mode_is_told_by_the_headers_else_by_the_query() {
    let (one, many) = (json!({"a": "1"}), json!({"a": ["1"]}));
    for (fields, mode) in [
        (json!({"headers": one}), HeaderMode::Single),
        (json!({"multiValueHeaders": many}), HeaderMode::Multi),
        (json!({"headers": one, "multiValueHeaders": many}), HeaderMode::Both),
        (json!({"headers": {}, "multiValueHeaders": null}), HeaderMode::Single),
        (json!({"headers": one, "multiValueQueryStringParameters": many}), HeaderMode::Single),
        (json!({"multiValueHeaders": many, "queryStringParameters": one}), HeaderMode::Multi),
        (json!({"queryStringParameters": one}), HeaderMode::Single),
        (json!({"multiValueQueryStringParameters": many}), HeaderMode::Multi),
        (json!({"queryStringParameters": one, "multiValueQueryStringParameters": many}), HeaderMode::Both),
        (json!({}), HeaderMode::Both),
    ] {
        assert_eq!(read(&alb(&fields)).source(), EventSource::Alb(mode), "{fields}");
    }
}

#[test]
fn a_front_door_is_known_by_its_fields() {
    let rest = EventSource::ApiGatewayRest;
    for (event, source) in [
        (json!({"httpMethod": "GET", "path": "/", "resource": "/"}), Some(rest)),
        (json!({"httpMethod": "GET", "path": "/", "requestContext": {"stage": "prod"}}), Some(rest)),
        (json!({"httpMethod": "GET", "path": "/", "requestContext": {"apiId": "x"}}), None),
        (json!({"httpMethod": "GET", "path": "/"}), None),
        (json!({"path": "/", "resource": "/"}), None),
        (json!({"httpMethod": "GET", "path": "/", "resource": "/", "methodArn": "arn"}), None),
        (
            json!({"version": "2.0", "rawPath": "/", "routeArn": "arn", "requestContext": {"http": {"method": "GET"}}}),
            None,
        ),
        (json!({"version": "2.0", "rawPath": "/", "requestContext": {"stage": "prod"}}), None),
        (json!({"version": "2", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}}), None),
        (
            json!({"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}}),
            Some(EventSource::ApiGatewayHttp),
        ),
        // The load balancer's mark comes before all others.
        (
            json!({"version": "2.0", "httpMethod": "GET", "path": "/", "resource": "/",
                "requestContext": {"elb": {}, "http": {"method": "GET"}, "stage": "prod"}}),
            Some(EventSource::Alb(HeaderMode::Both)),
        ),
    ] {
        let outcome = Event::from_payload(Bytes::from(event.to_string()), Context::default());
        assert_eq!(outcome.as_ref().ok().map(Event::source), source, "{event}");
        assert!(outcome.err().is_none_or(|error| error.is_foreign()), "{event}");
    }
    // A mark of VPC Lattice comes before those of a REST API, which calls its method otherwise.
    let event = json!({"httpMethod": "GET", "path": "/", "resource": "/", "raw_path": "/"});
    let broken =
        Event::from_payload(Bytes::from(event.to_string()), Context::default()).expect_err("no method");
    assert!(!broken.is_foreign() && broken.event_source() == EventSource::Lattice, "{broken}");
    let broken = Event::from_payload(Bytes::from_static(b"{"), Context::default()).expect_err("not JSON");
    assert!(!broken.is_foreign() && broken.to_string().contains("not JSON"), "{broken}");
    assert_eq!(broken.event_source(), EventSource::Alb(HeaderMode::Both));
}

#[test]
fn scheme_and_addresses() {
    let forwarded = [("x-forwarded-for", "6.6.6.6, 203.0.113.7"), ("x-forwarded-proto", "http")];
    for (source, mut event) in families(&forwarded) {
        if event["requestContext"].get("http").is_some() {
            event["requestContext"]["http"]["sourceIp"] = json!("198.51.100.1");
        } else {
            event["requestContext"]["identity"] = json!({"sourceIp": "198.51.100.1", "user": "x"});
        }
        let event = read(&event);
        let seen = "198.51.100.1".parse().ok();
        assert_eq!((event.scheme(), event.peer()), (Some("http"), seen), "{source:?}");
        assert_eq!(event.client_ip(0), seen, "{source:?}");
        assert_eq!(event.client_ip(1), "6.6.6.6".parse().ok(), "{source:?}");
        assert_eq!(event.client_ip(2), None, "{source:?}");
    }
    for (source, event) in families(&[]) {
        let event = read(&event);
        let secure = matches!(source, EventSource::FunctionUrl | EventSource::ApiGatewayHttp);
        assert_eq!(event.scheme(), secure.then_some("https"), "{source:?}");
        assert_eq!((event.peer(), event.client_ip(0), event.host()), (None, None, None), "{source:?}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_in_short_and_long_events() {
    for long in [0, 20_000] {
        let fill = "x".repeat(long);
        let event = alb(&json!({"headers": {"x-a": "a@b", "x-b": "ü", "x@c": "1"}, "body": fill,
            "queryStringParameters": {"q": "@"}}));
        let bytes = event.to_string().into_bytes().into_iter();
        let bytes: Vec<u8> = bytes.map(|byte| if byte == b'@' { 0xff } else { byte }).collect();
        let event = Event::from_payload(Bytes::from(bytes), Context::default()).expect("an event");
        assert_eq!(event.header("x-a"), Some("a\u{fffd}b"));
        assert_eq!(event.header_bytes("x-a"), Some(&b"a\xffb"[..]));
        assert_eq!((event.header("x-b"), event.header_bytes("x-b")), (Some("ü"), Some("ü".as_bytes())));
        assert_eq!(event.header("x\u{fffd}c"), Some("1"));
        assert_eq!(event.query().collect::<Vec<_>>(), [("q", "\u{fffd}")]);
        assert_eq!(event.body().len(), long);
    }
}
