//! Names and counts, in order, and the file they are kept in.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[derive(Default)]
pub struct Counts {
    lines: Vec<(String, u64)>,
    tools: String,
}

impl Counts {
    pub fn add(&mut self, name: impl Into<String>, count: u64) {
        self.lines.push((name.into(), count));
    }

    pub fn get(&self, name: &str) -> Option<u64> {
        self.lines.iter().find(|(own, _)| own == name).map(|(_, count)| *count)
    }

    /// Takes all counts out whose names begin with `prefix`, and returns them with the rest of the name.
    pub fn take(&mut self, prefix: &str) -> Vec<(String, u64)> {
        let taken = self.lines.extract_if(.., |(name, _)| name.starts_with(prefix));
        taken.map(|(name, count)| (name.get(prefix.len()..).unwrap_or_default().to_owned(), count)).collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.lines.iter().map(|(name, count)| (&**name, *count))
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// What they were counted with.
    pub fn tools(&self) -> &str {
        &self.tools
    }

    pub fn read(path: &Path) -> Result<Counts, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut counts = Counts::default();
        for line in text.lines() {
            if let Some(tools) = line.strip_prefix("# counted with ") {
                tools.clone_into(&mut counts.tools);
            } else if !line.starts_with('#') && !line.is_empty() {
                let (count, name) =
                    line.trim_start().split_once("  ").ok_or_else(|| format!("no count: {line}"))?;
                counts.add(name, count.parse().map_err(|error| format!("{line}: {error}"))?);
            }
        }
        Ok(counts)
    }

    pub fn write(&self, path: &Path) -> Result<(), String> {
        let mut text = String::from(
            "# What the gate of tests/bench has counted, each for one run of the piece (docs/performance.md).\n\
             # It fails when one grows by more than 3 %; `cargo run --release -- gate --accept` writes this file.\n",
        );
        let _ = writeln!(text, "# counted with {}", super::tools()?);
        for (name, count) in self.iter() {
            let _ = writeln!(text, "{count:>10}  {name}");
        }
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}
