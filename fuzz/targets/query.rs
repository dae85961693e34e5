//! Any text as a query string: put together from its pairs and taken apart again, it is the same.
#![no_main]

use bytes::Bytes;
use carafe_lambda::{Context, Event};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    let direct = Event::builder().raw_query(query).build();
    let event = serde_json::json!({
        "version": "2.0", "rawPath": "/", "rawQueryString": query,
        "requestContext": {"http": {"method": "GET"}, "domainName": "x.lambda-url.eu-west-1.on.aws"}
    });
    let event = Bytes::from(event.to_string());
    let url = Event::from_payload(event, Context::default()).expect("a function URL's event");
    assert_eq!(direct.query().collect::<Vec<_>>(), url.query().collect::<Vec<_>>());
    assert_eq!(url.raw_query(), query);

    // A load balancer has no query string, only pairs: joined again they must mean the same.
    let pairs =
        direct.query().fold(Event::builder(), |builder, (key, value)| builder.query(key, value)).build();
    let joined = pairs.raw_query().into_owned();
    let again = Event::builder().raw_query(&joined).build();
    // `=` alone is a pair with nothing in it, and stays one.
    assert_eq!(pairs.query().count(), again.query().count());
    let _ = pairs.into_http();
});
