//! From the answer of a function to the reply to the client: checks, dropped headers, added headers.

mod answer;
mod headers;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, Version, header};
use hyper::ext::ReasonPhrase;

pub(crate) use answer::{Answer, read};

use crate::refusal::SERVER;
use crate::rules::Rules;

/// The reply for the client, and what is worth a warning about it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) reason: Option<ReasonPhrase>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) warnings: Vec<String>,
    /// The function sent hop-by-hop headers and they were let through.
    pub(crate) hop_by_hop: bool,
}

/// Makes the reply to a request out of an answer that is in order (rules 5 to 7).
pub(crate) fn make(answer: Answer, method: &Method, rules: &Rules) -> Reply {
    let mut warnings = answer.warnings;
    let bodyless = matches!(answer.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    // The length of what GET would have got (RFC 9110 §8.6).
    let length_of_get = (method == Method::HEAD && answer.body.is_empty() && !bodyless)
        .then(|| headers::content_length(&answer.headers))
        .flatten();
    let (mut headers, hop_by_hop) = headers::make(answer.headers, rules, &mut warnings);
    if let Some(length) = length_of_get {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    if !headers.contains_key(header::CONTENT_TYPE) {
        if !answer.body.is_empty() && !answer.no_family {
            warnings.push(
                "the answer has a body and no content type; the client gets application/octet-stream".into(),
            );
        }
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/octet-stream"));
    }
    headers.entry(header::SERVER).or_insert(SERVER);
    let mut body = answer.body;
    if bodyless && !body.is_empty() {
        let status = answer.status.as_u16();
        warnings.push(format!("the answer has a body of {} bytes, and a {status} has none", body.len()));
    }
    if bodyless {
        body = Bytes::new();
    }
    if method == Method::HEAD && !body.is_empty() {
        warnings.push(format!("the answer to HEAD has a body of {} bytes; it is not sent", body.len()));
    }
    Reply { status: answer.status, reason: answer.reason, headers, body, warnings, hop_by_hop }
}

impl Reply {
    /// Makes the message to the client, before its `framing`.
    pub(crate) fn into_response(self, version: Version) -> Response<Bytes> {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let (Some(reason), false) = (self.reason, version == Version::HTTP_2) {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::rules::Scheme;

    /// What the terminal says of an answer.
    fn warnings(method: &Method, answer: &str) -> Vec<String> {
        let rules = Rules::new(&Options::new(["function"]), Scheme::Https, 443);
        make(read(answer.as_bytes(), false).unwrap(), method, &rules).warnings
    }

    #[test]
    fn nothing_to_warn_of() {
        for answer in [
            r#"{"statusCode":200}"#,
            r#"{"statusCode":200,"headers":{}}"#,
            r#"{"statusCode":200,"headers":{},"body":""}"#,
            r#"{"statusCode":200,"headers":{"content-type":"text/plain"},"multiValueHeaders":{},"body":"x"}"#,
            r#"{"statusCode":200,"statusDescription":"200 OK","body":"x"}"#,
            r#"{"statusCode":204,"headers":{},"body":""}"#,
            r#"{"statusCode":304}"#,
        ] {
            assert_eq!(warnings(&Method::GET, answer), [""; 0], "{answer}");
        }
        for answer in [r#"{"statusCode":200,"body":""}"#, r#"{"statusCode":204,"body":""}"#] {
            assert_eq!(warnings(&Method::HEAD, answer), [""; 0], "{answer}");
        }
    }

    #[test]
    fn one_warning_each() {
        for (method, answer, words) in [
            (Method::GET, r#"{"statusCode":200,"headers":{},"body":"x"}"#, "no content type"),
            (Method::GET, r#"{"statusCode":204,"body":"x"}"#, "a body of 1 bytes, and a 204 has none"),
            (Method::GET, r#"{"statusCode":304,"body":"x"}"#, "a body of 1 bytes, and a 304 has none"),
            (Method::HEAD, r#"{"statusCode":200,"body":"x"}"#, "HEAD has a body of 1 bytes"),
            (Method::HEAD, r#"{"statusCode":204,"body":"x"}"#, "a 204 has none"),
            (Method::GET, r#"{"statusCode":200,"multiValueHeaders":{}}"#, "has `multiValueHeaders`"),
            (Method::GET, r#"{"statusCode":200,"headers":{"TE":"x","a":"b"}}"#, "the header `te`"),
            (Method::GET, r#"{"statusCode":200,"statusDescription":"OK"}"#, "`statusDescription` is \"OK\""),
        ] {
            let warnings = warnings(&method, answer);
            assert!(matches!(&warnings[..], [one] if one.contains(words)), "{answer}: {warnings:?}");
        }
        let long = |length: usize| {
            let answer = r#"{"statusCode":200,"headers":{"content-type":"text/plain"},"body":""}"#;
            let body = "a".repeat(length - answer.len());
            warnings(&Method::GET, &answer.replace(r#""body":"""#, &format!(r#""body":"{body}""#)))
        };
        assert_eq!(long(1_000_000), [""; 0]);
        assert!(matches!(&long(1_000_001)[..], [one] if one.contains("has 1000001 bytes of JSON")));
        assert_eq!(long(1024 * 1024).len(), 1);
    }
}
