//! Entity tags: made of the bytes of a file, and compared with those that a client has (RFC 9110 §8.8.3).

use super::murmur3;

/// Makes what stands between the quotes of the tag of these bytes: the same bytes have the same in every build and on every
/// machine.
pub(super) fn of(bytes: &[u8]) -> String {
    format!("{:032x}", murmur3::hash(bytes))
}

/// Returns whether a text can stand between the quotes of a tag.
pub(super) fn is_valid(tag: &str) -> bool {
    tag.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
}

/// Returns whether a list is `*` or has this tag. The weak comparison also takes a tag that a proxy made weak when it
/// compressed the answer (§8.8.3.2).
pub(super) fn names(list: &str, tag: &str, weakly: bool) -> bool {
    list.trim_ascii() == "*" || tags(list).any(|(is_weak, own)| own == tag && (weakly || !is_weak))
}

/// Returns what stands between the quotes of each tag in a list, and whether it is weak. A tag may have commas in it, but
/// no quotes.
fn tags(list: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut pieces = list.split('"');
    std::iter::from_fn(move || {
        let before = pieces.next()?;
        let tag = pieces.next()?;
        // What follows it is the comma before the next tag; without that, its closing quote is missing.
        let mut rest = pieces.clone();
        rest.next()?;
        Some((before.ends_with("W/"), tag))
    })
}
