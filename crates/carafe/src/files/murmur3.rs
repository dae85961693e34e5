//! MurmurHash3 in its 128-bit form for 64-bit machines (Austin Appleby, public domain): what tells two contents of a
//! file apart.
//!
//! A new content with the hash of the one before it would never reach a browser that has the old one. Of 128 bits two
//! agree by chance once in 10³⁸ times. Nobody is kept from making such a pair on purpose, and whoever can write the file
//! needs no such trick. It is the same on every machine and in every build, and reads a file of 1 MB in less time than
//! the system takes to read it from the disk.

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// Returns the hash of the bytes.
pub(crate) fn hash(bytes: &[u8]) -> u128 {
    let (mut h1, mut h2) = (0_u64, 0_u64);
    let (blocks, rest) = bytes.as_chunks::<16>();
    for block in blocks {
        let (k1, k2) = halves(*block);
        h1 = (h1 ^ mix_first(k1)).rotate_left(27).wrapping_add(h2);
        h1 = h1.wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 = (h2 ^ mix_second(k2)).rotate_left(31).wrapping_add(h1);
        h2 = h2.wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let mut last = [0; 16];
    last.iter_mut().zip(rest).for_each(|(last, byte)| *last = *byte);
    let (k1, k2) = halves(last);
    let len = bytes.len() as u64;
    h1 ^= mix_first(k1) ^ len;
    h2 ^= mix_second(k2) ^ len;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (h1, h2) = (spread(h1), spread(h2));
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    u128::from(h1) << 64 | u128::from(h2)
}

fn halves(block: [u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(block);
    (both as u64, (both >> 64) as u64)
}

fn mix_first(word: u64) -> u64 {
    word.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn mix_second(word: u64) -> u64 {
    word.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

/// Makes each bit of a word depend on all others.
fn spread(word: u64) -> u64 {
    let word = (word ^ word >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let word = (word ^ word >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    word ^ word >> 33
}

#[cfg(test)]
mod tests {
    use super::hash;

    /// What the reference implementation makes, with the seed 0.
    #[test]
    fn it_is_murmur3() {
        assert_eq!(hash(b""), 0);
        assert_eq!(hash(b"hello"), 0xcbd8_a7b3_41bd_9b02_5b1e_906a_48ae_1d19);
        assert_eq!(
            hash(b"The quick brown fox jumps over the lazy dog"),
            0xe34b_bc7b_bc07_1b6c_7a43_3ca9_c49a_9347
        );
        let rising: Vec<u8> = (0..48).collect();
        assert_eq!(hash(&rising), 0x4f72_bc64_0c78_27f4_29ea_e183_a204_80b6);
    }

    /// Every length up to three blocks has a hash of its own, and so has every single byte that is changed in it.
    #[test]
    fn every_byte_counts() {
        let mut seen = std::collections::BTreeSet::new();
        for len in 0..=48 {
            let bytes = vec![b'a'; len];
            assert!(seen.insert(hash(&bytes)), "{len}");
            for at in 0..len {
                let mut other = bytes.clone();
                other[at] = b'b';
                assert!(seen.insert(hash(&other)), "{len}, {at}");
            }
        }
    }
}
