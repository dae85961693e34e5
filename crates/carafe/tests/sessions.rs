//! Sessions, flash messages, signed and encrypted cookies, and the guard of pages for those who are logged in.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "handlers that panic are the test, and helpers of tests may"
)]

#[path = "sessions/cookies.rs"]
mod cookies;
#[path = "sessions/flash.rs"]
mod flash;
#[path = "sessions/forged.rs"]
mod forged;
#[path = "sessions/limits.rs"]
mod limits;
#[path = "sessions/login.rs"]
mod login;
#[path = "sessions/outside.rs"]
mod outside;
#[path = "sessions/printed.rs"]
mod printed;
#[path = "sessions/secret.rs"]
mod secret;
#[path = "sessions/session.rs"]
mod session;
#[path = "sessions/signer.rs"]
mod signer;
#[path = "sessions/store.rs"]
mod store;
