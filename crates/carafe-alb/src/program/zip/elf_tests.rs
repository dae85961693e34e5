use super::*;

/// Writes an ELF file with one library, of which these versions are needed.
pub(super) fn file(machine: u16, versions: &[&str]) -> Vec<u8> {
    // Header, three segments, dynamic section, versions, strings: at the addresses 0x1000 further.
    let (segments, dynamic, needed) = (64_u64, 64 + 3 * 56, 64 + 3 * 56 + 3 * 16);
    let names_at = needed + 16 + 16 * versions.len() as u64;
    let mut names = b"\0/lib/ld.so\0".to_vec();
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(16, 0);
    bytes.extend(3_u16.to_le_bytes());
    bytes.extend(machine.to_le_bytes());
    bytes.resize(32, 0);
    bytes.extend(segments.to_le_bytes());
    bytes.resize(54, 0);
    bytes.extend(56_u16.to_le_bytes());
    bytes.extend(3_u16.to_le_bytes());
    bytes.resize(64, 0);
    for (kind, offset, length) in [(1_u32, 0, 0x10000), (2, dynamic, 3 * 16), (3, names_at + 1, 11_u64)] {
        bytes.extend(kind.to_le_bytes());
        bytes.extend(0_u32.to_le_bytes());
        for field in [offset, offset + 0x1000, offset + 0x1000, length, length, 1] {
            bytes.extend(field.to_le_bytes());
        }
    }
    for (tag, value) in [(5_u64, names_at + 0x1000), (0x6fff_fffe, needed + 0x1000), (0, 0)] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    let count = u16::try_from(versions.len()).unwrap();
    bytes.extend([1, 0]);
    bytes.extend(count.to_le_bytes());
    for field in [1_u32, 16, 0] {
        bytes.extend(field.to_le_bytes());
    }
    for (place, version) in versions.iter().enumerate() {
        let next = if place + 1 == versions.len() { 0 } else { 16_u32 };
        bytes.extend([0; 8]);
        bytes.extend(u32::try_from(names.len()).unwrap().to_le_bytes());
        bytes.extend(next.to_le_bytes());
        names.extend(version.bytes().chain([0]));
    }
    bytes.extend(names);
    bytes
}

/// Adds a table of sections with these names to a file, which has none.
pub(super) fn with_sections(mut bytes: Vec<u8>, names: &[&str]) -> Vec<u8> {
    let mut headers = Vec::new();
    let names_at = bytes.len() as u64;
    for name in names.iter().chain(&[".shstrtab"]) {
        let at = u32::try_from(bytes.len() as u64 - names_at).unwrap();
        bytes.extend(name.bytes().chain([0]));
        headers.extend(at.to_le_bytes());
        headers.extend([0; 20]);
        headers.extend(names_at.to_le_bytes());
        headers.extend([0; 32]);
    }
    let table = bytes.len() as u64;
    bytes.extend(headers);
    let last = u16::try_from(names.len()).unwrap();
    bytes[40..48].copy_from_slice(&table.to_le_bytes());
    for (place, field) in [(58, 64), (60, last + 1), (62, last)] {
        bytes[place..place + 2].copy_from_slice(&field.to_le_bytes());
    }
    bytes
}

#[test]
fn debug_information_is_a_section() {
    for (names, expected) in [
        (&[][..], false),
        (&["", ".text", ".debug_info"], true),
        (&["", ".text", ".debug_infos", ".debug_gdb_scripts", "x.debug_info"], false),
    ] {
        let elf = read(&with_sections(file(62, &["GLIBC_2.34"]), names)).unwrap();
        assert_eq!(elf.has_debug_info, expected, "{names:?}");
    }
    assert!(!read(&file(183, &["GLIBC_2.17"])).unwrap().has_debug_info);
}

#[test]
fn the_newest_version_counts() {
    for (machine, versions, architecture, newest) in [
        (62, &["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.9"][..], Some(Architecture::X86_64), Some((2, 34))),
        (183, &["GLIBC_2.17", "GCC_3.0"], Some(Architecture::Arm64), Some((2, 17))),
        (62, &["GLIBC_ABI_DT_RELR", "GLIBC_2.4"], Some(Architecture::X86_64), Some((2, 36))),
        (62, &["GLIBC_PRIVATE", "OTHER_9.9"], Some(Architecture::X86_64), None),
        (40, &["GLIBC_2.4"], None, None),
    ] {
        let elf = read(&file(machine, versions)).unwrap();
        assert_eq!((elf.architecture, elf.glibc), (architecture, newest), "{versions:?}");
        let interpreter = architecture.map(|_| "/lib/ld.so".to_owned());
        assert_eq!(elf.interpreter, interpreter);
    }
}

#[test]
fn this_very_program() {
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let elf = read(&bytes).unwrap();
    assert_eq!(elf.architecture, Architecture::named(std::env::consts::ARCH));
    assert!(elf.architecture.is_some() && elf.glibc.is_none_or(|(major, _)| major == 2), "{elf:?}");
}

#[test]
fn every_byte_may_be_another_and_the_end_anywhere() {
    let whole = with_sections(file(62, &["GLIBC_2.2.5", "GLIBC_2.34"]), &["", ".debug_info"]);
    for end in 0..whole.len() {
        let _ = read(&whole[..end]);
    }
    for place in 0..whole.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[place] = value;
            let _ = read(&bytes);
            // Whole fields of the largest numbers there are.
            let end = bytes.len().min(place + 8);
            bytes[place..end].fill(value);
            let _ = read(&bytes);
        }
    }
}

#[test]
fn lists_that_lead_nowhere_come_to_an_end() {
    // A dynamic section and a list of versions as long as the file says, in a large file of the same byte.
    for byte in [1, 2, 8] {
        let mut bytes = file(62, &["GLIBC_2.34"]);
        let needed = 64 + 3 * 56 + 3 * 16;
        bytes.resize(20_000_000, byte);
        bytes[needed + 2..needed + 4].fill(0xff);
        bytes[needed + 12..].fill(byte);
        let _ = read(&bytes);
    }
    assert_eq!(read(b"#!/bin/sh\n"), None);
    assert_eq!(read(b"\x7fELF"), None);
}
