//! The crates that the crate being compiled can name: what `Cargo.toml` lists, and the standard ones.

use std::sync::LazyLock;

use syn::Ident;

/// Returns whether this is, or may be, the name of a crate.
pub(crate) fn has(name: &Ident) -> bool {
    const STANDARD: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];
    let name = name.to_string();
    STANDARD.contains(&&*name) || NAMED.as_ref().is_none_or(|named| named.contains(&name))
}

/// The names after `--extern` on the compiler's command line, in whose process a macro runs; `None` where a part of the
/// command line is in a file.
static NAMED: LazyLock<Option<Vec<String>>> =
    LazyLock::new(|| named(std::env::args_os().map(|argument| argument.to_string_lossy().into_owned())));

/// Returns the names of `--extern NAME`, `--extern NAME=FILE` and `--extern OPTIONS:NAME=FILE`.
fn named(arguments: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut is_next = false;
    for argument in arguments {
        let value =
            if std::mem::take(&mut is_next) { Some(&*argument) } else { argument.strip_prefix("--extern=") };
        if let Some(value) = value {
            let name = value.split('=').next().unwrap_or_default();
            names.push(name.rsplit(':').next().unwrap_or_default().to_owned());
        } else if argument.starts_with('@') {
            return None;
        } else {
            is_next = argument == "--extern";
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::named;

    fn names(line: &str) -> Option<Vec<String>> {
        named(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        let line = "rustc --extern carafe=libcarafe.rlib --edition 2024 --extern=priv:log=liblog.rlib --extern serde -C x";
        assert_eq!(names(line).unwrap(), ["carafe", "log", "serde"]);
        assert_eq!(names("rustc --edition 2024 main.rs").unwrap(), [""; 0]);
        assert_eq!(names("rustc @arguments --extern serde"), None);
    }
}
