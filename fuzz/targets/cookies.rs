//! Any lines as `Set-Cookie` headers: each that counts leaves once, in both header modes. The same as a `Cookie`
//! header: read without a panic, and set again.
#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use carafe::testing::Client;
use carafe::{App, Cookies, get, routes};
use carafe_lambda::{Answer, Context, Event, Options, Service, respond};
use http::{HeaderValue, Response};
use libfuzzer_sys::fuzz_target;

/// Sets the cookies it is given.
struct Given(Vec<HeaderValue>);

impl Service for Given {
    async fn call(&self, _: Event) -> Answer {
        let mut response = Response::new(Bytes::new());
        for cookie in &self.0 {
            response.headers_mut().append("set-cookie", cookie.clone());
        }
        Answer::new(response)
    }
}

#[get("/")]
fn again(cookies: Cookies) -> String {
    let all: Vec<(String, String)> =
        cookies.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for (name, value) in &all {
        // Not every name that can be read can be set.
        let _ = cookies.set((name.clone(), value.clone()));
    }
    format!("{all:?}")
}

static CLIENT: LazyLock<Client> = LazyLock::new(|| App::new().routes(routes![again]).test());

fuzz_target!(|lines: &[u8]| {
    CLIENT.forget_cookies();
    let reply = CLIENT.get("/").header("cookie", &String::from_utf8_lossy(lines)).send();
    assert!(reply.refusal().is_some() || matches!(reply.status().as_u16(), 200 | 500), "{}", reply.text());
    let cookies: Vec<HeaderValue> =
        lines.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok()).collect();
    let last = cookies.last().cloned();
    let service = Given(cookies);
    let options = Options::default().log_requests(false);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut counts = Vec::new();
    for family in ["headers", "multiValueHeaders"] {
        let event =
            format!(r#"{{"requestContext":{{"elb":{{}}}},"httpMethod":"GET","path":"/","{family}":{{}}}}"#);
        let outcome = runtime.block_on(respond(&service, Bytes::from(event), Context::default(), &options));
        let answer: serde_json::Value = serde_json::from_slice(&outcome.answer.expect("an answer")).expect("JSON");
        if answer["statusCode"] == 500 {
            return;
        }
        let headers = answer[family].as_object().expect("headers");
        let values: Vec<&str> = headers
            .values()
            .flat_map(|value| match value {
                serde_json::Value::Array(values) => {
                    values.iter().filter_map(|value| value.as_str()).collect()
                }
                value => Vec::from_iter(value.as_str()),
            })
            .collect();
        if let Some(last) = &last {
            assert!(
                values.iter().any(|value| value.as_bytes() == last.as_bytes()),
                "the last one always counts"
            );
        }
        counts.push(values.len());
    }
    assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
});
