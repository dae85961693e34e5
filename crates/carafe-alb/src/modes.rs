//! Differences between the replies of the two header modes.

use http::HeaderName;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, VARY,
};

use crate::refusal::Refusal;
use crate::reply::Reply;

type Outcome = Result<Reply, Refusal>;

/// Describes each difference in a sentence. `multi` is the mode of the first outcome.
pub(crate) fn difference(first: &Outcome, second: &Outcome, multi: bool) -> Vec<String> {
    let (single, multiple) = if multi { (second, first) } else { (first, second) };
    let mut differences = Vec::new();
    let mut differ = |what: &str, in_single: String, in_multi: String| {
        if in_single != in_multi {
            differences
                .push(format!("{what} is {in_single} with single values and {in_multi} with multiple"));
        }
    };
    let (Ok(single), Ok(multiple)) = (single, multiple) else {
        differ("the outcome", outcome(single), outcome(multiple));
        return differences;
    };
    differ("the status", single.status.to_string(), multiple.status.to_string());
    for name in single
        .headers
        .keys()
        .chain(multiple.headers.keys().filter(|&name| !single.headers.contains_key(name)))
    {
        differ(&format!("the header `{name}`"), values(single, name), values(multiple, name));
    }
    if single.body != multiple.body {
        differences.push(format!(
            "the body has {} bytes with single values and {} other bytes with multiple",
            single.body.len(),
            multiple.body.len()
        ));
    }
    differences
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Ok(reply) => reply.status.as_u16().to_string(),
        Err(refusal) => format!("{} ({}: {})", refusal.status, refusal.reason.as_str(), refusal.why),
    }
}

/// Headers that are sets of names in any letter case: how they are split over lines and sorted does not matter.
const SETS: [HeaderName; 3] = [VARY, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS];
/// Headers that are sets of methods, whose letter case matters.
const SETS_OF_METHODS: [HeaderName; 2] = [ALLOW, ACCESS_CONTROL_ALLOW_METHODS];

/// Returns the values of a header in a fixed order: a load balancer does not keep the one they had.
fn values(reply: &Reply, name: &HeaderName) -> String {
    let values = reply.headers.get_all(name).iter();
    let mut values: Vec<_> =
        values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    let any_case = SETS.contains(name);
    let is_set = any_case || SETS_OF_METHODS.contains(name);
    if is_set {
        let members = values.iter().flat_map(|value| value.split(','));
        let members = members.map(str::trim).filter(|member| !member.is_empty());
        values = members
            .map(|member| if any_case { member.to_ascii_lowercase() } else { member.to_owned() })
            .collect();
    }
    values.sort_unstable();
    if is_set {
        values.dedup();
    }
    if values.is_empty() { "missing".to_owned() } else { format!("{values:?}") }
}
