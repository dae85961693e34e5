//! The files of a folder, while the program is compiled.

use std::fs;
use std::path::{Path, PathBuf};

use super::gzip;
use super::length::event_length;

/// One file, by its name below the folder, with slashes.
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Its compressed form, where that makes the event shorter.
    pub(super) gzip: Option<Vec<u8>>,
}

/// Endings of files that are compressed already.
const COMPRESSED: [&str; 23] = [
    "7z", "avif", "br", "bz2", "docx", "gif", "gz", "jpeg", "jpg", "m4a", "mp3", "mp4", "odt", "ogg", "png",
    "webm", "webp", "woff", "woff2", "xlsx", "xz", "zip", "zst",
];

/// Reads all files of a folder that are served, sorted by name, or says what is wrong with it.
pub(super) fn below(folder: &Path, compress: bool) -> Result<Vec<File>, String> {
    let root = folder.canonicalize().ok().filter(|root| root.is_dir());
    let Some(root) = root else {
        return Err("there is no such folder beside Cargo.toml".to_owned());
    };
    let mut files = Vec::new();
    let mut walk = Walk { root: root.clone(), open: vec![root.clone()], files: &mut files, compress };
    walk.directory(&root, "")?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

struct Walk<'f> {
    root: PathBuf,
    /// The folders that the walk is in.
    open: Vec<PathBuf>,
    files: &'f mut Vec<File>,
    compress: bool,
}

impl Walk<'_> {
    fn directory(&mut self, directory: &Path, prefix: &str) -> Result<(), String> {
        let unreadable = |error: std::io::Error| format!("`{prefix}` cannot be read: {error}");
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let own = entry.file_name();
            let Some(own) = own.to_str() else {
                return Err(format!("`{prefix}{}` is not a name in UTF-8", own.display()));
            };
            let is_hidden = own.starts_with('.') && !(prefix.is_empty() && own == ".well-known");
            if is_hidden || own.contains('\\') {
                continue;
            }
            self.entry(&entry.path(), format!("{prefix}{own}"))?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, name: String) -> Result<(), String> {
        let unreadable = |error: std::io::Error| format!("`{name}` cannot be read: {error}");
        let place = path.canonicalize().map_err(unreadable)?;
        if !place.starts_with(&self.root) {
            return Err(format!(
                "`{name}` is a link that leads out of the folder; put the file itself there"
            ));
        }
        if !place.is_dir() {
            let bytes = fs::read(&place).map_err(unreadable)?;
            let gzip = if self.compress { compressed(&name, &bytes) } else { None };
            self.files.push(File { name, bytes, gzip });
            return Ok(());
        }
        if self.open.contains(&place) {
            return Err(format!("`{name}` is a link that leads in a circle"));
        }
        self.open.push(place);
        self.directory(path, &format!("{name}/"))?;
        self.open.pop();
        Ok(())
    }
}

/// Returns the compressed form if it takes a twentieth off the event, in which it stands as base64.
fn compressed(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    if COMPRESSED.contains(&ending.as_str()) {
        return None;
    }
    let gzip = gzip::compress(bytes);
    let pays = event_length(&gzip) < event_length(bytes) / 20 * 19;
    pays.then_some(gzip)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::below;

    /// An empty folder for a test, beside one file.
    fn folder(name: &str) -> std::io::Result<PathBuf> {
        let root = std::env::temp_dir().join(format!("carafe-embed-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("static"))?;
        fs::write(root.join("secret.txt"), "secret")?;
        Ok(root.join("static"))
    }

    #[test]
    fn files_are_sorted_and_compressed_where_it_pays() {
        let folder = folder("files").unwrap();
        for (name, content) in [
            ("b.txt", "line\n".repeat(500)),
            ("a.css", "p {}".to_owned()),
            ("c/d.txt", String::new()),
            ("c.png", "line\n".repeat(500)),
            (".env", "secret".to_owned()),
            ("c/.git/config", "secret".to_owned()),
            (".well-known/security.txt", "Contact".to_owned()),
        ] {
            fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
            fs::write(folder.join(name), content).unwrap();
        }
        symlink("b.txt", folder.join("link.txt")).unwrap();
        let told: Vec<(String, bool)> =
            below(&folder, true).unwrap().into_iter().map(|file| (file.name, file.gzip.is_some())).collect();
        let expected = [
            (".well-known/security.txt", false),
            ("a.css", false),
            ("b.txt", true),
            ("c.png", false),
            ("c/d.txt", false),
            ("link.txt", true),
        ];
        assert_eq!(told, expected.map(|(name, gzip)| (name.to_owned(), gzip)));
        assert!(below(&folder, false).unwrap().iter().all(|file| file.gzip.is_none()));
    }

    #[test]
    fn what_cannot_be_served_is_a_mistake() {
        assert!(
            below(&folder("gone").unwrap().join("none"), true)
                .is_err_and(|error| error.contains("no such folder"))
        );
        for (to, part) in
            [("../secret.txt", "leads out"), ("..", "leads out"), (".", "in a circle"), ("gone", "be read")]
        {
            let folder = folder("links").unwrap();
            symlink(to, folder.join("link")).unwrap();
            let error = below(&folder, true).err().unwrap_or_default();
            assert!(error.contains(part) && error.contains("`link`"), "{to}: {error}");
        }
    }
}
