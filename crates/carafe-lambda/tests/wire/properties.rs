//! Whatever comes in and goes out: request → event → request loses nothing, and every answer passes the checker.

use bytes::Bytes;
use carafe_lambda::{
    Answer, Context, Event as LambdaEvent, EventSource, HeaderMode, Options, Service, respond,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};

use crate::support::checker::check;
use crate::support::events::{Event, MODES, Mode, body, header};

/// Gives every request the same answer.
struct Same(Answer);

impl Service for Same {
    async fn call(&self, _: LambdaEvent) -> Answer {
        Answer::new(self.0.response.clone())
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec(("[a-z%\\[\\]=é+]{1,6}", "[ -~é世😀\t]{0,12}"), 0..6)
}

/// What a load balancer makes of pairs: sorted by name, and in single mode the last of each.
fn as_sent(pairs: &[(String, String)], mode: Mode) -> Vec<(String, String)> {
    let mut map = std::collections::BTreeMap::<&String, Vec<&String>>::new();
    for (name, value) in pairs {
        map.entry(name).or_default().push(value);
    }
    map.into_iter()
        .flat_map(|(name, values)| {
            let from = if mode == Mode::Single { values.len() - 1 } else { 0 };
            values.into_iter().skip(from).map(move |value| (name.clone(), value.clone()))
        })
        .collect()
}

proptest! {
    // What fails is shown; a file beside the tests would be one more thing to keep.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_request_survives_being_an_event(
        path in "/[ -~é世]{0,20}",
        query in pairs(),
        headers in vec(("x-[a-z]{1,8}", "[ -~é]{1,16}"), 0..8),
        content in vec(any::<u8>(), 0..200),
        binary in any::<bool>(),
    ) {
        for mode in MODES {
            let mut event = Event::get(&path).method("POST").bare();
            event.query.clone_from(&query);
            event.headers.clone_from(&headers);
            let text = String::from_utf8_lossy(&content).into_owned();
            event = if binary { event.binary(&content) } else { event.body(&text) };
            let request = LambdaEvent::from_payload(Bytes::from(event.bytes(mode)), Context::default())
                .map_err(|error| proptest::test_runner::TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(request.raw_path(), &path);
            let own = |pairs: Vec<(&str, &str)>| -> Vec<(String, String)> {
                pairs.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
            };
            prop_assert_eq!(own(request.query().collect()), as_sent(&query, mode));
            prop_assert_eq!(own(request.headers().collect()), as_sent(&headers, mode));
            let expected = if binary { &content[..] } else { text.as_bytes() };
            prop_assert_eq!(&request.body()[..], expected);
            let wanted = if mode == Mode::Single { HeaderMode::Single } else { HeaderMode::Multi };
            prop_assert_eq!(request.source(), EventSource::Alb(wanted));
            // And it can become an `http` request, whatever is in it.
            let http = request.clone().into_http().expect("there is room");
            prop_assert_eq!(http.body(), request.body());
        }
    }

    #[test]
    fn every_answer_passes_the_checker(
        status in 100_u16..1000,
        headers in vec(("[a-z-]{1,10}|set-cookie|vary|connection|content-length|content-type", vec(any::<u8>(), 0..20)), 0..12),
        content in vec(any::<u8>(), 0..400),
        repeat in 1_usize..4000,
        method in "GET|HEAD|POST",
    ) {
        let mut response = Response::new(Bytes::from(content.repeat(repeat)));
        *response.status_mut() = StatusCode::from_u16(status).expect("in range");
        for (name, value) in &headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_bytes(value)) {
                response.headers_mut().append(name, value);
            }
        }
        let service = Same(Answer::new(response.clone()));
        let options = Options::default().log_requests(false);
        for mode in MODES {
            let event = Bytes::from(Event::get("/").method(&method).bytes(mode));
            let outcome = block_on(respond(&service, event, Context::default(), &options));
            let document = outcome.answer.expect("an answer");
            let answer = check(&document, mode);
            // A 500 may also stand for an answer that was refused.
            let sent = answer["statusCode"] == status && status != 500;
            if sent && method != "HEAD" && status != 204 && status != 304 {
                prop_assert_eq!(body(&answer), &response.body()[..]);
            }
            if sent && mode == Mode::Multi {
                for name in ["vary", "x-a"] {
                    let count = response.headers().get_all(name).iter().count();
                    let named = response.headers().get_all("connection").iter().any(|value| {
                        String::from_utf8_lossy(value.as_bytes()).contains(name)
                    });
                    prop_assert!(named || header(&answer, mode, name).len() == count);
                }
            }
        }
    }

    #[test]
    fn no_bytes_at_all_cause_a_panic(event in vec(any::<u8>(), 0..300), wrapped in "[ -~]{0,60}") {
        let outcome = LambdaEvent::from_payload(Bytes::from(event), Context::default());
        if let Ok(request) = outcome {
            let shown = format!("{request:?}");
            prop_assert!(shown.contains("raw_path"));
        }
        let event = format!("{{\"requestContext\":{{\"elb\":{{}}}},\"httpMethod\":\"GET\",\"path\":\"/\",{wrapped}}}");
        let strict: Option<serde_json::Value> = serde_json::from_str(&event).ok();
        let outcome = LambdaEvent::from_payload(Bytes::from(event), Context::default());
        // What is JSON by the book is read here too.
        let overridden = wrapped.contains("httpMethod") || wrapped.contains("path") || wrapped.contains("requestContext");
        prop_assert!(strict.is_none() || overridden || outcome.is_ok() || wrapped.contains("body"));
    }
}
