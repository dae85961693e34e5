//! The words of the compiler for every mistake a route can have.
//!
//! One mistake, or one family of them, to a file in `ui`; beside it what the pinned compiler says. After a change that
//! was meant: `TRYBUILD=overwrite cargo test -p carafe --test ui`, and read the difference.

#[test]
fn mistakes_say_what_to_type_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

#[test]
#[cfg(feature = "embed")]
fn mistakes_of_embed_say_what_to_type_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui_embed/*.rs");
}
