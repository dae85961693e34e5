//! The words of the compiler for every mistake a route can have.
//!
//! One mistake, or one family of them, to a file in `ui`; beside it what the pinned compiler says. After a change that
//! was meant: `TRYBUILD=overwrite cargo test -p carafe --features sessions --test ui`, and read the difference.

// The compiler lists the extractors that there are, and so its words are those of all features.
#[cfg(feature = "sessions")]
#[test]
#[cfg_attr(
    feature = "lambda_http",
    ignore = "a crate below it has a `Response` and a `Body` too, so the compiler writes longer names"
)]
fn mistakes_say_what_to_type_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

#[test]
#[cfg(feature = "embed")]
fn mistakes_of_embed_say_what_to_type_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui_embed/*.rs");
}

#[test]
#[cfg(feature = "garde")]
fn mistakes_of_validation_say_what_to_type_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui_garde/*.rs");
}
