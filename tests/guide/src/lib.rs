//! Reads Markdown as far as the tests of the README and the guide need it: blocks of code, links, headings.

mod commands;
mod links;

pub use commands::{Command, Step, is_shown, steps};
pub use links::{Link, anchors, links};

use std::io;
use std::path::{Path, PathBuf};

/// The code in the pages for users, so that it is compiled and run like any other.
#[cfg(doctest)]
mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}

/// Returns the folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or_else(|| Path::new(".")).to_path_buf()
}

/// Returns the Markdown files below a folder, without those that were built or fetched.
///
/// # Errors
///
/// A folder cannot be read.
pub fn markdown_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_of_others =
                name == "target" || name == "node_modules" || name.as_encoded_bytes().starts_with(b".");
            if entry.file_type()?.is_dir() && !is_of_others {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|end| end == "md") {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'t> {
    /// What stands behind the fence, such as `rust,ignore`.
    pub info: &'t str,
    /// What stands in it.
    pub text: String,
    /// The last line of text before it.
    pub before: &'t str,
    /// The number of its first line, from 1.
    pub line: usize,
}

/// Returns the blocks of code between fences, in their order.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let (mut before, mut fence) = ("", None::<&str>);
    for (number, line) in text.lines().enumerate() {
        match (fence, fence_of(line)) {
            (None, Some((found, info))) => {
                fence = Some(found);
                blocks.push(Block { info, text: String::new(), before, line: number + 2 });
            }
            (Some(open), Some((found, ""))) if found.starts_with(open) => (fence, before) = (None, ""),
            (Some(_), _) => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            (None, None) if !line.trim().is_empty() => before = line,
            (None, None) => {}
        }
    }
    blocks
}

/// Returns the fence that a line begins or ends, and what stands behind it.
fn fence_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let end = line.find(|c| c != '`').unwrap_or(line.len());
    (end >= 3).then(|| (&line[..end], line[end..].trim()))
}

/// Returns the lines outside of blocks of code, each with its number from 1.
pub fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut fence = None::<&str>;
    for (number, line) in text.lines().enumerate() {
        match (fence, fence_of(line)) {
            (None, Some((found, _))) => fence = Some(found),
            (Some(open), Some((found, ""))) if found.starts_with(open) => fence = None,
            (Some(_), _) => {}
            (None, None) => lines.push((number + 1, line)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{blocks, prose};

    const PAGE: &str =
        "# A\n\nPut this into `a.rs`:\n\n```rust\nfn a() {}\n\n```\nText\n````md\n```\n````\nEnd\n";

    #[test]
    fn blocks_have_their_text_and_what_stands_before() {
        let found = blocks(PAGE);
        let seen: Vec<_> = found.iter().map(|b| (b.info, b.text.as_str(), b.before, b.line)).collect();
        assert_eq!(
            seen,
            [("rust", "fn a() {}\n\n", "Put this into `a.rs`:", 6), ("md", "```\n", "Text", 11)]
        );
    }

    #[test]
    fn prose_is_what_remains() {
        let lines: Vec<usize> = prose(PAGE).into_iter().map(|(number, _)| number).collect();
        assert_eq!(lines, [1, 2, 3, 4, 9, 13]);
    }
}
