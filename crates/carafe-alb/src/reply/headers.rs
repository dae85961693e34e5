//! The headers of a reply (rules 5 and 6).

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::rules::Rules;

/// Headers that the load balancer makes anew.
const OWN: [&str; 2] = ["content-length", "transfer-encoding"];
/// Headers that belong to one connection (RFC 9110 §7.6.1).
const HOP_BY_HOP: [&str; 6] = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"];

/// Makes the headers for the client, and tells whether hop-by-hop headers are among them.
pub(super) fn make(
    answer: Vec<(String, Vec<HeaderValue>)>,
    rules: &Rules,
    warnings: &mut Vec<String>,
) -> (HeaderMap, bool) {
    let mut headers = HeaderMap::new();
    let mut hop_by_hop = false;
    for (spelling, mut values) in answer {
        let Ok(name) = HeaderName::from_bytes(spelling.as_bytes()) else { continue };
        if OWN.contains(&name.as_str()) {
            continue;
        }
        if HOP_BY_HOP.contains(&name.as_str()) {
            warnings.push(format!(
                "the answer has the header `{name}`, which a load balancer may let through: HTTP/2 clients break on it"
            ));
            if !rules.hop_by_hop {
                continue;
            }
            hop_by_hop = true;
        }
        if rules.multi_value_headers && rules.reverse_headers {
            values.reverse();
        }
        for value in values {
            headers.append(name.clone(), value);
        }
    }
    (headers, hop_by_hop)
}

/// Returns the length that an answer states, if it states one and no other.
pub(super) fn content_length(answer: &[(String, Vec<HeaderValue>)]) -> Option<u64> {
    let stated = answer.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut stated = stated.flat_map(|(_, values)| values);
    let first = stated.next()?;
    let digits = first.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    stated.all(|other| other == first).then(|| digits.parse().ok()).flatten()
}
