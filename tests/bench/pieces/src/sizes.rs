//! Much of one thing, and twice as much: the cost may double, and no more.

use std::fmt::Write as _;

use bytes::Bytes;
use carafe::{App, Plain, Request as CarafeRequest};
use carafe_lambda::{Options, respond};

use crate::{Visit, at_once, context};

/// An event with so many query parameters, bytes of headers, and a method.
fn event(path: &str, parameters: usize, headers: usize) -> Vec<u8> {
    let mut json = format!(
        r#"{{"requestContext":{{"elb":{{}}}},"httpMethod":"GET","path":"{path}","multiValueQueryStringParameters":{{"#
    );
    for number in 0..parameters {
        let _ = write!(json, r#"{}"p{number}":["a%20b"]"#, if number > 0 { "," } else { "" });
    }
    json.push_str(r#"},"multiValueHeaders":{"host":["a"]"#);
    // 64 bytes each.
    for number in 0..headers / 64 {
        let _ = write!(json, r#","x-filler-{number:05}":["{}"]"#, "v".repeat(48));
    }
    json.push_str(r#"},"body":"","isBase64Encoded":false}"#);
    json.into_bytes()
}

pub(crate) fn each(visit: &mut impl Visit) {
    let app = App::new()
        .route("GET", "/query", |request: &CarafeRequest| request.query("p1").unwrap_or_default().to_owned())
        .route("GET", "/headers", |request: &CarafeRequest| {
            request.header("x-filler-00001").map(str::to_owned)
        })
        .route("GET", "/quotes/<count>", |request: &CarafeRequest| {
            Plain(
                "\"".repeat(request.param("count").and_then(|count| count.parse().ok()).unwrap_or_default()),
            )
        });
    let app = carafe::__private::assembled(&app).expect("fits together");
    let options = Options::default();
    let mut piece = |name: &str, event: &[u8]| {
        let answer =
            at_once(respond(&app, event.to_vec().into(), context(), &options)).answer.expect("an answer");
        assert!(
            answer.starts_with(br#"{"statusCode":200"#),
            "{name}: {:?}",
            &answer[..answer.len().min(300)]
        );
        visit.piece(
            &format!("size: {name}"),
            || Bytes::from(event.to_vec()),
            |event| at_once(respond(&app, event, context(), &options)).answer.expect("an answer"),
        );
    };
    piece("5,000 parameters", &event("/query", 5_000, 0));
    piece("10,000 parameters", &event("/query", 10_000, 0));
    piece("32 KB of headers", &event("/headers", 0, 32 * 1024));
    piece("64 KB of headers", &event("/headers", 0, 64 * 1024));
    // Each takes two bytes in JSON, and a load balancer takes a million.
    piece("225,000 quotes", &event("/quotes/225000", 0, 0));
    piece("450,000 quotes", &event("/quotes/450000", 0, 0));
}
