//! What the pages say is where they say it is.
#![expect(clippy::expect_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::path::{Path, PathBuf};

use guide::{anchors, blocks, links, markdown_files, root};

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file is there, in UTF-8")
}

/// What is wrong with one link of a page.
fn dead(page: &Path, target: &str) -> Option<String> {
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let folder = page.parent().expect("a file is in a folder");
    let file = if file.is_empty() { page.to_path_buf() } else { folder.join(file.replace("%20", " ")) };
    if !file.exists() {
        return Some(format!("no file {target}"));
    }
    let is_page = file.extension().is_some_and(|end| end == "md");
    match anchor {
        Some(anchor) if is_page && !anchors(&read(&file)).iter().any(|name| name == anchor) => {
            Some(format!("no heading {target}"))
        }
        _ => None,
    }
}

#[test]
fn no_link_is_dead() {
    let mut dead_links = Vec::new();
    let mut count = 0;
    for page in markdown_files(&root()).expect("the repository can be read") {
        for link in links(&read(&page)) {
            let is_elsewhere =
                ["https://", "http://", "mailto:"].iter().any(|scheme| link.target.starts_with(scheme));
            count += usize::from(!is_elsewhere);
            if let Some(why) = dead(&page, &link.target).filter(|_| !is_elsewhere) {
                let name = page.strip_prefix(root()).expect("it is below").display();
                dead_links.push(format!("{name}:{}: {why}", link.line));
            }
        }
    }
    assert!(count > 100, "they are found: {count}");
    assert!(dead_links.is_empty(), "\n{}", dead_links.join("\n"));
}

#[test]
fn a_dead_link_is_found() {
    let page = root().join("docs/guide/routes.md");
    for target in ["no.md", "arguments.md#no", "#no", "../../examples/no"] {
        assert!(dead(&page, target).is_some(), "{target}");
    }
    for target in ["arguments.md#values", "#prefixes", "../../examples/hello", "../alb.md"] {
        assert_eq!(dead(&page, target), None);
    }
}

#[test]
fn the_index_has_every_page_of_the_guide() {
    let guide = root().join("docs/guide");
    let index = read(&guide.join("README.md"));
    let listed: Vec<PathBuf> = links(&index).iter().map(|link| guide.join(&link.target)).collect();
    let pages = markdown_files(&guide).expect("it can be read");
    let missing: Vec<_> =
        pages.iter().filter(|page| !page.ends_with("README.md") && !listed.contains(page)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Where the guide is read, on GitHub, lines that rustdoc would hide are there like all others.
#[test]
fn no_line_of_code_is_hidden() {
    let mut hidden = Vec::new();
    for page in markdown_files(&root().join("docs/guide")).expect("it can be read") {
        let text = read(&page);
        for block in blocks(&text).iter().filter(|block| block.info.starts_with("rust")) {
            let lines = block.text.lines().zip(block.line..);
            let found = lines.filter(|(line, _)| *line == "#" || line.starts_with("# "));
            hidden.extend(found.map(|(line, number)| format!("{}:{number}: {line}", page.display())));
        }
    }
    assert!(hidden.is_empty(), "\n{}", hidden.join("\n"));
}

/// Code that no doc test compiles, by page: how many blocks, and why.
const NOT_COMPILED: [(&str, usize, &str); 9] = [
    ("admin.md", 8, "compared with the examples below"),
    ("databases.md", 6, "compared with the examples below"),
    ("deploying.md", 2, "a client of AWS that nothing here depends on, in a project of `carafe-alb new`"),
    ("files.md", 1, "crates that make code of templates, which carafe does not depend on"),
    ("from-axum.md", 1, "axum"),
    ("from-lambda-http.md", 1, "lambda_http"),
    ("from-rocket.md", 1, "Rocket"),
    ("middleware.md", 1, "axum; tests/bench/inside-axum runs it"),
    ("sessions.md", 1, "examples/login compares it with the store that it tests"),
];

#[test]
fn all_other_code_is_compiled() {
    let mut found = Vec::new();
    for page in markdown_files(&root().join("docs/guide")).expect("it can be read") {
        let text = read(&page);
        let is_left_out = |info: &str| info.starts_with("rust") && info.contains("ignore");
        let count = blocks(&text).iter().filter(|block| is_left_out(block.info)).count();
        let name = page.file_name().expect("a file").to_string_lossy().into_owned();
        found.extend((count > 0).then_some((name, count)));
    }
    let known = NOT_COMPILED.map(|(page, count, _)| (page.to_owned(), count));
    assert_eq!(found, known);
}

/// The text of all files of some kinds below a folder.
fn sources(folder: &Path, kinds: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path, kinds));
        } else if kinds.iter().any(|kind| path.extension().is_some_and(|end| end == *kind)) {
            found.push(read(&path));
        }
    }
    found
}

/// Code on these pages is code of the examples, which are tested by themselves.
#[test]
fn excerpts_are_those_of_the_examples() {
    let examples = ["admin", "postgres", "posts"];
    let folders = examples.map(|name| root().join("examples").join(name));
    let sources: Vec<String> = folders.iter().flat_map(|folder| sources(folder, &["rs", "sql"])).collect();
    for (name, expected) in [("admin.md", 8), ("databases.md", 7)] {
        let page = read(&root().join("docs/guide").join(name));
        let mut count = 0;
        for block in blocks(&page).iter().filter(|block| block.info == "rust,ignore" || block.info == "sql") {
            let is_there = sources.iter().any(|source| source.contains(&block.text));
            assert!(is_there, "{name}:{}: copy it from the example", block.line);
            count += 1;
        }
        assert_eq!(count, expected, "{name}");
    }
    let program = read(&root().join("examples/postgres/src/main.rs"));
    let program = program.split_once("\n\n").expect("it begins with a comment").1;
    assert!(
        read(&root().join("docs/guide/databases.md")).contains(program),
        "the page has the whole program"
    );
}
