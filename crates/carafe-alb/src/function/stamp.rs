//! Notices when the function has been rebuilt.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The files that a command is made of: its program, and arguments that are files.
#[derive(Debug)]
pub(super) struct Files(Vec<PathBuf>);

/// The times and sizes of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp(Vec<Option<(SystemTime, u64)>>);

impl Files {
    pub(super) fn of(command: &[OsString]) -> Files {
        let mut files: Vec<PathBuf> =
            command.iter().skip(1).map(PathBuf::from).filter(|path| path.is_file()).collect();
        files.extend(command.first().and_then(|program| find(program.as_ref())));
        Files(files)
    }

    pub(super) fn stamp(&self) -> Stamp {
        let look = |path: &PathBuf| {
            let data = path.metadata().ok()?;
            Some((data.modified().ok()?, data.len()))
        };
        Stamp(self.0.iter().map(look).collect())
    }
}

impl Stamp {
    /// Whether all files are there: in the middle of a build there is nothing new to start yet.
    pub(super) fn is_whole(&self) -> bool {
        self.0.iter().all(Option::is_some)
    }

    /// Whether a file is missing or has been written to in the last seconds.
    pub(super) fn is_fresh(&self) -> bool {
        let fresh = |changed: SystemTime| changed.elapsed().is_ok_and(|age| age < Duration::from_secs(3));
        self.0.iter().any(|file| file.is_none_or(|(changed, _)| fresh(changed)))
    }
}

/// Finds the file of a program: on `PATH` unless its name has a slash.
fn find(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return Some(program.to_owned());
    }
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}
