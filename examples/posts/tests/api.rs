//! The API with posts in memory.
#![cfg(not(feature = "dynamodb"))]

mod journey;

#[test]
fn a_post_is_created_listed_read_and_deleted() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let app = runtime.block_on(posts::app()).expect("a store in memory always opens");
    journey::walk(&app);
}
