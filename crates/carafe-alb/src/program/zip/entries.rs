//! What goes into the zip: names, sorted, with the files behind them.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use super::super::failure::Failure;

/// The name of the function's program in the zip.
pub(super) const BOOTSTRAP: &str = "bootstrap";

/// One entry of the zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A folder; its name ends with `/`.
    Folder,
    File {
        path: PathBuf,
        executable: bool,
    },
}

/// Collects the entries of a zip by their names. The zip itself, left there by an earlier run, is not among them.
pub(super) fn collect(
    binary: &Path,
    include: &[PathBuf],
    output: &Path,
) -> Result<BTreeMap<String, Entry>, Failure> {
    let kind = binary.metadata().map_err(|error| unreadable(binary, &error))?;
    if !kind.is_file() {
        return Err(Failure::new(format!("{} is not a file: name the function's program", binary.display())));
    }
    let output = output.canonicalize().ok();
    let mut found = Found { output, root: Default::default(), entries: BTreeMap::new() };
    for given in include {
        let name = name(given)?;
        found.root = (given.clone(), given.canonicalize().map_err(|error| unreadable(given, &error))?);
        found.add(given, &name, &mut Vec::new())?;
    }
    if found.entries.contains_key(BOOTSTRAP) || found.entries.contains_key("bootstrap/") {
        return Err(Failure::new(
            "what is included has a `bootstrap` of its own, where the function's program has to be",
        ));
    }
    let bootstrap = Entry::File { path: binary.to_owned(), executable: true };
    found.entries.insert(BOOTSTRAP.to_owned(), bootstrap);
    Ok(found.entries)
}

struct Found {
    output: Option<PathBuf>,
    /// The folder that is being included, as it was given and without links.
    root: (PathBuf, PathBuf),
    entries: BTreeMap<String, Entry>,
}

impl Found {
    /// Adds a file, or a folder with all that is in it; `above` are the folders around it.
    fn add(&mut self, path: &Path, name: &str, above: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let real = path.canonicalize().map_err(|error| unreadable(path, &error))?;
        if self.output.as_ref() == Some(&real) {
            return Ok(());
        }
        // Links are followed, since Lambda has only what is in the zip; but what is elsewhere was not asked for.
        let (given, root) = &self.root;
        if !real.starts_with(root) {
            return Err(Failure::new(format!(
                "{} is a link to {}, which is outside of {}: put a copy in its place, or leave the link out",
                path.display(),
                real.display(),
                given.display()
            )));
        }
        let data = path.metadata().map_err(|error| unreadable(path, &error))?;
        if data.is_file() {
            let executable = data.permissions().mode() & 0o100 != 0;
            self.entries.insert(name.to_owned(), Entry::File { path: path.to_owned(), executable });
            return Ok(());
        }
        if !data.is_dir() {
            return Err(Failure::new(format!("{} is neither a file nor a folder", path.display())));
        }
        if above.contains(&real) {
            return Err(Failure::new(format!("{} is a link to a folder around it", path.display())));
        }
        let prefix = if name.is_empty() { String::new() } else { format!("{name}/") };
        if !prefix.is_empty() {
            self.entries.insert(prefix.clone(), Entry::Folder);
        }
        above.push(real);
        for inner in std::fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
            let inner = inner.map_err(|error| unreadable(path, &error))?;
            let inner_name = text(&inner.path(), &inner.file_name())?;
            self.add(&inner.path(), &format!("{prefix}{inner_name}"), above)?;
        }
        above.pop();
        Ok(())
    }
}

/// Returns the name in the zip of what is included, which is the path as it is given.
fn name(given: &Path) -> Result<String, Failure> {
    let mut parts = Vec::new();
    for component in given.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(text(given, part)?),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(Failure::new(format!(
                    "--include {}: its path is its name in the zip, so it has to be below the current folder; \
                     go to the folder that it is in, and name it from there",
                    given.display()
                )));
            }
        }
    }
    Ok(parts.join("/"))
}

fn text(path: &Path, part: &std::ffi::OsStr) -> Result<String, Failure> {
    let text = part.to_str().filter(|text| !text.contains('\\'));
    text.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("{} has a name that is not UTF-8, or has a backslash in it", path.display()))
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot read {}: {error}", path.display()))
}
