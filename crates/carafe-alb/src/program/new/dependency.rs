//! The dependency on carafe, as it stands in a project's manifest.

use std::path::{Path, PathBuf};

use super::super::failure::Failure;
use super::templates::Part;

/// The version that is meant to be published.
const VERSION: &str = "0.1";

/// Where this program was compiled: a clone of carafe's repository, or a registry's copy of this crate alone.
const BUILT_IN: &str = env!("CARGO_MANIFEST_DIR");

/// Returns the value of `carafe = …`: by path to a clone that is named or that built this program, otherwise by version.
pub(super) fn carafe(given: Option<&Path>, parts: &[Part]) -> Result<String, Failure> {
    let path = match given {
        Some(clone) => Some(find(clone).ok_or_else(|| {
            Failure::new(format!(
                "--carafe {}: there is no carafe, which has crates/carafe/Cargo.toml",
                clone.display()
            ))
        })?),
        None => Path::new(BUILT_IN).ancestors().nth(2).and_then(find),
    };
    let source = match path {
        Some(path) => {
            let text = path.to_str().ok_or_else(|| {
                Failure::new(format!("{} is not UTF-8, so it cannot stand in Cargo.toml", path.display()))
            })?;
            format!("path = {}", quoted(text))
        }
        None => format!("version = \"{VERSION}\""),
    };
    Ok(match (parts.contains(&Part::Admin), source.strip_prefix("version = ")) {
        (true, _) => format!("{{ {source}, features = [\"embed\", \"sessions\", \"templates\"] }}"),
        (false, Some(version)) => version.to_owned(),
        (false, None) => format!("{{ {source} }}"),
    })
}

/// Finds the crate in a clone, or in its own folder.
fn find(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_carafe = |folder: &PathBuf| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line.trim() == "name = \"carafe\"")
    };
    [folder.join("crates/carafe"), folder].into_iter().find(is_carafe)
}

/// Writes a string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            control if control.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(control))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_are_quoted() {
        assert_eq!(super::quoted("/a b/\"c\"\\\n"), "\"/a b/\\\"c\\\"\\\\\\u000A\"");
    }
}
