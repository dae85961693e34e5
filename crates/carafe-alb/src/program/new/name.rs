//! Names that a package can have.

/// The most characters, as crates.io has it.
const LONGEST: usize = 64;
/// The same with Terraform: the module makes longer names of it, such as that of a role, which AWS limits to 64.
const LONGEST_DEPLOYED: usize = 56;

/// Says in a sentence what is wrong with a name.
pub(super) fn check(name: &str, is_deployed: bool) -> Result<(), String> {
    let longest = if is_deployed { LONGEST_DEPLOYED } else { LONGEST };
    let wrong = |why: &str| Err(format!("`{name}` cannot be the name of a project: {why}"));
    if name.is_empty() {
        return wrong("it is empty");
    }
    if name.contains(['/', '\\']) {
        return wrong("it is a path; go to the folder that the project is to be in, and give the name alone");
    }
    if let Some(other) =
        name.chars().find(|letter| !letter.is_ascii_alphanumeric() && !"-_".contains(*letter))
    {
        return wrong(&format!("it has `{other}`, and may have letters, digits, `-` and `_`"));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return wrong("it has to begin with a letter");
    }
    if name.len() > longest {
        let with = if is_deployed { " with terraform" } else { "" };
        return wrong(&format!("it has more than {longest} characters, the most that it can have{with}"));
    }
    if KEYWORDS.contains(&name) {
        return wrong("it is a keyword of Rust");
    }
    if TAKEN.contains(&name.replace('-', "_").as_str()) {
        return wrong("a crate that Rust or the project itself uses has this name");
    }
    if FOLDERS.contains(&name) {
        return wrong("Cargo has a folder of this name where it builds");
    }
    Ok(())
}

/// The Rust reference, *Keywords*: strict and reserved ones, in edition 2024.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// As rustc has them, to which `-` is `_`.
const TAKEN: [&str; 9] =
    ["alloc", "aws_config", "aws_sdk_dynamodb", "carafe", "core", "proc_macro", "serde", "std", "test"];

const FOLDERS: [&str; 4] = ["build", "deps", "examples", "incremental"];

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names_that_cargo_takes() {
        for name in ["app", "my-app", "my_app2", "A", "builder"] {
            assert_eq!(check(name, true), Ok(()));
        }
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        assert_eq!(check(&"a".repeat(64), false), Ok(()));
        assert!(check(&"a".repeat(57), true).is_err_and(|why| why.contains("more than 56")));
        for (name, words) in [
            ("", "it is empty"),
            ("../app", "it is a path"),
            ("my app", "it has ` `"),
            ("café", "it has `é`"),
            ("a\"b", "it has `\"`"),
            ("2fast", "has to begin with a letter"),
            ("-x", "has to begin with a letter"),
            ("fn", "a keyword"),
            ("test", "has this name"),
            ("carafe", "has this name"),
            ("aws-config", "has this name"),
            ("aws_config", "has this name"),
            ("deps", "a folder of this name"),
            (&"a".repeat(65), "more than 64"),
        ] {
            let why = check(name, false).unwrap_err();
            assert!(why.contains(words), "{why}");
        }
    }
}
