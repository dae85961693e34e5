//! The frame of gzip around a deflate stream (RFC 1952 §2.3). A library for it would bring 16 KB of tables into each
//! program that reads forms.

/// The bits that say what stands in the header, of which the others are reserved (§2.3.1).
const CHECKED: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0xe0;

/// Returns what stands behind the header of a member; `None` if there is no whole header.
pub(super) fn skip_header(member: &[u8]) -> Option<&[u8]> {
    let ([0x1f, 0x8b, 8, flags, ..], mut rest) = member.split_first_chunk::<10>()? else { return None };
    let has = |bit| flags & bit != 0;
    if has(RESERVED) {
        return None;
    }
    if has(EXTRA) {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for bit in [NAME, COMMENT] {
        if has(bit) {
            let end = memchr::memchr(0, rest)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if has(CHECKED) {
        let (sum, after) = rest.split_first_chunk::<2>()?;
        let header = member.get(..member.len() - rest.len())?;
        let [one, two, ..] = Checksum::of(header).trailer();
        if *sum != [one, two] {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// What the trailer of a member says of its content: the CRC-32 (§8) and the length, of which 32 bits count.
pub(super) struct Checksum {
    crc: u32,
    length: usize,
}

impl Checksum {
    pub(super) fn of(content: &[u8]) -> Checksum {
        let crc = content.iter().fold(!0, |crc: u32, byte| {
            let place = usize::from(crc.to_le_bytes()[0] ^ byte);
            (crc >> 8) ^ TABLE.get(place).copied().unwrap_or_default()
        });
        Checksum { crc: !crc, length: content.len() }
    }

    pub(super) fn trailer(&self) -> [u8; 8] {
        let crc = u64::from(self.crc);
        // Only the lower half of the length is kept.
        (crc | ((self.length as u64) << 32)).to_le_bytes()
    }
}

/// The remainder of each byte, divided by the polynomial.
static TABLE: [u32; 256] = table();

#[expect(clippy::indexing_slicing, reason = "constant functions have no iterators, and run in the compiler")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut remainder: u32 = 1;
    let mut power = 128;
    // The remainder of a sum is the sum of the remainders, so that each power of two doubles what is known.
    while power > 0 {
        remainder = (remainder >> 1) ^ if remainder & 1 == 1 { 0xedb8_8320 } else { 0 };
        let mut place = 0;
        while place < 256 {
            table[power + place] = remainder ^ table[place];
            place += power * 2;
        }
        power /= 2;
    }
    table
}

#[cfg(test)]
mod tests {
    use flate2::{Crc, GzBuilder};

    use super::{Checksum, skip_header};

    #[test]
    fn checksums_are_those_of_the_library() {
        let bytes: Vec<u8> = (0..5_000_u32).map(|number| ((number * 7919) >> 5) as u8).collect();
        for length in [0, 1, 2, 3, 255, 256, 257, 5_000] {
            let content = &bytes[..length];
            let mut library = Crc::new();
            library.update(content);
            let expected = [library.sum().to_le_bytes(), library.amount().to_le_bytes()].concat();
            assert_eq!(Checksum::of(content).trailer(), *expected);
        }
        // The check value of the CRC's catalogs.
        assert_eq!(Checksum::of(b"123456789").crc, 0xcbf4_3926);
    }

    #[test]
    fn headers_end_where_the_stream_begins() {
        let written = |builder: GzBuilder| {
            let header = builder.write(Vec::new(), flate2::Compression::default());
            header.finish().expect("memory")
        };
        let plain = written(GzBuilder::new());
        let stream = skip_header(&plain).expect("a header");
        assert_eq!(stream.len(), plain.len() - 10);
        let builder = || GzBuilder::new().extra([1; 300]).filename("a name").comment("of this");
        let full = written(builder());
        assert_eq!(skip_header(&full), Some(stream));
        let header = full.len() - stream.len();
        for length in 0..header {
            assert_eq!(skip_header(&full[..length]), None, "{length}");
        }
        // With the header's own checksum, right and wrong.
        let mut checked = full[..header].to_vec();
        checked[3] |= 2;
        let sum = Checksum::of(&checked).trailer();
        checked.extend(&sum[..2]);
        assert_eq!(skip_header(&checked), Some(&[][..]));
        assert_eq!(skip_header(&checked[..checked.len() - 1]), None);
        checked[20] ^= 1;
        assert_eq!(skip_header(&checked), None);
        for (place, value) in [(0, 0x1e), (1, 0x8c), (2, 7), (3, 0x20), (3, 0x40), (3, 0x80)] {
            let mut broken = plain.clone();
            broken[place] = value;
            assert_eq!(skip_header(&broken), None);
        }
    }
}
