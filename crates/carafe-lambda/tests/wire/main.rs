//! The wire, tested from outside: events go through the real run loop to the mirror and back.
//!
//! `t15` … `t50` are the cases of `docs/alb.md` §9; `t01` … `t14` are about decoding and tested through carafe
//! (`crates/carafe/tests/decoding.rs`).
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

mod after;
mod answers;
mod bodies;
mod defects;
mod edges;
mod headers;
mod hostile;
mod interleaved;
mod lattice;
mod mirror;
mod other_events;
mod panics;
mod paths;
mod properties;
mod refusals;
mod runtime;
mod sources;
mod start;
mod support;
mod trip;
mod unreadable;

use carafe_lambda::run;
use support::rows::RunLoop;

/// The loop under test.
const RUN_LOOP: RunLoop = RunLoop::Carafe;

/// The defects that show.
const DEFECTS: &[u8] = &[];
