//! The modules of each crate stand in an order, and no file grows beyond what one reads at once.

#![expect(clippy::unwrap_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::path::{Path, PathBuf};

use structure::{Crate, Module, Uses, circle, rust_files};

/// The rooms of `carafe`, lowest first: each uses only those that stand before it.
const ORDER: [&str; 48] = [
    "error",
    "panics",
    "blocking",
    "body",
    "link",
    "context",
    "cookies",
    "request",
    "response",
    "argument",
    "returned",
    "after",
    "json",
    "form",
    "query",
    "secret",
    "settings",
    "files",
    "uploads",
    "route",
    "catcher",
    "events",
    "snapshots",
    "middleware",
    "mount",
    "routes",
    "pipeline",
    "tower",
    "oversize",
    "app",
    "web_origin",
    "vary",
    "cors",
    "csrf",
    "basic",
    "folder",
    "security_headers",
    "request_id",
    "timeout",
    "gzip",
    "templates",
    "sessions",
    "s3",
    "build",
    "testing",
    "run",
    "lambda_http",
    "__macro",
];

/// The rooms that a user could have written: they name nothing of `carafe` that is not public, beside [`SHARED`].
const FEATURES: [&str; 12] = [
    "vary",
    "web_origin",
    "cors",
    "csrf",
    "basic",
    "folder",
    "security_headers",
    "request_id",
    "timeout",
    "gzip",
    "sessions",
    "s3",
];

/// Rooms without anything public that several features share, as a user's modules would.
const SHARED: [&str; 2] = ["vary", "web_origin"];

/// The most lines of a file.
const MOST_LINES: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn crates() -> Vec<(String, Crate)> {
    let directories = std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let mut crates: Vec<_> = directories
        .filter(|directory| directory.join("Cargo.toml").is_file())
        .map(|directory| {
            let name = directory.file_name().unwrap().to_string_lossy().into_owned();
            (name, Crate::read(&directory.join("src")).unwrap())
        })
        .collect();
    crates.sort_by(|(one, _), (other, _)| one.cmp(other));
    crates
}

fn carafe() -> Crate {
    crates().into_iter().find(|(name, _)| name == "carafe").unwrap().1
}

#[test]
fn all_crates_are_read() {
    let names: Vec<String> = crates().into_iter().map(|(name, _)| name).collect();
    for name in
        ["carafe", "carafe-alb", "carafe-lambda", "carafe-lambda-runtime", "carafe-macros", "carafe-router"]
    {
        assert!(names.iter().any(|own| own == name), "{names:?}");
    }
    // An arrow of each kind that is there for certain: the reader sees something.
    let arrows = carafe().arrows();
    for (from, to) in
        [("pipeline", "route"), ("argument::probe", "argument::field"), ("json", "argument::misused")]
    {
        let found = arrows.iter().any(|arrow| arrow.from.join("::") == from && arrow.to.join("::") == to);
        assert!(found, "{from} -> {to}");
    }
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for (name, all) in crates() {
        circles.extend(all.graphs().iter().filter_map(circle).map(|told| format!("{name}:\n{told}")));
    }
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

#[test]
fn rooms_use_only_what_stands_before_them() {
    let all = carafe();
    let place = |room: &str| ORDER.iter().position(|own| *own == room);
    let rooms = all.rooms();
    let back: Vec<&str> =
        rooms.arrows().filter(|(from, to, _)| place(from) <= place(to)).map(|(_, _, told)| told).collect();
    assert!(back.is_empty(), "arrows back:\n{}", back.join("\n"));
    let mut unordered: Vec<&str> =
        all.modules().filter_map(|module| module.path.first()).map(String::as_str).collect();
    unordered.retain(|room| place(room).is_none());
    assert!(unordered.is_empty(), "give them a place in the order: {unordered:?}");
    let gone: Vec<_> =
        ORDER.iter().filter(|room| all.modules().all(|module| module.path != [**room])).collect();
    assert!(gone.is_empty(), "these rooms are no more: {gone:?}");
}

#[test]
fn features_use_only_what_is_public() {
    let all = carafe();
    let is_open = |path: &[String]| path.first().is_some_and(|room| SHARED.contains(&room.as_str()));
    let is_feature =
        |module: &&Module| module.path.first().is_some_and(|room| FEATURES.contains(&room.as_str()));
    let features: Vec<&Module> = all.modules().filter(is_feature).collect();
    let hidden: Vec<String> = features
        .iter()
        .flat_map(|module| all.hidden(module))
        .filter(|(_, path)| !is_open(path))
        .map(|(place, path)| format!("{place}: {}", path.join("::")))
        .collect();
    assert!(hidden.is_empty(), "a user could not write that:\n{}", hidden.join("\n"));
    for room in FEATURES {
        assert!(features.iter().any(|module| module.path == [room]), "{room} is no more");
    }
}

#[test]
fn files_are_short_and_safe_and_named_after_their_module() {
    let mut wrong = Vec::new();
    for part in ["crates", "examples", "tests", "fuzz"] {
        for file in rust_files(&root().join(part)).unwrap() {
            let text = std::fs::read_to_string(&file).unwrap();
            let lines = text.lines().count();
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            if lines > MOST_LINES {
                wrong.push(format!("{name} has {lines} lines, {MOST_LINES} are the most"));
            }
            // Cargo takes `tests/x.rs` for a test of its own, so what several tests share is `tests/x/mod.rs`.
            let is_shared = file.ancestors().nth(2).is_some_and(|above| above.ends_with("tests"));
            if file.ends_with("mod.rs") && !is_shared {
                wrong.push(format!("{name}: a module's file is named after it"));
            }
            // What the compiler is to refuse may say what it likes.
            let is_refused = file.parent().is_some_and(|parent| parent.ends_with("ui"));
            if !is_refused && Uses::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}")).has_unsafe
            {
                wrong.push(format!("{name} says `unsafe`"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
