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

/// Marks the first byte that needs an escape in a JSON string (RFC 8259 §7) in the same way.
fn escape_marks(word: u64) -> u64 {
    zero_bytes(word ^ QUOTES) | zero_bytes(word ^ BACKSLASHES) | control_bytes(word)
}

/// Returns how many of eight bytes, from the first, need no escape in a JSON string.
pub(super) fn plain(bytes: [u8; 8]) -> usize {
    // None of them: 64 zeros, and so eight bytes.
    (escape_marks(u64::from_le_bytes(bytes)).trailing_zeros() / 8) as usize
}

/// Tells whether no byte needs an escape in a JSON string.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    words(bytes, b' ').fold(0, |marks, word| marks | escape_marks(word)) == 0
}

/// Covers some bytes by words. The last two may overlap; fewer bytes than a word are filled up.
fn words(bytes: &[u8], filler: u8) -> impl Iterator<Item = u64> {
    let last = match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(last), ..) => u64::from_le_bytes(*last),
        (None, Some(first), Some(last)) => half(*first) | half(*last) << 32,
        _ => bytes.iter().fold(eight(filler), |word, &byte| word << 8 | u64::from(byte)),
    };
    bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).chain([last])
}

fn half(bytes: [u8; 4]) -> u64 {
    u64::from(u32::from_le_bytes(bytes))
}

/// Tells whether one of `A` to `Z` is among some bytes.
pub(crate) fn has_capital(bytes: &[u8]) -> bool {
    let capital = |word: u64| {
        let low = word & eight(0x7f);
        // The top bit of a byte tells whether it is at least `A`, and whether it is beyond `Z`; the sums stay in their bytes.
        let (at_least, beyond) = (low + eight(0x80 - b'A'), low + eight(0x80 - b'Z' - 1));
        at_least & !beyond & !word & eight(0x80)
    };
    words(bytes, 0).fold(0, |found, word| found | capital(word)) != 0
}

#[cfg(test)]
mod tests {
    use super::{has_capital, is_plain};

    #[test]
    fn a_byte_is_seen_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                for around in [b'a', b'-', b'z', b'@', b'[', 0xc3, 0xff, 0] {
                    let mut bytes = [around; 20];
                    bytes[place] = byte;
                    let fewer = bytes.split_at(place + 1).0;
                    for bytes in [&bytes[..], fewer] {
                        assert_eq!(has_capital(bytes), byte.is_ascii_uppercase(), "{bytes:?}");
                        let needs_escape =
                            bytes.iter().any(|&byte| byte < b' ' || byte == b'"' || byte == b'\\');
                        assert_eq!(is_plain(bytes), !needs_escape, "{bytes:?}");
                    }
                }
            }
        }
        assert!(!has_capital(b"") && is_plain(b""));
    }
}
