//! Gzip (RFC 1952), the same for the same bytes in every build: without a name or a date.

/// The first bytes: deflate, no flags, no date, as small as possible, of an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = HEADER.to_vec();
    gzip.extend(miniz_oxide::deflate::compress_to_vec(bytes, 9));
    gzip.extend(checksum(bytes).to_le_bytes());
    // Only the lower half of the length is kept (§2.3.1).
    let [len @ .., _, _, _, _] = (bytes.len() as u64).to_le_bytes();
    gzip.extend(len);
    gzip
}

/// Returns the CRC-32 (§8).
fn checksum(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|byte| {
        let byte = u32::try_from(byte).unwrap_or_default();
        (0..8).fold(byte, |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    });
    let all = bytes.iter().fold(!0, |crc: u32, byte| {
        let place = usize::from(crc.to_le_bytes()[0] ^ byte);
        (crc >> 8) ^ table.get(place).copied().unwrap_or_default()
    });
    !all
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(super::checksum(b"123456789"), 0xcbf4_3926);
    }
}
