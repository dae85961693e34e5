//! Events of VPC Lattice, in both versions. The fixtures are those of the crate `aws_lambda_events`.

use bytes::Bytes;
use carafe_lambda::{Context, Event, EventSource};
use serde_json::{Value, json};

use crate::support::Function;
use crate::support::events::body;

pub(crate) const V1: &str = include_str!("fixtures/vpc_lattice/v1-request.json");
pub(crate) const V2: &str = include_str!("fixtures/vpc_lattice/v2-request.json");
const BASE64: &str = include_str!("fixtures/vpc_lattice/v2-request-base64.json");
const ROLES_ANYWHERE: &str = include_str!("fixtures/vpc_lattice/v2-request-roles-anywhere.json");

fn read(event: &str) -> Event {
    Event::from_payload(Bytes::from(event.to_owned()), Context::default()).expect("a request")
}

fn changed(event: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut event: Value = serde_json::from_str(event).expect("JSON");
    change(&mut event);
    event.to_string()
}

#[test]
fn version_1() {
    let event = read(V1);
    assert_eq!((event.method().as_str(), event.raw_path()), ("POST", "/api/product"));
    assert_eq!(event.source(), EventSource::Lattice);
    let query: Vec<_> = event.query().collect();
    assert_eq!(query, [("category", "electronics"), ("sort", "price"), ("limit", "10"), ("tags", "tv")]);
    assert_eq!(event.raw_query(), "category=electronics&sort=price&limit=10&tags=tv");
    assert_eq!(event.header("multi"), Some("abcd, DEF"), "joined values stay joined");
    assert_eq!(event.header_values("multi").count(), 1);
    assert_eq!(&event.body()[..], br#"{"id": 5, "description": "TV"}"#);
    assert_eq!(event.client_ip(0).map(|address| address.to_string()).as_deref(), Some("10.0.2.100"));
    assert_eq!(event.caller().count(), 0);

    let binary = changed(V1, |event| {
        event["body"] = json!("/wA=");
        event["is_base64_encoded"] = json!(true);
    });
    assert_eq!(&read(&binary).body()[..], b"\xff\0");
}

#[test]
fn version_1_may_have_the_query_in_its_path() {
    for (path, parameters, raw_path, raw_query) in [
        ("/a%20b?q=x+y&t=1&t=2", json!({"q": "x y", "t": "2"}), "/a%20b", "q=x+y&t=1&t=2"),
        ("/a?", json!({}), "/a", ""),
        ("/a", json!(null), "/a", ""),
        ("/a?x=?", json!({"x": "?"}), "/a", "x=?"),
        // Elsewhere the parameters are decoded, and encoded again here.
        ("/a", json!({"q": "x y&z", "ü": "100%"}), "/a", "q=x%20y%26z&%C3%BC=100%25"),
    ] {
        let event = changed(V1, |event| {
            event["raw_path"] = json!(path);
            event["query_string_parameters"] = parameters;
            // Not a field of theirs.
            event["rawQueryString"] = json!("no=1");
        });
        let event = read(&event);
        assert_eq!((event.raw_path(), &*event.raw_query()), (raw_path, raw_query), "{path}");
    }
}

#[test]
fn version_2() {
    let event = read(V2);
    assert_eq!((event.method().as_str(), event.raw_path()), ("GET", "/health"));
    assert_eq!(event.source(), EventSource::Lattice);
    assert!(!event.is_health_check());
    let query: Vec<_> = event.query().collect();
    assert_eq!(query, [("state", "prod"), ("multi", "a"), ("multi", "DEF"), ("multi", "g")]);
    assert_eq!(event.header_values("multi").collect::<Vec<_>>(), ["x", "y"]);
    assert!(event.body().is_empty());

    let event = read(BASE64);
    assert_eq!(event.header("content-encoding"), Some("gzip"));
    assert!(event.body().starts_with(b"\x1f\x8b"));
}

#[test]
fn the_caller_is_kept() {
    let caller = |event: &str| {
        let event = read(event);
        event.caller().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let seen = caller(ROLES_ANYWHERE);
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "serviceNetworkArn",
        "serviceArn",
        "targetGroupArn",
        "sourceVpcArn",
        "type",
        "principal",
        "principalOrgID",
        "sessionName",
        "x509IssuerOu",
        "x509SanDns",
        "x509SanNameCn",
        "x509SanUri",
        "x509SubjectCn",
    ];
    assert_eq!(names, expected);
    assert_eq!(seen[5].1, "arn:aws:iam::123456789012:role/ExternalPartnerAccessRole");
    // API Gateway has other fields of such names.
    let rest = json!({
        "resource": "/", "path": "/", "httpMethod": "GET", "headers": {},
        "requestContext": {"stage": "prod", "identity": {"sourceIp": "203.0.113.9", "principalOrgId": "o-1", "user": "u"}},
    });
    assert_eq!(caller(&rest.to_string()), []);
}

#[test]
fn it_is_told_from_an_http_api_by_two_marks() {
    let http_api = json!({
        "version": "2.0", "rawPath": "/x", "rawQueryString": "", "headers": {},
        "requestContext": {"domainName": "x.execute-api.eu-west-1.amazonaws.com", "http": {"method": "GET"}},
    });
    let of = |change: fn(&mut Value)| read(&changed(&http_api.to_string(), change)).source();
    assert_eq!(of(|_| ()), EventSource::ApiGatewayHttp);
    assert_eq!(of(|event| event["method"] = json!("GET")), EventSource::ApiGatewayHttp);
    let network = |event: &mut Value| event["requestContext"]["serviceNetworkArn"] = json!("arn");
    assert_eq!(of(network), EventSource::ApiGatewayHttp);
    let both: fn(&mut Value) = |event| {
        event["requestContext"]["serviceNetworkArn"] = json!("arn");
        event["method"] = json!("GET");
        event["path"] = json!("/y");
    };
    assert_eq!(of(both), EventSource::Lattice);
    let balancer = changed(V2, |event| event["requestContext"]["elb"] = json!({}));
    let error = Event::from_payload(Bytes::from(balancer), Context::default()).unwrap_err();
    assert!(error.to_string().contains("httpMethod"), "a load balancer's mark comes first: {error}");
}

#[test]
fn broken_requests_are_known_as_its_own() {
    for (change, field) in [
        ((|event| event["method"] = json!("G T")) as fn(&mut Value), "method"),
        (|event| event["path"] = json!(null), "path"),
        (|event| (event["body"], event["isBase64Encoded"]) = (json!("?"), json!(true)), "body"),
        (|event| event["method"] = json!(null), "method"),
        (|event| event["method"] = json!(["GET"]), "method"),
    ] {
        let mut events = vec![V2];
        if field == "method" {
            events.push(V1);
        }
        for event in events {
            let error =
                Event::from_payload(Bytes::from(changed(event, change)), Context::default()).unwrap_err();
            assert!(!error.is_foreign() && error.to_string().contains(field), "{error}");
            assert_eq!(error.event_source(), EventSource::Lattice);
        }
    }
}

#[test]
fn one_without_a_method_is_a_400_and_not_for_the_function() {
    for variables in [&[][..], &[("MIRROR_EVENTS", "1")][..]] {
        let function = Function::with(variables);
        for event in [V1, V2] {
            let answer = function.invoke(changed(event, |event| event["method"] = json!(null))).answer();
            assert_eq!(answer["statusCode"], 400);
        }
    }
}

#[test]
fn the_answer_has_single_headers() {
    let function = Function::start();
    for event in [V1, V2, BASE64, ROLES_ANYWHERE] {
        // Where the mirror does not answer with what it saw.
        let posted = function.invoke(event.replace("\"/health\"", "\"/a\""));
        assert_eq!(posted.seen()["source"], "Lattice");
        let answer = posted.answer();
        let mut fields: Vec<&String> = answer.as_object().expect("fields").keys().collect();
        fields.sort_unstable();
        assert_eq!(fields, ["body", "headers", "isBase64Encoded", "statusCode"]);
        assert_eq!(answer["headers"]["content-type"], "application/json");
    }
    let wanted = json!({"headers": [["set-cookie", "a=1"], ["set-cookie", "b=2"], ["vary", "a"], ["vary", "b"]],
        "bytes": [255, 0]});
    for (event, path) in [(V1, "raw_path"), (V2, "path")] {
        let event = changed(event, |event| {
            event[path] = json!("/reply");
            event["body"] = json!(wanted.to_string());
        });
        let answer = function.invoke(event).answer();
        assert_eq!((&answer["isBase64Encoded"], body(&answer)), (&json!(true), vec![255, 0]));
        let headers = answer["headers"].as_object().expect("headers");
        let cookies = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let mut cookies: Vec<_> = cookies.map(|(_, value)| value.as_str().expect("text")).collect();
        cookies.sort_unstable();
        assert_eq!(cookies, ["a=1", "b=2"]);
        assert_eq!(headers["vary"], "a, b");
    }
    // One that cannot be read is answered in its own family, too.
    let answer = function.invoke(changed(V2, |event| event["path"] = json!(null))).answer();
    assert_eq!((&answer["statusCode"], answer.get("multiValueHeaders")), (&json!(400), None));
}
