//! The modules of a crate: one a file.

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::uses::Uses;

/// A module that has a file of its own.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its path in the crate: `["argument", "probe"]`; empty for `lib.rs`.
    pub path: Vec<String>,
    /// The file's path, as it was found.
    pub file: PathBuf,
    /// What the file uses.
    pub uses: Uses,
}

/// Reads all modules below a crate's `src` that are compiled into its library outside of tests.
///
/// # Errors
///
/// A file cannot be read, or is not Rust.
pub fn modules(src: &Path) -> Result<Vec<Module>, Box<dyn Error>> {
    let mut found = Vec::new();
    for file in rust_files(src)? {
        let path = module_path(file.strip_prefix(src)?);
        if path == ["main"] {
            continue;
        }
        let text = std::fs::read_to_string(&file)?;
        let uses = Uses::parse(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        found.push(Module { path, file, uses });
    }
    let tests: Vec<Vec<String>> = found
        .iter()
        .flat_map(|module| module.uses.test_modules.iter().map(|name| child(&module.path, name)))
        .collect();
    found.retain(|module| !tests.iter().any(|test| module.path.starts_with(test)));
    Ok(found)
}

/// Returns all `.rs` files below a directory, sorted; not what was built, nor what a link leads to, which is elsewhere.
///
/// # Errors
///
/// The directory cannot be read.
pub fn rust_files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            if path.ends_with("target") {
                continue;
            }
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the path of the module that a file below `src` holds.
fn module_path(file: &Path) -> Vec<String> {
    let path = file.with_extension("");
    let path = path.iter().map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>();
    if path == ["lib"] { Vec::new() } else { path }
}

fn child(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_module() {
        assert_eq!(module_path(Path::new("lib.rs")), Vec::<String>::new());
        assert_eq!(module_path(Path::new("json.rs")), ["json"]);
        assert_eq!(module_path(Path::new("json/reader.rs")), ["json", "reader"]);
    }
}
