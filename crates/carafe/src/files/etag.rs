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
pub(super) fn matches(list: &str, tag: &str, weakly: bool) -> bool {
    list.trim_ascii() == "*" || tags(list).any(|(is_weak, own)| own == tag && (weakly || !is_weak))
}

/// Returns whether a text is this tag and nothing else, and a strong one.
pub(super) fn is(text: &str, tag: &str) -> bool {
    let inner = text.trim_ascii().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner == Some(tag)
}

/// Returns what stands between the quotes of each tag in a list, and whether it is weak, up to what is no tag. A tag may have
/// commas in it, but no quotes.
fn tags(list: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = list;
    std::iter::from_fn(move || {
        // Nothing may stand between two commas (§5.6.1).
        let element = rest.trim_start_matches([',', ' ', '\t']);
        let weak = element.strip_prefix("W/");
        let (tag, after) = weak.unwrap_or(element).strip_prefix('"')?.split_once('"')?;
        rest = after.trim_start_matches([' ', '\t']);
        (rest.is_empty() || rest.starts_with(',')).then_some((weak.is_some(), tag))
    })
}
