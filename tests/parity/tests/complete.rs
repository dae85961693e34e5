//! All of the sample is there: each case is replayed by the test of its kind, and the page lists only cases there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use parity::{cases, kinds, listed, text_of};

/// As many as Bottle was observed in.
const CASES: usize = 383;

#[test]
fn every_case_is_replayed_once() {
    let mut ids = BTreeSet::new();
    for kind in kinds() {
        let test = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{kind}.rs"));
        let test =
            fs::read_to_string(test).unwrap_or_else(|_| panic!("no test replays the cases of kind {kind}"));
        assert!(test.contains(&format!("judge(\"{kind}\"")), "{kind}.rs replays nothing");
        for case in cases(&kind) {
            let id = text_of(&case["id"]).to_owned();
            assert!(id.starts_with(&format!("{kind}-")), "{id} among the cases of kind {kind}");
            assert!(ids.insert(id.clone()), "{id} twice");
        }
    }
    assert_eq!(ids.len(), CASES);
    // That a case is listed if it differs, and only then, is what the test of its kind says.
    let mut seen = BTreeSet::new();
    for id in listed() {
        assert!(ids.contains(&id), "docs/bottle.md lists {id}, but there is no such case");
        assert!(seen.insert(id.clone()), "docs/bottle.md lists {id} twice");
    }
}
