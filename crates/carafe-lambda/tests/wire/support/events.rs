//! Events in the shape a load balancer sends them, and what its answers mean.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// The two header modes.
pub const MODES: [Mode; 2] = [Mode::Single, Mode::Multi];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Single,
    Multi,
}

/// A request on its way to becoming an event.
#[derive(Clone, Debug)]
pub struct Event {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Value,
    pub base64: Value,
}

impl Event {
    pub fn get(path: &str) -> Event {
        Event {
            method: "GET".into(),
            path: path.into(),
            query: Vec::new(),
            headers: owned(&[
                ("accept", "*/*"),
                ("host", "app.example.com"),
                ("user-agent", "curl/8.7.1"),
                ("x-amzn-trace-id", "Root=1-6a5145a7-5c3686ff7df3149177a89157"),
                ("x-forwarded-for", "203.0.113.7"),
                ("x-forwarded-port", "443"),
                ("x-forwarded-proto", "https"),
            ]),
            body: json!(""),
            base64: json!(false),
        }
    }

    /// A request for the answer described.
    pub fn reply(wanted: &Value) -> Event {
        Event::get("/reply")
            .method("POST")
            .header("content-type", "application/json")
            .body(&wanted.to_string())
    }

    pub fn method(mut self, method: &str) -> Event {
        self.method = method.into();
        self
    }

    pub fn query(mut self, pairs: &[(&str, &str)]) -> Event {
        self.query = owned(pairs);
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Event {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Replaces what a header had.
    pub fn only(mut self, name: &str, values: &[&str]) -> Event {
        self.headers.retain(|(own, _)| own != name);
        self.headers.extend(values.iter().map(|value| (name.to_owned(), (*value).to_owned())));
        self
    }

    pub fn bare(mut self) -> Event {
        self.headers.clear();
        self
    }

    pub fn body(mut self, body: &str) -> Event {
        self.body = json!(body);
        self
    }

    pub fn binary(mut self, bytes: &[u8]) -> Event {
        self.body = json!(STANDARD.encode(bytes));
        self.base64 = json!(true);
        self
    }

    pub fn base64(mut self, body: &str) -> Event {
        self.body = json!(body);
        self.base64 = json!(true);
        self
    }

    /// The event, with sorted keys; in single mode the last of several values.
    pub fn value(&self, mode: Mode) -> Value {
        let mut event = json!({
            "requestContext": {"elb": {"targetGroupArn":
                "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/0123456789abcdef"}},
            "httpMethod": self.method,
            "path": self.path,
            "body": self.body,
            "isBase64Encoded": self.base64,
        });
        let (query, headers) = match mode {
            Mode::Single => ("queryStringParameters", "headers"),
            Mode::Multi => ("multiValueQueryStringParameters", "multiValueHeaders"),
        };
        event[query] = family(&self.query, mode);
        event[headers] = family(&self.headers, mode);
        event
    }

    /// The same as a function URL has it.
    pub fn function_url(&self) -> Value {
        let alb = self.value(Mode::Single);
        json!({
            "version": "2.0", "rawPath": self.path, "rawQueryString": "", "headers": alb["headers"],
            "requestContext": {"domainName": "abc.lambda-url.eu-west-1.on.aws", "http": {"method": self.method}},
            "body": self.body, "isBase64Encoded": self.base64,
        })
    }

    pub fn bytes(&self, mode: Mode) -> Vec<u8> {
        self.value(mode).to_string().into_bytes()
    }
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn family(pairs: &[(String, String)], mode: Mode) -> Value {
    let mut map = Map::new();
    for (name, value) in pairs {
        match mode {
            Mode::Single => {
                map.insert(name.clone(), json!(value));
            }
            Mode::Multi => {
                let values = map.entry(name.clone()).or_insert_with(|| json!([]));
                values.as_array_mut().expect("an array").push(json!(value));
            }
        }
    }
    Value::Object(map)
}

/// A value the function saw, by name, among `[[name, value], …]`.
pub fn all(pairs: &Value, name: &str) -> Vec<String> {
    let pairs = pairs.as_array().expect("pairs");
    pairs
        .iter()
        .filter(|pair| pair[0] == name)
        .map(|pair| pair[1].as_str().expect("text").to_owned())
        .collect()
}

/// The header lines a load balancer would send for an answer.
pub fn header_lines(answer: &Value, mode: Mode) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    match mode {
        Mode::Single => {
            for (name, value) in answer["headers"].as_object().expect("headers") {
                lines.push((name.clone(), value.as_str().expect("a string").to_owned()));
            }
        }
        Mode::Multi => {
            for (name, values) in answer["multiValueHeaders"].as_object().expect("multiValueHeaders") {
                for value in values.as_array().expect("an array") {
                    lines.push((name.clone(), value.as_str().expect("a string").to_owned()));
                }
            }
        }
    }
    lines
}

/// The values of one header, whatever the spelling of its name.
pub fn header(answer: &Value, mode: Mode, name: &str) -> Vec<String> {
    let lines = header_lines(answer, mode);
    lines.into_iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

/// The bytes of an answer's body.
pub fn body(answer: &Value) -> Vec<u8> {
    let body = answer["body"].as_str().expect("a body");
    if answer["isBase64Encoded"] == true { STANDARD.decode(body).expect("base64") } else { body.into() }
}
