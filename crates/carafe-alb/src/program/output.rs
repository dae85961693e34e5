//! What commands print.

use std::io::Write as _;

use super::failure::Failure;

/// Prints to standard output.
pub(super) fn print(texts: &[&str]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = texts.iter().try_for_each(|text| out.write_all(text.as_bytes())).and_then(|()| out.flush());
    written.map_err(|error| Failure::new(format!("standard output: {error}")))
}

/// Prints a warning.
pub(super) fn warn(command: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "carafe-alb {command}: warning: {why}");
}

/// Shows on standard error what is wrong, and returns it, for whoever is to be told as well.
pub(super) fn told(why: String) -> String {
    let _ = writeln!(std::io::stderr(), "{why}");
    why
}
