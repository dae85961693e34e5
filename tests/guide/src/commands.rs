//! The steps that a page asks of its reader: files to write, commands to type.

use crate::{Block, blocks};

/// What a reader does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Puts text into a file, or behind what it has.
    Write {
        /// The file's name, below the folder of the project.
        file: String,
        /// What it is to have.
        text: String,
        /// Whether the text goes behind what is there.
        is_appended: bool,
    },
    /// Types a command.
    Run(Command),
}

/// A command, and what the page shows of its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The number of its line, from 1.
    pub line: usize,
    /// What is typed, without a remark behind it.
    pub text: String,
    /// The remark behind it, such as `needs AWS`.
    pub remark: Option<String>,
    /// The lines below it.
    pub output: Vec<String>,
}

impl Command {
    /// Returns whether it cannot be run here: it needs an account or something to download.
    pub fn is_left_out(&self) -> bool {
        self.remark.as_deref().is_some_and(|remark| remark.starts_with("needs "))
    }

    /// Returns whether it goes on until it is stopped.
    pub fn is_server(&self) -> bool {
        let runs = self.text.starts_with("cargo run");
        let serves = !self.text.contains(" -- ") || self.text.contains(" -- serve");
        (runs && serves)
            || ["carafe-alb dev", "carafe-alb -- "].iter().any(|start| self.text.starts_with(start))
            || self.output.first().is_some_and(|line| line.starts_with("Listening on "))
    }

    /// Returns whether it is to fail, by what the page shows.
    pub fn is_to_fail(&self) -> bool {
        self.output.iter().any(|line| line.starts_with("Error:"))
    }
}

/// Returns the steps of a page: the commands in its blocks called `console`, and the files that are named in the line before a
/// block, as in "Put this into `src/main.rs`:".
pub fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for block in blocks(page) {
        if block.info == "console" {
            steps.extend(commands(&block).into_iter().map(Step::Run));
        } else if let Some(file) = file(&block) {
            let is_appended = block.before.contains("Append");
            let shown = |line: &&str| !(line.starts_with("# ") && block.info.starts_with("rust"));
            let text = block.text.lines().filter(shown).fold(String::new(), |text, line| text + line + "\n");
            steps.push(Step::Write { file, text, is_appended });
        }
    }
    steps
}

/// The last piece of code in the line before a block, if it is a file of a project.
fn file(block: &Block<'_>) -> Option<String> {
    let name = block.before.strip_suffix("`:")?.rsplit('`').next()?;
    (name == "Cargo.toml" || name.starts_with("src/")).then(|| name.to_owned())
}

fn commands(block: &Block<'_>) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for (number, line) in block.text.lines().enumerate() {
        if let Some(typed) = line.strip_prefix("$ ") {
            let (text, remark) = match typed.split_once("  #") {
                Some((text, remark)) => (text.trim(), Some(remark.trim().to_owned())),
                None => (typed.trim(), None),
            };
            commands.push(Command {
                line: block.line + number,
                text: text.to_owned(),
                remark,
                output: Vec::new(),
            });
        } else if let Some(command) = commands.last_mut() {
            command.output.push(line.to_owned());
        }
    }
    commands
}

/// Returns the first of the expected lines that the output does not have behind those before it. In an expected line `…` stands for
/// anything; the milliseconds of a line do not count, nor does the width of spaces.
pub fn is_shown<'e>(expected: &'e [String], output: &str) -> Result<(), &'e str> {
    let mut lines = output.lines().map(plain);
    for line in expected.iter().filter(|line| !line.trim().is_empty()) {
        let wanted = plain(line);
        if !lines.any(|line| fits(&wanted, &line)) {
            return Err(line);
        }
    }
    Ok(())
}

/// A line with single spaces, and without the numbers in front of `ms`.
fn plain(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_time = |at: usize| words.get(at + 1).is_some_and(|next| next.trim_end_matches(',') == "ms");
    let kept = words.iter().enumerate().map(|(at, word)| if is_time(at) { "0" } else { word });
    kept.collect::<Vec<_>>().join(" ")
}

fn fits(wanted: &str, line: &str) -> bool {
    let mut parts = wanted.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    rest.is_empty() || last == Some("")
}

#[cfg(test)]
mod tests {
    use super::{Command, Step, is_shown, steps};

    #[test]
    fn files_and_commands_are_found() {
        let page = "Put this into `src/main.rs`:\n\n```rust,no_run\n# use a;\nfn main() {}\n```\n\n```console\n$ cargo run   # needs \
                    AWS\nListening on x\n$ true\n```\n\nAs in `src/main.rs`, really:\n\n```rust\nfn b() {}\n```\n";
        let command = |line, text: &str, remark: Option<&str>, output: &[&str]| {
            Step::Run(Command {
                line,
                text: text.to_owned(),
                remark: remark.map(str::to_owned),
                output: output.iter().map(|line| (*line).to_owned()).collect(),
            })
        };
        let found = steps(page);
        let file = Step::Write {
            file: "src/main.rs".to_owned(),
            text: "fn main() {}\n".to_owned(),
            is_appended: false,
        };
        let run = command(9, "cargo run", Some("needs AWS"), &["Listening on x"]);
        assert_eq!(found, [file, run, command(11, "true", None, &[])]);
        let Some(Step::Run(run)) = found.get(1) else { unreachable!("it was compared") };
        assert!(run.is_left_out() && run.is_server() && !run.is_to_fail());
    }

    #[test]
    fn output_is_compared_line_by_line() {
        let output = "noise\n200  GET /a  1.25 ms, 3 B\n{\"id\":\"x1\",\"n\":2}\nend\n";
        let shown = |lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            is_shown(&lines, output).is_ok()
        };
        assert!(shown(&["200  GET /a  0.7 ms, 3 B", "{\"id\":\"…\",\"n\":2}", "", "en…"]));
        for wrong in [
            &["200  GET /a  0.7 ms, 4 B"][..],
            &["404  GET /a  0.7 ms, 3 B"],
            &["{\"id\":\"…\",\"n\":3}"],
            &["{\"id\":\"…\""],
            &["en"],
            &["end", "noise"],
        ] {
            assert!(!shown(wrong), "{wrong:?}");
        }
    }
}
