//! The pages and the API with posts in memory.
#![cfg(not(feature = "dynamodb"))]

mod journey;

#[test]
fn all_of_it() {
    journey::walk(&journey::app(admin::store::Store::default()));
}
