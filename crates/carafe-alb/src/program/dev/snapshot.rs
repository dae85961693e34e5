//! The times and sizes of files, to see whether any has changed.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// More files than a project has: a folder that was not meant does not hold up every request.
const MOST: usize = 20_000;

/// The state of files at one time.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot(BTreeMap<PathBuf, (SystemTime, u64)>);

impl Snapshot {
    /// Looks at files, and at everything in folders. Missing ones are left out.
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

    /// Returns what has changed between an earlier snapshot, taken at `began`, and this one, which may be of more files.
    pub(super) fn changes_since(&self, before: &Snapshot, began: SystemTime) -> Changes {
        let gone = before.0.keys().filter(|path| !self.0.contains_key(*path) && !path.exists());
        let changed = self.0.iter().filter(|(path, state)| match before.0.get(*path) {
            // Cargo itself writes it in the middle of a build.
            _ if path.ends_with("Cargo.lock") => false,
            Some(earlier) => earlier != *state,
            None => state.0 >= began,
        });
        Changes(gone.chain(changed.map(|(path, _)| path)).map(|path| (path.clone(), content(path))).collect())
    }
}

/// The files that have changed, each with a hash of its content if it is still there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes(BTreeMap<PathBuf, Option<u64>>);

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn content(path: &Path) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    std::fs::read(path).ok()?.hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_again_is_the_same_change() {
        let folder = std::env::temp_dir().join(format!("carafe-alb-changes-{}", std::process::id()));
        let (file, paths) = (folder.join("generated.rs"), [folder.clone()]);
        std::fs::create_dir_all(&folder).unwrap();
        let write = |text: &str, seconds: u64| {
            std::fs::write(&file, text).unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            std::fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
            Snapshot::of(&paths)
        };
        let began = SystemTime::now();
        let snapshots = [write("a", 1), write("a", 2), write("a", 3)];
        let [first, second, third] = snapshots;
        assert!(first.changes_since(&first, began).is_empty());
        let once = second.changes_since(&first, began);
        assert!(!once.is_empty());
        assert_eq!(third.changes_since(&second, began), once);
        let fourth = write("b", 4);
        assert_ne!(fourth.changes_since(&third, began), once);
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(!Snapshot::of(&paths).changes_since(&fourth, began).is_empty());
    }
}
