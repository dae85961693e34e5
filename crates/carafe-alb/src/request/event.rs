//! The event, as JSON (rules 2, 5 and 7): one family of fields, in the order in which a load balancer has them.
//!
//! Written by hand, because `serde_json` writes text only: with [`InvalidUtf8::PassOn`] a header or a body that is not
//! UTF-8 goes into the event byte for byte, as one report says a load balancer does.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Request, body, headers, query};
use crate::TARGET_GROUP;
use crate::options::{EmptyBody, InvalidUtf8};
use crate::refusal::{Reason, Refusal};
use crate::rules::Rules;

/// Writes the event of a request.
pub(crate) fn write(request: &Request, rules: &Rules) -> Result<Vec<u8>, Refusal> {
    let base64 = body::as_base64(request, rules.empty_body);
    let body = if base64 {
        Cow::Owned(STANDARD.encode(&request.body).into_bytes())
    } else {
        Cow::Borrowed(&request.body[..])
    };
    let headers = headers::of(request, rules);
    if rules.invalid_utf8 == InvalidUtf8::Refuse {
        all_text(&headers, &body)?;
    }
    let fields = Fields {
        method: request.method.as_str(),
        path: request.uri.path(),
        query: query::split(request.uri.query().unwrap_or_default()),
        headers: headers
            .iter()
            .map(|(name, values)| (name.as_bytes(), values.iter().map(|value| &**value).collect()))
            .collect(),
        body: &body,
        base64,
    };
    Ok(fields.to_json(rules.multi_value_headers))
}

/// Writes the event of a health check: a path and one header.
pub(crate) fn health_check(target: &str, rules: &Rules) -> Vec<u8> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let agent: &[u8] = b"ELB-HealthChecker/2.0";
    let fields = Fields {
        method: "GET",
        path,
        query: query::split(query),
        headers: BTreeMap::from([(&b"user-agent"[..], vec![agent])]),
        body: b"",
        base64: rules.empty_body == EmptyBody::Base64,
    };
    fields.to_json(rules.multi_value_headers)
}

fn all_text(headers: &headers::Headers<'_>, body: &[u8]) -> Result<(), Refusal> {
    let broken =
        headers.iter().find(|(_, values)| values.iter().any(|value| std::str::from_utf8(value).is_err()));
    let what = match broken {
        Some((name, _)) => format!("the value of the header `{name}`"),
        None if std::str::from_utf8(body).is_err() => "the body, of a type that travels as text,".to_owned(),
        None => return Ok(()),
    };
    let why =
        format!("{what} is not UTF-8, which the JSON of an event cannot hold; the function was not called");
    Err(Refusal::bad_gateway(Reason::LambdaBadRequest, why))
}

type Map<'r> = BTreeMap<&'r [u8], Vec<&'r [u8]>>;

struct Fields<'r> {
    method: &'r str,
    path: &'r str,
    query: Map<'r>,
    headers: Map<'r>,
    body: &'r [u8],
    base64: bool,
}

impl Fields<'_> {
    fn to_json(&self, multi: bool) -> Vec<u8> {
        let mut json = Vec::with_capacity(1024 + self.body.len() + self.body.len() / 8);
        json.extend_from_slice(br#"{"requestContext":{"elb":{"targetGroupArn":"#);
        string(&mut json, TARGET_GROUP.as_bytes());
        json.extend_from_slice(br#"}},"httpMethod":"#);
        string(&mut json, self.method.as_bytes());
        json.extend_from_slice(br#","path":"#);
        string(&mut json, self.path.as_bytes());
        let (query, headers) = match multi {
            true => ("multiValueQueryStringParameters", "multiValueHeaders"),
            false => ("queryStringParameters", "headers"),
        };
        for (name, fields) in [(query, &self.query), (headers, &self.headers)] {
            json.push(b',');
            string(&mut json, name.as_bytes());
            json.push(b':');
            map(&mut json, fields, multi);
        }
        json.extend_from_slice(br#","body":"#);
        string(&mut json, self.body);
        json.extend_from_slice(br#","isBase64Encoded":"#);
        json.extend_from_slice(if self.base64 { b"true}" } else { b"false}" });
        json
    }
}

/// Writes an object with a string for each name, or with `multi` an array of strings.
fn map(json: &mut Vec<u8>, fields: &Map<'_>, multi: bool) {
    list(json, b"{}", fields, |json, (name, values)| {
        string(json, name);
        json.push(b':');
        if multi {
            list(json, b"[]", values, |json, value| string(json, value));
        } else {
            string(json, values.last().copied().unwrap_or_default());
        }
    });
}

/// Writes items between two brackets, with commas.
fn list<T>(
    json: &mut Vec<u8>,
    [open, close]: &[u8; 2],
    items: impl IntoIterator<Item = T>,
    mut item: impl FnMut(&mut Vec<u8>, T),
) {
    json.push(*open);
    for (index, value) in items.into_iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        item(json, value);
    }
    json.push(*close);
}

/// Writes a JSON string; bytes that are not UTF-8 stay as they are.
fn string(json: &mut Vec<u8>, text: &[u8]) {
    json.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
            b'\n' => json.extend_from_slice(b"\\n"),
            b'\r' => json.extend_from_slice(b"\\r"),
            b'\t' => json.extend_from_slice(b"\\t"),
            0..0x20 => json.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => json.push(byte),
        }
    }
    json.push(b'"');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::health_check;
    use crate::options::Options;
    use crate::rules::{Rules, Scheme};

    #[test]
    fn a_health_check_has_one_header() {
        let check = |multi, target| -> Value {
            let mut options = Options::new(["function"]);
            options.multi_value_headers = multi;
            let event = health_check(target, &Rules::new(&options, Scheme::Https, 443));
            serde_json::from_slice(&event).unwrap()
        };
        let elb = json!({"elb": {"targetGroupArn": crate::TARGET_GROUP}});
        let single = json!({
            "requestContext": elb, "httpMethod": "GET", "path": "/up", "queryStringParameters": {"a": "2", "b": ""},
            "headers": {"user-agent": "ELB-HealthChecker/2.0"}, "body": "", "isBase64Encoded": false,
        });
        assert_eq!(check(false, "/up?a=1&b&a=2"), single);
        let multi = json!({
            "requestContext": elb, "httpMethod": "GET", "path": "/", "multiValueQueryStringParameters": {},
            "multiValueHeaders": {"user-agent": ["ELB-HealthChecker/2.0"]}, "body": "", "isBase64Encoded": false,
        });
        assert_eq!(check(true, "/"), multi);
    }
}
