//! Whether a program fits onto Amazon Linux 2023, which Lambda's runtime provided.al2023 is, and is built for it.

use std::fmt;
use std::path::Path;

use super::elf::{self, Architecture, Elf, Version};

/// The version of glibc in Amazon Linux 2023 (its release notes).
const GLIBC: Version = (2, 34);

/// What a file is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Program(Elf),
    Script,
    /// It begins like a program, and is broken.
    Broken,
    Else,
}

/// Looks what a file is.
pub(super) fn look(bytes: &[u8]) -> Found {
    match elf::read(bytes) {
        Some(elf) => Found::Program(elf),
        None if bytes.starts_with(b"\x7fELF") => Found::Broken,
        None if bytes.starts_with(b"#!") => Found::Script,
        None => Found::Else,
    }
}

impl Found {
    /// Returns the architecture that the function has to be deployed for, if that can be told.
    pub(super) fn architecture(&self) -> Option<Architecture> {
        match self {
            Found::Program(elf) => elf.architecture,
            _ => None,
        }
    }

    /// Returns the sentences about what would keep the program from starting, or make it slow.
    pub(super) fn warnings(&self, binary: &Path, wanted: Option<Architecture>) -> Vec<String> {
        let name = binary.display();
        let elf = match self {
            Found::Program(elf) => elf,
            Found::Script => {
                return vec![format!(
                    "{name} is a script: whether what it starts fits onto Lambda is not looked at"
                )];
            }
            Found::Broken => {
                return vec![format!(
                    "{name} begins as a program for Linux (ELF) does, and cannot be read: was it cut off?"
                )];
            }
            Found::Else => {
                return vec![format!("{name} is not a program for Linux (ELF), so Lambda cannot start it")];
            }
        };
        let Some(own) = elf.architecture else {
            return vec![format!(
                "{name} is for an architecture that Lambda does not have: build for x86_64 or arm64"
            )];
        };
        let mut found = Vec::new();
        if let Some(wanted) = wanted.filter(|&wanted| wanted != own) {
            found.push(format!(
                "{name} is for {own}, not for {wanted}: a function for {wanted} could not start it"
            ));
        }
        if let Some((major, minor)) = elf.glibc.filter(|&needed| needed > GLIBC) {
            let (most, least) = GLIBC;
            found.push(format!(
                "{name} needs glibc {major}.{minor}, and Amazon Linux 2023 has {most}.{least}: build with `cargo lambda \
                 build --release`, on a system that is no newer, or statically"
            ));
        }
        if let Some(loader) = elf.interpreter.as_deref().filter(|loader| loader.contains("musl")) {
            found.push(format!(
                "{name} is linked with musl dynamically, and Lambda has no {}: link it statically",
                loader.escape_debug()
            ));
        }
        if let Some(why) = looks_unoptimized(binary, elf) {
            found.push(format!(
                "{name} looks like a debug build ({why}), which is large and slow: build with `cargo build --release`"
            ));
        }
        found
    }
}

/// Returns by what a program looks like one that is not optimized. Cargo puts it into a folder of that name; where another tool has
/// put it elsewhere, its debug information tells. A release build may want that for its backtraces.
fn looks_unoptimized(binary: &Path, elf: &Elf) -> Option<&'static str> {
    let path = binary.canonicalize().ok()?;
    match path.parent()?.file_name()?.to_str() {
        Some("debug") => Some("it is in a folder `debug`"),
        Some("release") => None,
        _ => elf.has_debug_info.then_some("it has debug information"),
    }
}

/// A few words on what it is.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elf = match self {
            Found::Program(elf) => elf,
            Found::Script => return f.write_str("a script"),
            Found::Broken | Found::Else => return f.write_str("no program"),
        };
        match elf.architecture {
            Some(architecture) => write!(f, "{architecture}")?,
            None => f.write_str("another architecture")?,
        }
        match (elf.glibc, &elf.interpreter) {
            (Some((major, minor)), _) => write!(f, ", glibc {major}.{minor}"),
            (None, Some(_)) => Ok(()),
            (None, None) => f.write_str(", static"),
        }
    }
}
