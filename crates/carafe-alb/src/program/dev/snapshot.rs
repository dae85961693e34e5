//! The times and sizes of files, to see whether any has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// More files than a project has: a folder that was not meant does not hold up every request.
const MOST: usize = 20_000;

/// The state of files at one time.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot(BTreeMap<PathBuf, (SystemTime, u64)>);

impl Snapshot {
    /// Looks at files, and at all that is in folders. What is not there is left out.
    pub(super) fn of(paths: &[PathBuf]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for path in paths {
            snapshot.add(path);
        }
        snapshot
    }

    fn add(&mut self, path: &Path) {
        let Ok(data) = path.metadata() else { return };
        if self.0.len() >= MOST {
            return;
        }
        if data.is_dir() {
            let entries = path.read_dir().into_iter().flatten().flatten();
            // Of editors and of Git; and a folder that links to one around it would have no end.
            for entry in entries.filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
                let is_link_to_folder = entry.path().is_symlink() && entry.path().is_dir();
                if !is_link_to_folder {
                    self.add(&entry.path());
                }
            }
        } else if let Ok(modified) = data.modified() {
            self.0.insert(path.to_owned(), (modified, data.len()));
        }
    }

    /// Whether files have changed between an earlier snapshot, taken at `began`, and this one, which may be of more files.
    pub(super) fn differs_from(&self, before: &Snapshot, began: SystemTime) -> bool {
        let gone = before.0.keys().any(|path| !self.0.contains_key(path) && !path.exists());
        gone || self.0.iter().any(|(path, state)| match before.0.get(path) {
            // Cargo itself writes it in the middle of a build.
            _ if path.ends_with("Cargo.lock") => false,
            Some(earlier) => earlier != state,
            None => state.0 >= began,
        })
    }
}
