//! One process answers every front door, in whatever order they call, each in its own family.

use serde_json::{Value, json};

use crate::lattice::{V1, V2};
use crate::support::Function;
use crate::support::events::{Event, Mode};

/// Makes the events of all front doors for one request, with what tells who is answered.
fn events(number: usize) -> Vec<(&'static str, String, &'static [&'static str])> {
    let path = format!("/{number}");
    let alb = |mode| Event::get(&path).value(mode);
    let rest = json!({
        "resource": "/{proxy+}", "path": path, "httpMethod": "GET", "headers": {"Host": "x"}, "body": null,
        "requestContext": {"stage": "prod", "identity": {"sourceIp": "203.0.113.9"}}, "isBase64Encoded": false,
    });
    let version_1 = json!({
        "version": "1.0", "resource": "/{proxy+}", "path": path, "httpMethod": "GET", "headers": {},
        "requestContext": {"stage": "$default"},
    });
    let version_2 = |domain: &str| {
        json!({
            "version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {},
            "requestContext": {"stage": "$default", "domainName": domain, "http": {"method": "GET"}},
        })
    };
    let lattice = |event: &str, name: &str| {
        let mut event: Value = serde_json::from_str(event).expect("JSON");
        event[name] = json!(path);
        event
    };
    let (single, multi) = (
        &["body", "headers", "isBase64Encoded", "statusCode", "statusDescription"],
        &["body", "isBase64Encoded", "multiValueHeaders", "statusCode", "statusDescription"],
    );
    let api: &[&str] = &["body", "cookies", "headers", "isBase64Encoded", "statusCode"];
    let gateway: &[&str] = &["body", "isBase64Encoded", "multiValueHeaders", "statusCode"];
    let network: &[&str] = &["body", "headers", "isBase64Encoded", "statusCode"];
    let all: [(&str, Value, &[&str]); 8] = [
        ("Alb(Single)", alb(Mode::Single), single),
        ("Alb(Multi)", alb(Mode::Multi), multi),
        ("ApiGatewayRest", rest, gateway),
        ("ApiGatewayRest", version_1, gateway),
        ("ApiGatewayHttp", version_2("x.execute-api.eu-west-1.amazonaws.com"), api),
        ("FunctionUrl", version_2("x.lambda-url.eu-west-1.on.aws"), api),
        ("Lattice", lattice(V1, "raw_path"), network),
        ("Lattice", lattice(V2, "path"), network),
    ];
    all.into_iter().map(|(source, event, fields)| (source, event.to_string(), fields)).collect()
}

#[test]
fn every_front_door_after_every_other() {
    let function = Function::with(&[("MIRROR_EVENTS", "1")]);
    let doors = events(0).len();
    let pairs = (0..doors).flat_map(|first| (0..doors).flat_map(move |second| [first, second]));
    for (number, place) in pairs.enumerate() {
        let (source, event, fields) = events(number).swap_remove(place);
        let posted = function.invoke(event);
        let seen = posted.seen();
        assert_eq!((&seen["source"], &seen["raw_path"]), (&json!(source), &json!(format!("/{number}"))));
        let mut names: Vec<String> = posted.answer().as_object().expect("fields").keys().cloned().collect();
        names.sort();
        assert_eq!(names, fields, "{source}");
        // And in between an event that is no request.
        let other = json!({"detail-type": "Scheduled Event", "number": number}).to_string();
        assert_eq!(String::from_utf8_lossy(&function.invoke(other.clone()).body), other);
    }
}

#[test]
fn all_front_doors_at_once() {
    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "3")]);
    let sent: Vec<_> = (0..8).flat_map(events).collect();
    for (_, event, _) in &sent {
        function.send_within(event.clone(), std::time::Duration::from_secs(30));
    }
    let mut seen: Vec<(String, Vec<String>)> = sent
        .iter()
        .map(|_| {
            let posted = function.posted();
            let seen = posted.seen();
            let mut names: Vec<String> =
                posted.answer().as_object().expect("fields").keys().cloned().collect();
            names.sort();
            (format!("{} {}", seen["source"], seen["raw_path"]), names)
        })
        .collect();
    let owned = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
    let mut expected: Vec<(String, Vec<String>)> = sent
        .iter()
        .enumerate()
        .map(|(place, (source, _, fields))| (format!("{source:?} \"/{}\"", place / 8), owned(fields)))
        .collect();
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}
