//! Events and answers as files, to be used as fixtures.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::Error;

/// A folder for recordings.
#[derive(Debug)]
pub(crate) struct Recorder {
    folder: PathBuf,
    number: AtomicU32,
}

/// The files of one request.
#[derive(Debug)]
pub(crate) struct Recording(PathBuf);

impl Recorder {
    /// Opens or makes the folder, and goes on after the last number in it.
    pub(crate) fn open(folder: &Path) -> Result<Recorder, Error> {
        let problem = |source| Error::Write { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(problem)?;
        let mut last = 0;
        for file in std::fs::read_dir(folder).map_err(problem)? {
            let name = file.map_err(problem)?.file_name().to_string_lossy().into_owned();
            let number = name.split('-').next().and_then(|number| number.parse().ok());
            last = last.max(number.unwrap_or(0));
        }
        Ok(Recorder { folder: folder.to_owned(), number: AtomicU32::new(last) })
    }

    /// Names the files of the next request, such as `0001-GET-hello-Ann`: only characters that are safe in a file name.
    pub(crate) fn next(&self, method: &str, path: &str) -> Recording {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let words = path.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<_> = words.take(6).collect();
        let mut name = format!("{number:04}-{method}-{}", words.join("-"));
        name.truncate(60);
        Recording(self.folder.join(name.trim_end_matches('-')))
    }
}

impl Recording {
    /// Writes `….event.json` or `….answer.json`; with both modes the second pair is `….other-event.json`.
    ///
    /// # Errors
    ///
    /// The file cannot be written; the text is for the terminal.
    pub(crate) async fn write(&self, what: &str, json: &[u8]) -> Result<(), String> {
        let mut path = self.0.clone().into_os_string();
        path.push(format!(".{what}.json"));
        let problem = |error| format!("cannot record {}: {error}", Path::new(&path).display());
        let Err(error) = tokio::fs::write(&path, json).await else { return Ok(()) };
        // On a full disk a file can be made and not be filled: half of an event is none.
        let _ = tokio::fs::remove_file(&path).await;
        Err(problem(error))
    }
}
