//! Looks at eight bytes at a time, as one number (SIMD within a register).

/// Repeats a byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

pub(super) const QUOTES: u64 = eight(b'"');
pub(super) const BACKSLASHES: u64 = eight(b'\\');

/// Marks the lowest zero byte of a word with its top bit (bytes above it may be marked wrongly).
pub(super) const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(eight(0x01)) & !word & eight(0x80)
}

/// Marks the lowest byte under 0x20 of a word in the same way.
const fn control_bytes(word: u64) -> u64 {
    word.wrapping_sub(eight(0x20)) & !word & eight(0x80)
}

/// Returns how many of eight bytes, from the first, need no escape in a JSON string (RFC 8259 §7).
pub(super) fn plain(bytes: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(bytes);
    let marks = zero_bytes(word ^ QUOTES) | zero_bytes(word ^ BACKSLASHES) | control_bytes(word);
    // None of them: 64 zeros, and so eight bytes.
    (marks.trailing_zeros() / 8) as usize
}

/// Tells whether one of `A` to `Z` is among some bytes.
pub(crate) fn has_capital(bytes: &[u8]) -> bool {
    let capital = |word: u64| {
        let low = word & eight(0x7f);
        // The top bit of a byte tells whether it is at least `A`, and whether it is beyond `Z`; the sums stay in their bytes.
        let (at_least, beyond) = (low + eight(0x80 - b'A'), low + eight(0x80 - b'Z' - 1));
        at_least & !beyond & !word & eight(0x80)
    };
    let half = |bytes: &[u8; 4]| u64::from(u32::from_ne_bytes(*bytes));
    let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) else {
        return bytes.iter().any(u8::is_ascii_uppercase);
    };
    // The last word overlaps the one before.
    let Some(last) = bytes.last_chunk::<8>().filter(|_| bytes.len() > 8) else {
        return capital(half(first) | half(last) << 32) != 0;
    };
    let mut rest = bytes;
    let mut found = capital(u64::from_ne_bytes(*last));
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        found |= capital(u64::from_ne_bytes(*word));
        rest = after;
    }
    found != 0
}

#[cfg(test)]
mod tests {
    use super::has_capital;

    #[test]
    fn capitals_are_seen_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                for around in [b'a', b'-', b'z', b'@', b'[', 0xc3, 0xff, 0] {
                    let mut bytes = [around; 20];
                    bytes[place] = byte;
                    assert_eq!(has_capital(&bytes), byte.is_ascii_uppercase(), "{bytes:?}");
                }
            }
        }
        assert!(!has_capital(b""));
    }
}
