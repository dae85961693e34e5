//! What a handler reads of a request.

#![expect(clippy::indexing_slicing, reason = "all of this is a test, and one that cannot go on has to fail")]

use parity::{Verdict, judge, list_of, reading, same, send};
use serde_json::Value;

fn run(case: &Value) -> Verdict {
    let reads = list_of(&case["reads"]);
    let expected = list_of(&case["expect"]["values"]);
    same("as many values as reads", &reads.len(), &expected.len())?;
    reads.iter().zip(expected).try_for_each(|(what, expected)| {
        let seen = send(&reading::app(what), &case["request"], "*/*");
        reading::compare(what, &seen, expected)
    })
}

#[test]
fn requests() {
    judge("request", run);
}
