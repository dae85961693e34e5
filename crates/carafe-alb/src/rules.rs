//! What decides how a request becomes an event and an answer a reply.

use crate::options::{EmptyBody, InvalidUtf8, Options};

/// The protocol of a listener, as `x-forwarded-proto` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `http`.
    Http,
    /// `https`.
    Https,
}

impl Scheme {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }
}

/// The listener, the target group's header mode, and the answers to open questions (see [`Options`]).
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) scheme: Scheme,
    /// The listener's port, as `host` has it.
    pub(crate) port: u16,
    /// The same as `x-forwarded-port` tells it.
    pub(crate) forwarded_port: u16,
    pub(crate) multi_value_headers: bool,
    pub(crate) reverse_headers: bool,
    pub(crate) empty_body: EmptyBody,
    pub(crate) invalid_utf8: InvalidUtf8,
    pub(crate) hop_by_hop: bool,
}

impl Rules {
    pub(crate) fn new(options: &Options, scheme: Scheme, port: u16) -> Rules {
        Rules {
            scheme,
            port,
            forwarded_port: port,
            multi_value_headers: options.multi_value_headers,
            reverse_headers: options.reverse_headers,
            empty_body: options.empty_body,
            invalid_utf8: options.invalid_utf8,
            hop_by_hop: options.hop_by_hop,
        }
    }
}
