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
const DEFECTS: &[u8] = &[
    1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32,
    34, 35,
];

#[test]
fn the_guide_lists_them() {
    let page = include_str!("../../../../docs/guide/lambda_http.md");
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(' '));
    let listed: Vec<u8> = cells.filter_map(|(number, _)| number.parse().ok()).collect();
    assert_eq!(listed, DEFECTS);
}
