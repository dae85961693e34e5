//! Makes a module of each page for users, so that its code is compiled and run as doc tests. A new page is in it by itself.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Its code needs `lambda_http`, and is tested in `tests/lambda-http`.
const ELSEWHERE: &str = "lambda_http.md";

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guide = root.join("docs/guide");
    println!("cargo::rerun-if-changed={}", guide.display());
    let mut pages = vec![root.join("README.md"), root.join("docs/bottle.md")];
    for entry in fs::read_dir(&guide)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "md") && !path.ends_with(ELSEWHERE) {
            pages.push(path);
        }
    }
    pages.sort();
    let mut modules = String::new();
    for page in pages {
        let path = fs::canonicalize(page)?;
        let _ = writeln!(modules, "#[doc = include_str!({path:?})]\nmod {} {{}}", module(&path, &guide));
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("pages.rs"), modules)
}

/// The name of a page as that of a module. The guide's own README is its index.
fn module(page: &Path, guide: &Path) -> String {
    let name = page.file_stem().unwrap_or_default().to_string_lossy().to_lowercase().replace('-', "_");
    let is_in_guide = page.parent().is_some_and(|folder| folder.ends_with("docs/guide"));
    if name == "readme" && is_in_guide && guide.is_dir() { "index".to_owned() } else { name }
}
