//! The `Range` of a request (RFC 9110 §14.1, §14.2).

use std::ops::Range;

/// Says that a range is none of the file, or that it is no range at all, which may be refused likewise (§14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsatisfiable;

/// Reads a header of one range of bytes. `None` means that the whole file is sent, as it is for another unit than bytes, and for
/// several ranges, because the file has to fit into one answer anyway; also for the last bytes of an empty file, which are
/// satisfiable (§14.1.2), but no `content-range` can name them.
pub(super) fn of(header: &str, len: usize) -> Option<Result<Range<usize>, Unsatisfiable>> {
    let (unit, set) = header.split_once('=')?;
    if !unit.trim_ascii().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return None;
    }
    match one(set.trim_ascii(), len) {
        Some(range) if !range.is_empty() => Some(Ok(range)),
        Some(_) if len == 0 => None,
        _ => Some(Err(Unsatisfiable)),
    }
}

fn one(range: &str, len: usize) -> Option<Range<usize>> {
    let (first, last) = range.split_once('-')?;
    if first.is_empty() {
        let last = number(last).filter(|last| *last > 0)?;
        return Some(len.saturating_sub(last)..len);
    }
    let first = number(first)?;
    let last = if last.is_empty() { usize::MAX } else { number(last)? };
    (first <= last && first < len).then(|| first..last.saturating_add(1).min(len))
}

/// Reads a number, of any length: more than fits is beyond every file.
fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Unsatisfiable, of};

    #[test]
    fn one_range() {
        for (header, range) in [
            ("bytes=0-", Some(Ok(0..47))),
            ("bytes=40-", Some(Ok(40..47))),
            ("bytes=3-3", Some(Ok(3..4))),
            ("bytes=0-46", Some(Ok(0..47))),
            ("bytes=0-47", Some(Ok(0..47))),
            ("bytes=46-99999999999999999999999", Some(Ok(46..47))),
            ("bytes=0-18446744073709551615", Some(Ok(0..47))),
            ("bytes=-1", Some(Ok(46..47))),
            ("bytes=-999", Some(Ok(0..47))),
            ("bytes=-99999999999999999999999", Some(Ok(0..47))),
            ("Bytes=0-4", Some(Ok(0..5))),
            ("bytes= 0-4 ", Some(Ok(0..5))),
            ("bytes=47-", Some(Err(Unsatisfiable))),
            ("bytes=999-", Some(Err(Unsatisfiable))),
            ("bytes=99999999999999999999999-", Some(Err(Unsatisfiable))),
            ("bytes=-0", Some(Err(Unsatisfiable))),
            ("bytes=9-3", Some(Err(Unsatisfiable))),
            ("bytes=abc", Some(Err(Unsatisfiable))),
            ("bytes=-", Some(Err(Unsatisfiable))),
            ("bytes=", Some(Err(Unsatisfiable))),
            ("bytes=1-2-3", Some(Err(Unsatisfiable))),
            ("bytes=+1-2", Some(Err(Unsatisfiable))),
            ("bytes=0x1-2", Some(Err(Unsatisfiable))),
            ("bytes=0-1,4-5", None),
            ("bytes=999-,0-1", None),
            ("lines=1-2", None),
            ("bytes", None),
            ("", None),
        ] {
            assert_eq!(of(header, 47), range, "{header}");
        }
        for header in ["bytes=0-", "bytes=0-0", "bytes=-0", "bytes=5-9", "bytes=abc"] {
            assert_eq!(of(header, 0), Some(Err(Unsatisfiable)), "{header} of nothing");
        }
        for header in ["bytes=-1", "bytes=-5"] {
            assert_eq!(of(header, 0), None, "{header} of nothing");
        }
    }
}
