//! The hashes of this crate: [`Fnv`] for shapes of patterns, [`segment`] for the text of segments, and [`Identity`] for
//! tables whose keys are hashes already.

use std::hash::Hasher;

/// FNV-1a: short, fast on short text, and the same at compile time and in every process.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Hashes a hash to itself, mixed with a small number if one comes with it.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write_usize(&mut self, number: usize) {
        self.0 ^= number as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Hashes the text of a segment on a level of the tree.
///
/// Reads eight bytes at a time, because every look-up hashes every segment of its path.
pub(crate) fn segment(level: usize, text: &str) -> u64 {
    // 2^64 over the golden ratio: odd, and its bits are spread evenly.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(SPREAD);
    let (words, rest) = text.as_bytes().as_chunks();
    let seed = mix(level as u64, text.len() as u64);
    let hash = words.iter().fold(seed, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let hash = mix(hash, last);
    // A table uses the lowest and the highest bits, and the lowest bits of a product depend on few others.
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher;

    use super::{Identity, segment};

    #[test]
    fn a_key_that_is_a_number_is_its_own_hash() {
        let mut hasher = Identity::default();
        hasher.write_u64(0b0110);
        assert_eq!(hasher.finish(), 0b0110);
        hasher.write_usize(0b0101);
        assert_eq!(hasher.finish(), 0b0011);
        let mut hasher = Identity::default();
        hasher.write(&[0x12, 0x34, 0x56]);
        assert_eq!(hasher.finish(), 0x12_3456);
    }

    #[test]
    fn every_byte_the_length_and_the_level_count() {
        let texts =
            ["", "a", "b", "ab", "bb", "cb", "abcdefgh", "bbcdefgh", "abcdefghi", "abcdefgh\0", "abcdefghij"];
        let mut hashes: Vec<u64> =
            texts.iter().flat_map(|text| [segment(0, text), segment(1, text)]).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 2 * texts.len());
    }
}
