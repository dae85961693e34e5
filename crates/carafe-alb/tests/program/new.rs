//! `carafe-alb new`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::folder::Folder;
use super::{Ran, carafe_alb};

/// All that `--with` can be.
const PARTS: [&str; 8] = [
    "",
    "admin",
    "dynamodb",
    "admin,dynamodb",
    "terraform",
    "admin,terraform",
    "dynamodb,terraform",
    "admin,dynamodb,terraform",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// Makes a project, with the lock file of this repository, so that Cargo has nothing to look for elsewhere.
pub(super) fn made(folder: &Folder, name: &str, parts: &str) -> PathBuf {
    let mut line = vec!["new", name];
    if !parts.is_empty() {
        line.extend(["--with", parts]);
    }
    let ran = carafe_alb(folder.path(), &line);
    assert_eq!(ran.code, Some(0), "{}", ran.error);
    let project = folder.path().join(name);
    std::fs::copy(root().join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    project
}

/// Returns all files below a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    fn add(folder: &Path, root: &Path, to: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(&path, root, to);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                to.insert(path.strip_prefix(root).unwrap().to_owned(), text);
            }
        }
    }
    let mut found = BTreeMap::new();
    add(folder, folder, &mut found);
    found
}

/// Runs Cargo in a project, where the rest of the repository was built.
fn cargo(project: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .current_dir(project)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("CARGO_MANIFEST_DIR");
    command.output().unwrap().into()
}

pub(super) fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

#[test]
fn every_file_of_the_templates_is_in_some_project() {
    let folder = Folder::new("new-files");
    let all = files(&made(&folder, "all", "admin,dynamodb,terraform"));
    for part in ["app", "admin", "dynamodb", "terraform"] {
        for (path, text) in files(&root().join("templates").join(part)) {
            let name = path.display().to_string();
            let found = all.get(&path);
            // `cargo lambda new` alone reads it.
            assert_eq!(found.is_some(), name != "CargoLambda.toml", "{part}: {name}");
            assert!(
                found.is_none_or(|found| text.contains("{{ project_name }}")
                    || text.contains("{%-")
                    || *found == text),
                "{name}"
            );
        }
    }
}

#[test]
fn the_whole_module_is_copied() {
    let folder = Folder::new("new-module");
    let copied = files(&made(&folder, "app", "terraform").join("deploy/terraform"));
    let mut all = files(&root().join("deploy/terraform"));
    all.retain(|path, _| {
        let is_apart = path.iter().any(|part| part == "tests" || part == "examples");
        !is_apart && path.extension().is_some_and(|extension| extension == "tf" || extension == "md")
    });
    assert!(all.len() > 10);
    assert_eq!(
        copied.keys().collect::<Vec<_>>(),
        all.keys().collect::<Vec<_>>(),
        "list them in new/module.rs"
    );
    assert_eq!(copied, all);
}

#[test]
fn nothing_is_left_to_fill_in_and_parts_bring_their_files() {
    let folder = Folder::new("new-parts");
    for parts in PARTS {
        let name = format!("x-{}", parts.replace(',', "-"));
        let files = files(&made(&folder, name.trim_end_matches('-'), parts));
        for (path, text) in &files {
            let is_page = path.extension().is_some_and(|extension| extension == "html");
            if path.starts_with("deploy/terraform") {
                continue;
            }
            assert!(
                is_page || !text.contains("{{ ") && !text.contains("{%"),
                "{parts}: {}: {text}",
                path.display()
            );
            assert!(!text.contains("\n\n\n"), "{parts}: {}: {text}", path.display());
        }
        for (part, file) in [
            ("admin", "src/admin.rs"),
            ("dynamodb", "src/visits/dynamodb.rs"),
            ("terraform", "deploy/main.tf"),
        ] {
            assert_eq!(files.contains_key(Path::new(file)), parts.contains(part), "{parts}: {file}");
        }
        let manifest = files.get(Path::new("Cargo.toml")).unwrap();
        // Below this repository it would count as a part of it.
        assert!(manifest.contains("\n[workspace]\n"), "{manifest}");
        let dependency = format!("carafe = {{ path = \"{}\"", root().join("crates/carafe").display());
        assert!(manifest.contains(&dependency), "{manifest}");
    }
}

#[test]
fn another_clone_may_be_named() {
    let folder = Folder::new("new-clone");
    folder.write("a \"clone\"/crates/carafe/Cargo.toml", "[package]\nname = \"carafe\"\n");
    let ran = carafe_alb(folder.path(), &["new", "app", "--carafe", "a \"clone\""]);
    assert_eq!(ran.code, Some(0), "{}", ran.error);
    let manifest = std::fs::read_to_string(folder.path().join("app/Cargo.toml")).unwrap();
    let path = folder.path().join("a \\\"clone\\\"/crates/carafe");
    assert!(manifest.contains(&format!("carafe = {{ path = \"{}\" }}", path.display())), "{manifest}");
}

#[test]
fn mistakes() {
    let folder = Folder::new("new-mistakes");
    folder.write("there/file", "");
    for (line, code, words) in [
        ("", 2, "the project needs a name"),
        ("there", 1, "there is there already: take another name"),
        ("a/b", 1, "it is a path"),
        ("fn", 1, "it is a keyword of Rust"),
        ("1st", 1, "it has to begin with a letter"),
        ("app --with login", 2, "--with cannot be `login`; it can be admin, dynamodb and terraform"),
        ("app --with admin,", 2, "--with cannot be ``"),
        ("app --carafe there", 1, "--carafe there: there is no carafe"),
        ("app other", 2, "unexpected argument"),
    ] {
        let arguments: Vec<&str> = std::iter::once("new").chain(line.split_whitespace()).collect();
        let ran = carafe_alb(folder.path(), &arguments);
        assert!(ran.code == Some(code) && ran.error.contains(words), "{line}: {ran:?}");
        assert!(!folder.path().join("app").exists(), "{line}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("there")).unwrap().count(), 1);
    let ran = carafe_alb(folder.path(), &["new", "--help"]);
    assert!(ran.code == Some(0) && ran.out.starts_with("Usage: carafe-alb new NAME"), "{ran:?}");
}

/// Builds and tests all that differ in Rust. Minutes, most of them for the SDK of DynamoDB.
#[test]
#[ignore = "builds several programs; .ci/run does"]
fn every_variant_builds_and_its_tests_pass() {
    let folder = Folder::new("new-variants");
    // Not this repository's own, which is above the folder.
    folder.write("rustfmt.toml", "");
    for (parts, tests) in [("", 1), ("admin", 4), ("dynamodb", 2), ("admin,dynamodb", 5)] {
        let name = format!("new-{}", parts.replace(',', "-"));
        let name = name.trim_end_matches('-');
        let project = made(&folder, name, parts);
        let formatted = cargo(&project, &["fmt", "--check"]);
        assert_eq!(formatted.code, Some(0), "{parts}: {}{}", formatted.out, formatted.error);
        let linted = cargo(&project, &["clippy", "--offline", "--all-targets", "--", "-D", "warnings"]);
        assert_eq!(linted.code, Some(0), "{parts}: {}", linted.error);
        let tested = cargo(&project, &["test", "--offline"]);
        let passed = format!("test result: ok. {tests} passed");
        assert!(
            tested.code == Some(0) && tested.out.contains(&passed),
            "{parts}: {}{}",
            tested.out,
            tested.error
        );
        let event = cargo(&project, &["run", "--offline", "--quiet", "--", "invoke", "events/hello.json"]);
        assert!(event.code == Some(0) && event.out.contains("\"body\":\"Hello Ann!\""), "{parts}: {event:?}");
        // With Terraform it is the same program.
        let with = format!("{parts},terraform");
        let other = files(&made(&folder, "other", with.trim_start_matches(',')));
        for (path, text) in files(&project) {
            let is_code = path.extension().is_some_and(|extension| extension == "rs");
            assert!(!is_code || other.get(&path) == Some(&text), "{parts}: {}", path.display());
        }
        std::fs::remove_dir_all(folder.path().join("other")).unwrap();
    }
}
