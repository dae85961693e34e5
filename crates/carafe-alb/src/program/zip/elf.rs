//! What an ELF file asks of the system that it is started on, as far as its dynamic linker would look. The file may be
//! anything: what is not there is `None`.

use std::fmt;

/// An architecture that Lambda has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Architecture {
    X86_64,
    Arm64,
}

impl Architecture {
    /// Finds an architecture by one of its names.
    pub(super) fn named(name: &str) -> Option<Architecture> {
        match name {
            "x86_64" | "x86-64" | "amd64" => Some(Architecture::X86_64),
            "arm64" | "aarch64" => Some(Architecture::Arm64),
            _ => None,
        }
    }
}

/// The name that Lambda has for it.
impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Architecture::X86_64 => "x86_64",
            Architecture::Arm64 => "arm64",
        })
    }
}

/// A version of glibc.
pub(super) type Version = (u32, u32);

/// What a program for Linux asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Elf {
    /// None for one that Lambda does not have.
    pub(super) architecture: Option<Architecture>,
    /// The program that has to load it; none if it is linked statically.
    pub(super) interpreter: Option<String>,
    /// The newest version of glibc that it wants something of.
    pub(super) glibc: Option<Version>,
    /// Whether it has debug information (DWARF).
    pub(super) has_debug_info: bool,
}

/// Reads an ELF file of 64 bits, little-endian, as both of Lambda's architectures have it. Another file is `None`.
pub(super) fn read(bytes: &[u8]) -> Option<Elf> {
    let file = File(bytes);
    if !bytes.starts_with(b"\x7fELF") {
        return None;
    }
    let wide_and_little = file.bytes(4, 2)? == [2, 1];
    let architecture = match file.u16(18)? {
        62 if wide_and_little => Some(Architecture::X86_64),
        183 if wide_and_little => Some(Architecture::Arm64),
        _ => return Some(Elf { architecture: None, interpreter: None, glibc: None, has_debug_info: false }),
    };
    let segments = Segments::read(&file)?;
    let interpreter = segments.interpreter.and_then(|at| file.text(at));
    let glibc = match segments.dynamic {
        Some(dynamic) => needed_glibc(&file, &segments, dynamic)?,
        None => None,
    };
    let has_debug_info = has_section(&file, ".debug_info").unwrap_or_default();
    Some(Elf { architecture, interpreter, glibc, has_debug_info })
}

/// Bytes of a file, of which any may be missing.
struct File<'a>(&'a [u8]);

impl File<'_> {
    fn bytes(&self, at: u64, length: usize) -> Option<&[u8]> {
        let start = usize::try_from(at).ok()?;
        self.0.get(start..start.checked_add(length)?)
    }

    fn u16(&self, at: u64) -> Option<u16> {
        self.bytes(at, 2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&self, at: u64) -> Option<u32> {
        self.bytes(at, 4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn u64(&self, at: u64) -> Option<u64> {
        self.bytes(at, 8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// Reads a short text that ends with a zero.
    fn text(&self, at: u64) -> Option<String> {
        let rest = self.0.get(usize::try_from(at).ok()?..)?;
        let text = rest.iter().take(LONGEST).take_while(|&&byte| byte != 0).copied().collect();
        String::from_utf8(text).ok()
    }
}

const LONGEST: usize = 256;

/// The segments that matter here.
#[derive(Default)]
struct Segments {
    /// Address, offset in the file, length.
    loaded: Vec<(u64, u64, u64)>,
    /// Offset and length of the dynamic section.
    dynamic: Option<(u64, u64)>,
    interpreter: Option<u64>,
}

impl Segments {
    const LOAD: u32 = 1;
    const DYNAMIC: u32 = 2;
    const INTERPRETER: u32 = 3;

    fn read(file: &File<'_>) -> Option<Segments> {
        let (table, size, count) = (file.u64(32)?, file.u16(54)?, file.u16(56)?);
        let mut found = Segments::default();
        for place in 0..u64::from(count) {
            let at = table.checked_add(place * u64::from(size))?;
            let field = |offset| file.u64(at.checked_add(offset)?);
            let (kind, offset, address, length) = (file.u32(at)?, field(8)?, field(16)?, field(32)?);
            match kind {
                Self::LOAD => found.loaded.push((address, offset, length)),
                Self::DYNAMIC => found.dynamic = Some((offset, length)),
                Self::INTERPRETER => found.interpreter = Some(offset),
                _ => {}
            }
        }
        Some(found)
    }

    /// Returns where in the file an address in memory is.
    fn offset(&self, address: u64) -> Option<u64> {
        self.loaded.iter().find_map(|&(start, offset, length)| {
            let inside = address.checked_sub(start).filter(|&inside| inside < length)?;
            offset.checked_add(inside)
        })
    }
}

/// Returns whether there is a section of this name. A program runs without a table of sections, so a broken one is nothing.
fn has_section(file: &File<'_>, name: &str) -> Option<bool> {
    let (table, size, count) = (file.u64(40)?, u64::from(file.u16(58)?), u64::from(file.u16(60)?));
    let header = |place: u64| table.checked_add(place * size);
    let names = file.u64(header(file.u16(62)?.into())?.checked_add(24)?)?;
    for place in 0..count {
        let at = names.checked_add(file.u32(header(place)?)?.into())?;
        if file.text(at).as_deref() == Some(name) {
            return Some(true);
        }
    }
    Some(false)
}

const STRING_TABLE: u64 = 5;
const VERSIONS: u64 = 0x6fff_fffe;
/// The most entries of a list that are looked at: files of the real world have some dozens.
const MOST: usize = 4096;

/// Returns the newest version of glibc among those that the file needs (`.gnu.version_r`): none is needed where the inner
/// option is empty, and nothing can be read where the outer one is.
fn needed_glibc(file: &File<'_>, segments: &Segments, dynamic: (u64, u64)) -> Option<Option<Version>> {
    let (mut strings, mut needed) = (None, None);
    let (start, length) = dynamic;
    for place in 0..(length / 16).min(MOST as u64) {
        let at = start.checked_add(place * 16)?;
        match file.u64(at)? {
            0 => break,
            STRING_TABLE => strings = Some(file.u64(at.checked_add(8)?)?),
            VERSIONS => needed = Some(file.u64(at.checked_add(8)?)?),
            _ => {}
        }
    }
    let Some(needed) = needed else { return Some(None) };
    let strings = segments.offset(strings?)?;
    let mut library = segments.offset(needed)?;
    let mut newest = None;
    // Both lists lead on by distances from one entry to the next; the last one has none.
    let mut left = MOST;
    loop {
        let mut version = library.checked_add(u64::from(file.u32(library.checked_add(8)?)?))?;
        for _ in 0..file.u16(library.checked_add(2)?)? {
            let name = u64::from(file.u32(version.checked_add(8)?)?);
            let name = file.text(strings.checked_add(name)?)?;
            newest = newest.max(glibc(&name));
            let next = file.u32(version.checked_add(12)?)?;
            left = left.checked_sub(1)?;
            if next == 0 {
                break;
            }
            version = version.checked_add(next.into())?;
        }
        let next = file.u32(library.checked_add(12)?)?;
        left = left.checked_sub(1)?;
        if next == 0 {
            return Some(newest);
        }
        library = library.checked_add(next.into())?;
    }
}

/// Reads the version of glibc in the name of a version, such as `GLIBC_2.34`.
fn glibc(name: &str) -> Option<Version> {
    // The linker's `-z pack-relative-relocs` marks its files so; glibc 2.36 is the first to know it.
    if name == "GLIBC_ABI_DT_RELR" {
        return Some((2, 36));
    }
    let mut numbers = name.strip_prefix("GLIBC_")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
#[path = "elf_tests.rs"]
mod tests;
