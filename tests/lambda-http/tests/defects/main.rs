//! The thirty-six defects of the usual codec (`docs/alb.md` §10), through `lambda_http::run(app.into_service()?)`: that codec
//! reads the events and writes the answers there, and this is which of them an app still meets.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

mod mirror;

#[path = "../../../../crates/carafe-lambda/tests/wire"]
mod suite {
    mod defects;
    pub(crate) mod support;
}

use suite::support;
use support::rows::RunLoop;

/// The loop under test.
const RUN_LOOP: RunLoop = RunLoop::Aws;

/// The defects that show. The guide lists them (`docs/guide/lambda_http.md`).
const DEFECTS: &[u8] = &[22];
