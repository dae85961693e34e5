//! Where the files of a folder come from.

use std::path::PathBuf;

use super::embedded::{self, EmbeddedFile};
use super::names;
use crate::File;

/// A folder of files, for [`App::files`](crate::App::files): deployed with the program, or built into it by `embed!`.
///
/// ```
/// use carafe::{App, Folder};
///
/// let app = App::new().files("/static", Folder::new("tests/static"));
/// let reply = app.test().get("/static/app.css").send();
/// assert_eq!(reply.header("content-type"), Some("text/css; charset=UTF-8"));
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where the files are read from, if anywhere.
    directory: Option<PathBuf>,
    embedded: Option<&'static [EmbeddedFile]>,
}

impl Folder {
    /// Names a folder that is deployed with the program. One that is not absolute is sought where the program runs, which on
    /// Lambda is where it was unpacked; under `cargo run` and `carafe-alb dev` also beside `Cargo.toml`, wherever those are typed.
    pub fn new(folder: impl Into<PathBuf>) -> Folder {
        let folder = folder.into();
        let beside_manifest = || {
            let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
            // An empty name would be the whole package.
            Some(manifest.join(&folder)).filter(|found| found.is_dir() && !folder.as_os_str().is_empty())
        };
        let found = if folder.is_dir() { None } else { beside_manifest() };
        Folder { directory: Some(found.unwrap_or(folder)), embedded: None }
    }

    /// Makes the folder of `embed!`: `directory` is where the files came from, and empty in a release build.
    #[doc(hidden)]
    pub fn embedded(directory: &str, files: &'static [EmbeddedFile]) -> Folder {
        let directory = (!directory.is_empty()).then(|| PathBuf::from(directory));
        Folder { directory: directory.filter(|directory| directory.is_dir()), embedded: Some(files) }
    }

    /// Returns a file, unless it is not there or not for clients.
    pub(crate) fn file(&self, name: &str) -> Option<File> {
        if !names::is_served(name) {
            return None;
        }
        let embedded = self.embedded.and_then(|files| embedded::find(files, name));
        let Some(directory) = &self.directory else { return embedded.map(EmbeddedFile::file) };
        let file = File::under(directory, name);
        match embedded {
            // Unchanged, it is as in a release build: with its compressed form.
            Some(embedded) if file.bytes().is_some_and(|bytes| embedded.has(bytes)) => Some(embedded.file()),
            _ => file.is_there().then_some(file),
        }
    }

    /// Returns the names of all files, and whether they may change while the program runs.
    #[cfg(feature = "templates")]
    pub(crate) fn file_names(&self) -> (Vec<String>, bool) {
        match (&self.directory, self.embedded) {
            (Some(directory), _) => (names::below(directory), cfg!(debug_assertions)),
            (None, embedded) => (embedded::file_names(embedded.unwrap_or_default()), false),
        }
    }

    /// Says what is wrong with the folder itself.
    pub(crate) fn problem(&self) -> Option<String> {
        let directory = self.directory.as_deref().filter(|directory| !directory.is_dir())?;
        let from = std::env::current_dir().unwrap_or_default();
        Some(format!(
            "no folder {directory:?}, seen from {}: deploy it with the program, or build it in with `embed!`",
            from.display()
        ))
    }
}
