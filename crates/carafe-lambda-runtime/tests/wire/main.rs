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
    pub(crate) mod mirror;
    mod panics;
    mod paths;
    mod properties;
    mod refusals;
    mod runtime;
    mod sources;
    pub(crate) mod support;
    mod trip;
    mod unreadable;
}

use carafe_lambda_runtime::run;
use suite::{after, mirror, support};
use support::rows::RunLoop;

/// The loop under test.
const RUN_LOOP: RunLoop = RunLoop::Aws;

/// The defects that show.
const DEFECTS: &[u8] = &[];
