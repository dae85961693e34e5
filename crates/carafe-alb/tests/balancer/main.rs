//! The built load balancer, with a function that does as it is told, driven over real sockets. The numbers are those
//! of the rules in `docs/alb.md` §12.
#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

mod after;
mod client;
mod events;
mod extensions;
mod freeze;
mod function;
mod hosts;
mod life;
mod load;
mod local;
mod logs;
mod modes;
mod puppet;
mod reply;
mod request;
mod snapshots;
mod statuses;
mod unread;
