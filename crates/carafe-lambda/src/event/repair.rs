//! Makes events of all front doors alike: lower-case names, one cookie header, text that is percent-encoded once
//! (`docs/alb.md` §1, §5).

use std::borrow::Cow;

use super::fields::Pairs;
use crate::json::{Span, has_capital};
use crate::percent;
use crate::text_arena::TextArena;

/// Replaces what is not UTF-8 in names and values.
pub(super) fn texts(arena: &mut TextArena, pairs: &mut Pairs) {
    for (name, value) in pairs {
        *name = arena.repair(*name);
        *value = arena.repair(*value);
    }
}

/// Makes header names lower case, so that they are found by comparing bytes. A load balancer and HTTP APIs send them so;
/// REST APIs keep the client's spelling, emulators and events written by hand have any. Returns how many of them are
/// cookies.
pub(super) fn lower_names(arena: &mut TextArena, pairs: &mut Pairs) -> usize {
    let mut cookies = 0;
    for (name, _) in pairs {
        let bytes = arena.bytes(*name);
        if has_capital(bytes) {
            let lower = bytes.to_ascii_lowercase();
            cookies += usize::from(lower == COOKIE);
            *name = arena.add(&lower);
        } else {
            cookies += usize::from(bytes == COOKIE);
        }
    }
    cookies
}

const COOKIE: &[u8] = b"cookie";

/// Leaves one `cookie` header: several lines are joined as RFC 9113 §8.2.3 has it. `beside` is the list that HTTP APIs
/// send beside the headers.
pub(super) fn join_cookies(arena: &mut TextArena, pairs: &mut Pairs, beside: &[Span]) {
    let is_cookie = |arena: &TextArena, name: Span| arena.bytes(name) == COOKIE;
    let mut values: Vec<Span> = Vec::new();
    for (name, value) in pairs.iter() {
        if is_cookie(arena, *name) {
            values.push(*value);
        }
    }
    let values = match values.as_slice() {
        [] => beside,
        [_] => return,
        several => several,
    };
    if values.is_empty() {
        return;
    }
    let mut joined = Vec::new();
    for value in values {
        if !joined.is_empty() {
            joined.extend_from_slice(b"; ");
        }
        joined.extend_from_slice(arena.bytes(*value));
    }
    let place = pairs.iter().position(|(name, _)| is_cookie(arena, *name));
    pairs.retain(|(name, _)| !is_cookie(arena, *name));
    let pair = (arena.add(COOKIE), arena.add(&joined));
    pairs.insert(place.unwrap_or(pairs.len()).min(pairs.len()), pair);
}

/// Encodes the query of a REST API, which arrives decoded, so that decoding once is right for all events.
pub(super) fn encode_parameters(arena: &mut TextArena, pairs: &mut Pairs) {
    for (key, value) in pairs {
        for span in [key, value] {
            if let Cow::Owned(encoded) = percent::component(arena.text(*span)) {
                *span = arena.add(encoded.as_bytes());
            }
        }
    }
}

/// Splits `rawQueryString` into pairs as a load balancer does: at `&`, then at the first `=`.
pub(super) fn split_query(arena: &TextArena, raw: Span) -> Pairs {
    let mut start = raw.range().start;
    let mut pairs = Pairs::new();
    for piece in arena.text(raw).split('&') {
        if !piece.is_empty() {
            let (key, rest) = piece.split_once('=').unwrap_or((piece, ""));
            let value = start + piece.len() - rest.len();
            pairs.push((Span::new(start, key.len()), Span::new(value, rest.len())));
        }
        start += piece.len() + 1;
    }
    pairs
}
