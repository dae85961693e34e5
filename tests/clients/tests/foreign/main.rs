//! Functions and clients that others wrote, through the local load balancer: AWS's own runtime clients for Python and
//! Node.js, curl over HTTP/1.1 and HTTP/2, a browser, jars of cookies, cryptography, a stand-in for S3; and the examples as
//! they are built. One runs without it, under `cargo lambda watch`.
//!
//! The tools' places come from the environment; `.ci/run` installs and names them. Without a tool its test fails.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

mod admin;
mod browser;
mod buckets;
mod cookies;
mod curl;
mod dev;
mod examples;
mod languages;
mod local;
mod sites;
mod template;
mod watch;
