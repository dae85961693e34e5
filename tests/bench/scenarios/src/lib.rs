//! What is asked of every bootstrap: events as a load balancer sends them in multi-value mode, and the answers they must
//! get.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// One event and its right answer.
pub struct Scenario {
    pub name: &'static str,
    /// What it is, for the report.
    pub what: &'static str,
    pub event: Vec<u8>,
    pub expected: Expected,
    /// Half a megabyte costs a thousand times as much as a greeting; so fewer of them are enough.
    pub large: bool,
}

/// The body an answer must have.
pub enum Expected {
    Text(String),
    Bytes(Vec<u8>),
    Json(Value),
}

/// 14 headers of a browser and the 4 that the load balancer adds.
const HEADERS: [(&str, &str); 18] = [
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/png,*/*;q=0.8"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "de,en-US;q=0.7,en;q=0.3"),
    ("cookie", "sid=8b1d42c07f5e4a1c9f; lang=de; seen=intro%2Cnews"),
    ("dnt", "1"),
    ("host", "coffee.example.com"),
    ("priority", "u=0, i"),
    ("referer", "https://coffee.example.com/list?page=1"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-user", "?1"),
    ("upgrade-insecure-requests", "1"),
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"),
    ("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678"),
    ("x-forwarded-for", "203.0.113.9"),
    ("x-forwarded-port", "443"),
    ("x-forwarded-proto", "https"),
];

/// An event. `body` comes with its content type and whether the load balancer would encode it.
fn event(method: &str, path: &str, query: &[(&str, &[&str])], body: Option<(&str, &str, bool)>) -> Vec<u8> {
    let mut headers: Vec<(&str, String)> =
        HEADERS.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    if let Some((kind, text, _)) = body {
        headers.push(("content-type", kind.to_owned()));
        headers.push(("content-length", text.len().to_string()));
        headers.sort_unstable();
    }
    let headers: serde_json::Map<String, Value> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), json!([value]))).collect();
    let query: serde_json::Map<String, Value> =
        query.iter().map(|(name, values)| ((*name).to_owned(), json!(values))).collect();
    let (text, encoded) = match body {
        None => (String::new(), false),
        Some((_, text, false)) => (text.to_owned(), false),
        Some((_, text, true)) => (STANDARD.encode(text), true),
    };
    // The group's ARN is the documentation's example.
    let arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/lambda-279XGJDqGZ5rsrHC2Fjr/49e9d65c45c6791a";
    let fields = [
        ("requestContext", json!({"elb": {"targetGroupArn": arn}})),
        ("httpMethod", json!(method)),
        ("path", json!(path)),
        ("multiValueQueryStringParameters", Value::Object(query)),
        ("multiValueHeaders", Value::Object(headers)),
        ("body", json!(text)),
        ("isBase64Encoded", json!(encoded)),
    ];
    // In the load balancer's order, which a JSON map would not keep.
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(",")).into_bytes()
}

fn scenario(name: &'static str, what: &'static str, event: Vec<u8>, expected: Expected) -> Scenario {
    Scenario { name, what, large: matches!(name, "sink" | "big" | "bin"), event, expected }
}

/// All of them.
pub fn all() -> Vec<Scenario> {
    vec![hello(), query(), form(), order(), sink(), big(), bin()]
}

pub fn hello() -> Scenario {
    let expected = Expected::Text("Hello Ann!".to_owned());
    scenario("hello", "a greeting", event("GET", "/hello/Ann", &[], None), expected)
}

pub fn query() -> Scenario {
    let query: &[(&str, &[&str])] = &[("q", &["filter%20coffee"]), ("page", &["2"]), ("tag", &["a", "b+c"])];
    let expected = Expected::Json(json!({"q": "filter coffee", "page": 2, "tag": ["a", "b c"]}));
    scenario("query", "query parameters", event("GET", "/search", query, None), expected)
}

pub fn form() -> Scenario {
    let steps = "Rinse the paper.%0D%0APour 60+g%2C wait 30+s+%26+pour again.%0D%0A";
    let body = format!(
        "title=A+slow+pour&slug=a-slow-pour&author=Zo%C3%AB+M%C3%BCller&email=zoe%40example.com&category=brewing\
         &tags=filter%2Cpaper&summary=What+we+do+%26+why&body={}&published=true&rating=4.5",
        steps.repeat(4)
    );
    let expected = json!({
        "id": 1, "title": "A slow pour", "slug": "a-slow-pour", "author": "Zoë Müller", "email": "zoe@example.com",
        "category": "brewing", "tags": "filter,paper", "summary": "What we do & why",
        "body": "Rinse the paper.\r\nPour 60 g, wait 30 s & pour again.\r\n".repeat(4),
        "published": true, "rating": 4.5,
    });
    let body = Some(("application/x-www-form-urlencoded", &*body, true));
    scenario("form", "a form of ten fields", event("POST", "/posts", &[], body), Expected::Json(expected))
}

fn items(count: u32) -> Vec<Value> {
    let item = |number: u32| {
        json!({
            "sku": format!("BEAN-{number:04}"), "title": format!("Beans no. {number}, \"washed\""),
            "quantity": number % 4 + 1, "price": f64::from(number) + 0.75,
        })
    };
    (0..count).map(item).collect()
}

pub fn order() -> Scenario {
    let items = items(20);
    let tags = json!(["gold", "newsletter", "eu"]);
    let body = json!({
        "id": 7_654_321, "name": "Zoë Müller", "email": "zoe@example.com", "gift": true, "discount": 2.5,
        "tags": tags, "items": items, "note": "Ring twice.\nOr leave it next door.",
        "address": {"street": "Lange Straße 12", "city": "Dresden", "postcode": "01069", "country": "DE"},
    });
    let total: f64 = (0..20_u32).map(|number| f64::from(number % 4 + 1) * (f64::from(number) + 0.75)).sum();
    let expected = json!({
        "id": 7_654_321, "name": "Zoë Müller", "count": 20, "total": total, "tags": tags, "items": items,
    });
    let body = body.to_string();
    let event = event("POST", "/orders", &[], Some(("application/json", &body, false)));
    scenario("json", "a JSON order of 20 items", event, Expected::Json(expected))
}

pub fn sink() -> Scenario {
    // As many as make an event of 600 KB once their quotes are escaped.
    let body = Value::Array(items(5_500)).to_string();
    let expected = Expected::Text(body.len().to_string());
    let event = event("POST", "/sink", &[], Some(("application/json", &body, false)));
    scenario("sink", "600 KB in", event, expected)
}

pub fn big() -> Scenario {
    let expected = Expected::Text(work::big().to_owned());
    scenario("big", "500 KB of text out", event("GET", "/big", &[], None), expected)
}

pub fn bin() -> Scenario {
    let expected = Expected::Bytes(work::bin().to_vec());
    scenario("bin", "200 KB of bytes out", event("GET", "/bin", &[], None), expected)
}

impl Expected {
    /// Whether an answer is the right one: status 200, a content type, and this body.
    pub fn check(&self, answer: &[u8]) -> Result<(), String> {
        let answer: Value = serde_json::from_slice(answer).map_err(|error| format!("no JSON: {error}"))?;
        if answer["statusCode"] != 200 {
            return Err(format!("status {}", answer["statusCode"]));
        }
        if !answer["multiValueHeaders"]["content-type"][0].is_string() {
            return Err(format!("no content type in {}", answer["multiValueHeaders"]));
        }
        let body = answer["body"].as_str().ok_or("no body")?;
        let bytes = if answer["isBase64Encoded"] == true {
            STANDARD.decode(body).map_err(|error| error.to_string())?
        } else {
            body.as_bytes().to_vec()
        };
        let right = match self {
            Expected::Text(text) => bytes == text.as_bytes(),
            Expected::Bytes(expected) => bytes == *expected,
            Expected::Json(value) => serde_json::from_slice::<Value>(&bytes).is_ok_and(|body| body == *value),
        };
        let shown = &bytes[..bytes.len().min(200)];
        if right { Ok(()) } else { Err(format!("wrong body: {}", String::from_utf8_lossy(shown))) }
    }
}
