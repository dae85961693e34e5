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
fn families(headers: &[(&str, &str)]) -> [(EventSource, Value); 7] {
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
