//! Eight bytes at a time, as one number: looking for the few bytes that mean something in a string.

/// The same byte eight times.
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

/// How many bytes at the front of eight stand in a JSON string as they are (RFC 8259 §7).
pub(super) fn plain(bytes: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(bytes);
    let marks = zero_bytes(word ^ QUOTES) | zero_bytes(word ^ BACKSLASHES) | control_bytes(word);
    // None of them: 64 zeros, and so eight bytes.
    (marks.trailing_zeros() / 8) as usize
}
