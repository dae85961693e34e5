//! The parts of an event.

use bytes::Bytes;
use http::Method;

use crate::context::Context;
use crate::event_source::EventSource;
use crate::json::Span;
use crate::text_arena::TextArena;

/// The parts of an event: flat lists of slices into one arena.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) arena: TextArena,
    pub(crate) method: Method,
    pub(crate) path: Span,
    pub(crate) query: Vec<(Span, Span)>,
    pub(crate) raw_query: Option<Span>,
    pub(crate) headers: Vec<(Span, Span)>,
    pub(crate) body: Bytes,
    pub(crate) source: EventSource,
    pub(crate) source_ip: Option<Span>,
    /// Who calls, as VPC Lattice says.
    pub(crate) caller: Vec<(Span, Span)>,
    pub(crate) context: Context,
}

impl Default for Parts {
    fn default() -> Parts {
        let mut arena = TextArena::default();
        let path = arena.add(b"/");
        Parts {
            arena,
            method: Method::GET,
            path,
            query: Vec::new(),
            raw_query: None,
            headers: Vec::new(),
            body: Bytes::new(),
            source: EventSource::Direct,
            source_ip: None,
            caller: Vec::new(),
            context: Context::default(),
        }
    }
}
