//! Detection of the front door by the fields of an event (`docs/alb.md` §5).

use super::fields::Fields;
use crate::event_source::{EventSource, HeaderMode};
use crate::text_arena::TextArena;

/// Returns the front door, in the order of `docs/alb.md` §5; `None` for an event that is not HTTP.
pub(super) fn event_source(fields: &Fields, arena: &TextArena) -> Option<EventSource> {
    if fields.context.elb {
        return Some(EventSource::Alb(header_mode(fields)));
    }
    if is_authorizer(fields, arena) {
        return None;
    }
    if is_lattice(fields) {
        return Some(EventSource::Lattice);
    }
    let version = fields.version.map(|span| arena.bytes(span));
    if version == Some(b"2.0") {
        if !fields.context.http {
            return None;
        }
        let domain = fields.context.domain.map_or(&b""[..], |span| arena.bytes(span));
        let url = domain.windows(12).any(|part| part == b".lambda-url.");
        return Some(if url { EventSource::FunctionUrl } else { EventSource::ApiGatewayHttp });
    }
    let rest = fields.method.is_some() && (fields.context.stage.is_some() || fields.resource);
    rest.then_some(EventSource::ApiGatewayRest)
}

/// Tells whether API Gateway asks an authorizer about a request: the event has all of the request, and the ARN of what is
/// asked for.
fn is_authorizer(fields: &Fields, arena: &TextArena) -> bool {
    fields.others.iter().any(|(key, _)| matches!(arena.bytes(*key), b"methodArn" | b"routeArn"))
}

/// Tells whether VPC Lattice sent the event: in version 2 the context names it, in version 1 the path has a name of its own.
/// Without a method it is a broken request, unless the rest is that of an HTTP API.
fn is_lattice(fields: &Fields) -> bool {
    (fields.context.lattice || fields.snake_path.is_some())
        && (fields.bare_method.is_some() || !fields.context.http)
}

/// Returns the header mode of a load balancer's event. Without headers the query tells.
fn header_mode(fields: &Fields) -> HeaderMode {
    match (&fields.headers, &fields.multi_headers) {
        (Some(_), None) => HeaderMode::Single,
        (None, Some(_)) => HeaderMode::Multi,
        (Some(_), Some(_)) => HeaderMode::Both,
        (None, None) => match (&fields.query, &fields.multi_query) {
            (Some(_), None) => HeaderMode::Single,
            (None, Some(_)) => HeaderMode::Multi,
            _ => HeaderMode::Both,
        },
    }
}
