//! Files in the program.

use std::sync::OnceLock;

use crate::File;

/// One file that `embed!` built in.
#[derive(Debug)]
pub struct EmbeddedFile {
    name: &'static str,
    bytes: &'static [u8],
    /// The same content compressed, where that is shorter for a load balancer.
    gzip: Option<&'static [u8]>,
    etag: OnceLock<String>,
}

impl EmbeddedFile {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, bytes: &'static [u8], gzip: Option<&'static [u8]>) -> EmbeddedFile {
        EmbeddedFile { name, bytes, gzip, etag: OnceLock::new() }
    }

    pub(super) fn has(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes
    }

    pub(super) fn file(&self) -> File {
        let own = self.name.rsplit('/').next().unwrap_or(self.name);
        let file = File::new(own, self.bytes);
        let etag = self.etag.get_or_init(|| file.etag().unwrap_or_default());
        let file = file.with_etag(etag.as_str());
        match self.gzip {
            Some(gzip) => file.gzip(gzip),
            None => file,
        }
    }
}

/// Finds a file among others that are sorted by name.
pub(super) fn find<'f>(files: &'f [EmbeddedFile], name: &str) -> Option<&'f EmbeddedFile> {
    let found = files.binary_search_by(|file| file.name.cmp(name)).ok()?;
    files.get(found)
}

#[cfg(feature = "templates")]
pub(super) fn file_names(files: &[EmbeddedFile]) -> Vec<String> {
    files.iter().map(|file| file.name.to_owned()).collect()
}
