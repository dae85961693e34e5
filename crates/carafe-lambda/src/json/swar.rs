//! Looks at eight bytes at a time, as one number (SIMD within a register).

/// Repeats a byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

const QUOTES: u64 = eight(b'"');
const BACKSLASHES: u64 = eight(b'\\');

/// Marks the lowest zero byte of a word with its top bit (bytes above it may be marked wrongly).
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(eight(0x01)) & !word & eight(0x80)
}

/// Marks the lowest byte under 0x20 of a word in the same way.
const fn control_bytes(word: u64) -> u64 {
    word.wrapping_sub(eight(0x20)) & !word & eight(0x80)
}

/// Marks the first quote or backslash of eight bytes with the top bit of its byte (bytes behind it may be marked
/// wrongly); 0 where there is none.
pub(super) fn string_marks(bytes: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(bytes);
    zero_bytes(word ^ QUOTES) | zero_bytes(word ^ BACKSLASHES)
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
    let words = bytes.as_chunks::<8>().0.iter();
    let found = words.map(|word| capital(u64::from_ne_bytes(*word)));
    found.fold(capital(u64::from_ne_bytes(*last)), |all, one| all | one) != 0
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
