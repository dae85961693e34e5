//! Links and the anchors that they lead to.

use crate::prose;

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The number of its line, from 1.
    pub line: usize,
    /// Where it leads.
    pub target: String,
}

/// Returns the links outside of code, pictures included.
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    // A span of code or a link may go on in the next line.
    let mut page = String::new();
    let mut starts = Vec::new();
    for (number, line) in prose(text) {
        starts.push((page.len(), number));
        page.push_str(line);
        page.push('\n');
    }
    let page = without_code(&page);
    for (at, _) in page.match_indices("](") {
        let rest = page.get(at + 2..).unwrap_or_default();
        let target = rest.split(')').next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
        let line = starts.iter().rev().find(|(start, _)| *start <= at).map_or(0, |(_, number)| *number);
        found.push(Link { line, target: target.to_owned() });
    }
    found
}

/// Replaces spans of code by spaces, so that places stay as they are.
fn without_code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let fence = &rest[start..start + ticks];
        let after = &rest[start + ticks..];
        out.push_str(&rest[..start + ticks]);
        // A span ends in its paragraph; otherwise the mark is text.
        let paragraph = after.split("\n\n").next().unwrap_or_default();
        rest = match paragraph.find(fence) {
            Some(end) => {
                out.extend(after[..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
                out.push_str(fence);
                &after[end + ticks..]
            }
            None => after,
        };
    }
    out.push_str(rest);
    out
}

/// Returns the anchors of a page: those that GitHub makes of headings.
pub fn anchors(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, line) in prose(text) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let name = slug(heading.trim());
        let is_taken = |name: &String| found.contains(name);
        let again = (1..).map(|count| format!("{name}-{count}")).find(|name| !is_taken(name));
        found.push(if is_taken(&name) { again.unwrap_or_default() } else { name });
    }
    found
}

fn slug(heading: &str) -> String {
    // Of a link its text counts.
    let mut text = String::new();
    let mut rest = heading;
    while let Some((before, after)) = rest.split_once("](") {
        text.push_str(before);
        rest = after.split_once(')').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    let kept = text.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[cfg(test)]
mod tests {
    use super::{anchors, links};

    #[test]
    fn links_are_found_outside_of_code() {
        let page =
            "[a](b.md) `[c](d)` ![e](f.png)\n```\n[g](h)\n```\n[two\nlines](i.md#j \"title\") `x` [y](z)\n";
        let found: Vec<_> = links(page).into_iter().map(|link| (link.line, link.target)).collect();
        let wanted = [(1, "b.md"), (1, "f.png"), (6, "i.md#j"), (6, "z")];
        assert_eq!(found, wanted.map(|(line, target)| (line, target.to_owned())));
    }

    #[test]
    fn anchors_are_those_of_github() {
        let page = "# A b\n## `embed!`\n## 1. Build\n## State, settings\n```\n# no\n```\n## A b\n### [x](y) & z\n#no\n";
        assert_eq!(anchors(page), ["a-b", "embed", "1-build", "state-settings", "a-b-1", "x--z"]);
    }
}
