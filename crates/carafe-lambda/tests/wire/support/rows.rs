//! What differs between the two run loops: the rows of the table in `docs/runtime.md`, and nothing else. A test that meets
//! one asks [`differs`], and says what holds on AWS's loop instead.

use crate::RUN_LOOP;

/// The loop that a function runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunLoop {
    /// carafe's own.
    Carafe,
    /// That of `lambda_runtime`.
    Aws,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Address,
    Variables,
    MostAtATime,
    TraceVariable,
    ErrorHeader,
    Refused,
    ServerError,
    Gone,
    HalfArrived,
    HookFails,
    EventHeaders,
    BlockingPool,
}

/// Every row, by its first column.
pub const ROWS: [(Row, &str); 12] = [
    (Row::Address, "address with a path and without `http://`"),
    (Row::Variables, "variables that must be there"),
    (Row::MostAtATime, "`AWS_LAMBDA_MAX_CONCURRENCY` that is not a number up to 1,024"),
    (Row::TraceVariable, "`_X_AMZN_TRACE_ID`"),
    (Row::ErrorHeader, "header of a failed invocation"),
    (Row::Refused, "answer that Lambda refuses (4xx)"),
    (Row::ServerError, "answer that Lambda fails on (5xx)"),
    (Row::Gone, "Runtime API that is gone, with concurrency"),
    (Row::HalfArrived, "SIGTERM while an event arrives"),
    (Row::HookFails, "hook that fails before the snapshot or after it"),
    (
        Row::EventHeaders,
        "client context or Cognito identity that is not as Lambda's clients write it; no deadline",
    ),
    (Row::BlockingPool, "512 pieces of blocking work at a time, with concurrency"),
];

/// Tells whether the loop under test is the one that a row is about.
pub fn differs(row: Row) -> bool {
    assert!(ROWS.iter().any(|(listed, _)| *listed == row), "{row:?} is not listed");
    RUN_LOOP == RunLoop::Aws
}

#[test]
fn the_table_has_these_rows_and_no_others() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/runtime.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let (_, table) = page.split_once("## Two run loops").expect("the section");
    let table =
        table.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let rows: Vec<&str> = table.skip(2).filter_map(|line| line.split('|').nth(1)).map(str::trim).collect();
    assert_eq!(rows, ROWS.map(|(_, text)| text));
}
