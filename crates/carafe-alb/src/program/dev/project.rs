//! What Cargo knows of a project: where its files are, and what it builds.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A project, which may be a workspace.
#[derive(Debug)]
pub(super) struct Project {
    /// Where Cargo builds.
    pub(super) target: PathBuf,
    /// Files and folders that a build depends on, as far as that is known before one.
    pub(super) sources: Vec<PathBuf>,
    packages: Vec<Package>,
}

/// One package of it.
#[derive(Debug)]
pub(super) struct Package {
    id: String,
    /// The program that `cargo run` runs.
    pub(super) default_run: Option<String>,
    /// Whether its programs have the command line of carafe.
    pub(super) uses_carafe: bool,
}

impl Project {
    pub(super) fn package(&self, id: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.id == id)
    }
}

/// Asks Cargo, by the command `cargo metadata`. The error is what that says.
pub(super) fn read(mut metadata: Command) -> Result<Project, String> {
    let output = metadata.output().map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cannot read what `cargo metadata` says: {error}"))?;
    let root = path(metadata.get("workspace_root"));
    let mut sources: Vec<PathBuf> = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"]
        .map(|file| root.join(file))
        .into();
    let mut packages = Vec::new();
    for package in list(&metadata, "packages") {
        let manifest = path(package.get("manifest_path"));
        let folder = manifest.parent().unwrap_or(&root);
        for target in list(package, "targets") {
            let is_built =
                list(target, "kind").iter().all(|kind| !NOT_BUILT.contains(&text(Some(kind)).as_str()));
            sources.extend(is_built.then(|| source(&path(target.get("src_path")), folder)));
        }
        let dependencies = list(package, "dependencies");
        for other in dependencies.iter().filter_map(|dependency| dependency.get("path")) {
            let other = path(Some(other));
            sources.extend([other.join("Cargo.toml"), other.join("src")]);
        }
        let uses_carafe = dependencies.iter().any(|dependency| text(dependency.get("name")) == "carafe");
        let default_run = package.get("default_run").and_then(Value::as_str).map(str::to_owned);
        packages.push(Package { id: text(package.get("id")), default_run, uses_carafe });
        sources.push(manifest);
    }
    sources.sort();
    sources.dedup();
    Ok(Project { target: path(metadata.get("target_directory")), sources, packages })
}

const NOT_BUILT: [&str; 3] = ["bench", "example", "test"];

/// Returns the folder around the root of a crate, whose modules are there; the file alone where that is the package's folder, in
/// which there is everything else as well.
fn source(root: &Path, package: &Path) -> PathBuf {
    root.parent().filter(|folder| *folder != package).unwrap_or(root).to_owned()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn path(value: Option<&Value>) -> PathBuf {
    text(value).into()
}
