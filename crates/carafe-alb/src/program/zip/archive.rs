//! The bytes of a zip (PKWARE's APPNOTE.TXT): nothing in them comes from elsewhere than names and contents.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec;

use super::super::failure::Failure;
use super::crc::crc32;
use super::entries::{BOOTSTRAP, Entry};

/// As small as it gets: a cold start unpacks it, and packing takes a second.
const LEVEL: u8 = 9;

/// 1 January 1980, the first day that a zip knows, at midnight: day 1, month 1, years since 1980 (4.4.6).
const DATE: u16 = 1 << 5 | 1;
const TIME: u16 = 0;

/// Version 2.0 of the format has folders and Deflate (4.4.3); the high byte 3 is Unix, whose modes the entries have (4.4.2).
const NEEDED: u16 = 20;
const MADE_BY: u16 = 3 << 8 | NEEDED;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The flag of a name that is UTF-8 (4.4.4, bit 11).
const UTF_8: u16 = 1 << 11;

/// What was packed.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) zip: Vec<u8>,
    pub(super) unpacked: u64,
    /// The function's program.
    pub(super) bootstrap: Vec<u8>,
}

/// Packs the entries, in the order of their names. More than `most` bytes of content are refused.
pub(super) fn write(entries: &BTreeMap<String, Entry>, most: u64) -> Result<Packed, Failure> {
    let unreadable =
        |path: &std::path::Path, error| Failure::new(format!("cannot read {}: {error}", path.display()));
    // Looked at before anything is read: a folder that was not meant may be large.
    let mut sizes = 0;
    for entry in entries.values() {
        if let Entry::File { path, .. } = entry {
            sizes += path.metadata().map_err(|error| unreadable(path, error))?.len();
        }
    }
    check(sizes, entries.len(), most)?;
    let (mut zip, mut directory, mut bootstrap, mut unpacked) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (name, entry) in entries {
        let (content, mode) = match entry {
            Entry::Folder => (Vec::new(), 0o040_755_u32),
            Entry::File { path, executable } => {
                let content = std::fs::read(path).map_err(|error| unreadable(path, error))?;
                (content, if *executable { 0o100_755 } else { 0o100_644 })
            }
        };
        unpacked += content.len() as u64;
        check(unpacked, entries.len(), most)?;
        let deflated = compress_to_vec(&content, LEVEL);
        let (method, data) =
            if deflated.len() < content.len() { (DEFLATED, &deflated) } else { (STORED, &content) };
        let too_long = |_| Failure::new(format!("`{name}` is too long for a zip"));
        let common = Common {
            flags: if name.is_ascii() { 0 } else { UTF_8 },
            method,
            crc: crc32(&content),
            packed: fits(data.len()),
            unpacked: fits(content.len()),
            name: u16::try_from(name.len()).map_err(too_long)?,
        };
        let offset = fits(zip.len());
        common.local_header(&mut zip);
        zip.extend(name.as_bytes());
        zip.extend(data);
        common.directory_header(&mut directory, mode, offset);
        directory.extend(name.as_bytes());
        if name == BOOTSTRAP {
            bootstrap = content;
        }
    }
    end(&mut zip, &directory, u16::try_from(entries.len()).unwrap_or(u16::MAX));
    Ok(Packed { zip, unpacked, bootstrap })
}

/// The most entries of a zip without the extension ZIP64.
const MOST_ENTRIES: usize = 65_535;

fn check(size: u64, entries: usize, most: u64) -> Result<(), Failure> {
    if size > most {
        let mb = most / (1024 * 1024);
        return Err(Failure::new(format!(
            "unpacked it would have {size} bytes, and Lambda takes {most} ({mb} MB): leave something out, or deploy an image"
        )));
    }
    if entries > MOST_ENTRIES {
        return Err(Failure::new(format!(
            "it would have {entries} entries, and a zip has {MOST_ENTRIES} at most"
        )));
    }
    Ok(())
}

/// Returns a length that `check` has let through.
fn fits(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The fields that both headers of an entry have.
struct Common {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    unpacked: u32,
    name: u16,
}

impl Common {
    /// Writes the header in front of the data (4.3.7), without an extra field.
    fn local_header(&self, to: &mut Vec<u8>) {
        to.extend(b"PK\x03\x04");
        self.fields(to);
    }

    /// Writes the header in the central directory (4.3.12), without an extra field or a comment.
    fn directory_header(&self, to: &mut Vec<u8>, mode: u32, offset: u32) {
        to.extend(b"PK\x01\x02");
        to.extend(MADE_BY.to_le_bytes());
        self.fields(to);
        // Comment, disk, internal attributes.
        to.extend([0; 6]);
        to.extend((mode << 16).to_le_bytes());
        to.extend(offset.to_le_bytes());
    }

    fn fields(&self, to: &mut Vec<u8>) {
        for field in [NEEDED, self.flags, self.method, TIME, DATE] {
            to.extend(field.to_le_bytes());
        }
        for field in [self.crc, self.packed, self.unpacked] {
            to.extend(field.to_le_bytes());
        }
        to.extend(self.name.to_le_bytes());
        to.extend(0_u16.to_le_bytes());
    }
}

/// Writes the central directory and its end (4.3.16).
fn end(zip: &mut Vec<u8>, directory: &[u8], entries: u16) {
    let offset = fits(zip.len());
    zip.extend(directory);
    zip.extend(b"PK\x05\x06");
    // This disk, the one where the directory begins.
    zip.extend([0; 4]);
    zip.extend(entries.to_le_bytes());
    zip.extend(entries.to_le_bytes());
    zip.extend(fits(directory.len()).to_le_bytes());
    zip.extend(offset.to_le_bytes());
    // No comment.
    zip.extend([0; 2]);
}
