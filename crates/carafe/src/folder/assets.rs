//! The folders of an app, and the names under which their files are kept for good.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::names;
use super::source::Folder;
use crate::{Error, Result};

/// What stands in a path as it is: RFC 3986's unreserved characters, and the slash.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The folders that an app serves, each with its prefix.
#[derive(Clone, Debug, Default)]
pub(super) struct Assets(Vec<(String, Folder)>);

impl Assets {
    pub(super) fn add(&mut self, prefix: &str, folder: Folder) {
        self.0.push((prefix.to_owned(), folder));
    }

    /// Returns the path of a file, with a hash in its name: of the first folder that has it.
    pub(super) fn url(&self, name: &str) -> Result<String> {
        let mut found = self.0.iter().filter_map(|(prefix, folder)| Some((prefix, folder.file(name)?)));
        let Some((prefix, file)) = found.next() else { return Err(self.missing(name)) };
        match file.etag() {
            Some(etag) => {
                let path = format!("{prefix}/{}", names::with_hash(name, &etag));
                Ok(utf8_percent_encode(&path, ESCAPED).to_string())
            }
            None => Err(Error::from(format!("the asset {name:?} cannot be read"))),
        }
    }

    fn missing(&self, name: &str) -> Error {
        if self.0.is_empty() {
            return Error::from(format!("no asset {name:?}: the app serves no folder, see `App::files`"));
        }
        let prefixes: Vec<String> = self.0.iter().map(|(prefix, _)| format!("`{prefix}/`")).collect();
        Error::from(format!("no asset {name:?} in what is served under {}", prefixes.join(", ")))
    }
}
