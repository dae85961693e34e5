//! The suite of carafe's own run loop over AWS's: the same files, and the same outcomes but for `support/rows.rs`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

#[path = "../../../carafe-lambda/tests/wire"]
mod suite {
    pub(crate) mod after;
    mod answers;
    mod bodies;
    mod defects;
    mod edges;
    mod headers;
    mod hostile;
    mod interleaved;
    pub(crate) mod lattice;
    pub(crate) mod mirror;
    pub(crate) mod other_events;
    mod panics;
    mod paths;
    mod properties;
    mod refusals;
    mod runtime;
    mod sources;
    pub(crate) mod start;
    pub(crate) mod support;
    mod trip;
    mod unreadable;
}

use carafe_lambda_runtime::run;
use suite::{after, lattice, mirror, other_events, start, support};
use support::rows::RunLoop;

/// The loop under test.
const RUN_LOOP: RunLoop = RunLoop::Aws;

/// The defects that show.
const DEFECTS: &[u8] = &[];

#[test]
fn no_file_of_the_suite_is_left_out() {
    let modules = |text: &str| -> Vec<String> {
        let names = text.lines().filter_map(|line| {
            let line = line.trim().trim_start_matches("pub(crate) ");
            Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
        });
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let own = include_str!("../../../carafe-lambda/tests/wire/main.rs");
    assert_eq!(modules(include_str!("main.rs")), modules(own));
}
