//! The modules of this crate know each other in one direction only.
#![expect(clippy::expect_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Returns the Rust files below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Returns the path of a module, such as `["json", "reader"]`.
fn module(root: &Path, file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(root).expect("inside").with_extension("");
    inside.iter().map(|piece| piece.to_string_lossy().into_owned()).collect()
}

/// Returns a source without its comments, which may point anywhere.
fn code(source: &str) -> String {
    source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Returns the words that begin with `prefix`, each of them up to the next `::`, lists in braces taken apart.
fn named<'t>(text: &'t str, prefix: &str) -> Vec<&'t str> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let rest = &text[at + prefix.len()..];
        let list = rest.strip_prefix('{').map(|list| list.split('}').next().unwrap_or_default());
        let pieces = list.unwrap_or(rest).split(',').take(if list.is_some() { usize::MAX } else { 1 });
        names.extend(
            pieces.filter_map(|piece| piece.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next()),
        );
    }
    names
}

/// Fails if a walk from any module comes back to it.
fn assert_acyclic(graph: &Graph) {
    for start in graph.keys() {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = graph[start].iter().collect();
        while let Some(next) = open.pop() {
            assert_ne!(next, start, "a cycle through {start}: {graph:?}");
            if reached.insert(next) {
                open.extend(graph.get(next).into_iter().flatten());
            }
        }
    }
}

#[test]
fn there_are_no_cycles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules: Vec<(Vec<String>, String)> = files(&root)
        .iter()
        .map(|file| (module(&root, file), code(&fs::read_to_string(file).expect("a source"))))
        .filter(|(path, _)| *path != ["lib"])
        .collect();
    let names: BTreeSet<&str> = modules.iter().map(|(path, _)| path[0].as_str()).collect();

    // From room to room.
    let mut rooms = Graph::new();
    // Between the rooms inside each of them.
    let mut inside: BTreeMap<&str, Graph> = BTreeMap::new();
    for (path, text) in &modules {
        for name in named(text, "crate::") {
            assert!(
                names.contains(name),
                "{path:?} names crate::{name}, which hides the module it comes from"
            );
            if name != path[0] {
                rooms.entry(path[0].clone()).or_default().insert(name.to_owned());
            }
        }
        if let [room, own] = path.as_slice() {
            let siblings = inside.entry(room).or_default();
            let known =
                |name: &&str| modules.iter().any(|(path, _)| path.as_slice() == [room.as_str(), *name]);
            let others = named(text, "super::").into_iter().filter(known).filter(|name| name != own);
            siblings.entry(own.clone()).or_default().extend(others.map(str::to_owned));
        }
    }
    assert!(rooms.len() > 5, "{rooms:?}");
    assert_acyclic(&rooms);
    inside.values().for_each(assert_acyclic);
}
