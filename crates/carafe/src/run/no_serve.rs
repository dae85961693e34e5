//! Stands in for `serve` where the local load balancer is not built in.

use std::ffi::OsString;

use crate::app::App;
use crate::error::{Error, Result};

/// Fails, and says how to serve the program.
pub(super) fn serve(_: Vec<OsString>, _: impl FnOnce() -> Result<(App, String)>) -> Result {
    let program = std::env::args().next().unwrap_or_else(|| "./app".to_owned());
    Err(Error::in_words(advice(&program)))
}

/// Describes the app as far as a load balancer in another process has to know of one that brings its own variables.
pub(super) fn describe(_: &App, table: &str) -> Result<String> {
    Ok(format!("{{\"routes\":{}}}\n", serde_json::to_string(table)?))
}

fn advice(program: &str) -> String {
    format!(
        "this program runs outside Lambda, and has no local load balancer built in; serve it with\n\
         `carafe-alb -- {program}`, or build it with `--features carafe/local-release`"
    )
}

/// Returns what `--help` says of `serve`.
pub(super) fn help() -> &'static str {
    "This build has no `serve`: use `carafe-alb -- PROGRAM`, or build with `--features carafe/local-release`.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_the_routes() {
        let said: serde_json::Value =
            serde_json::from_str(&describe(&App::new(), "GET  /  \"x\"\n").unwrap()).unwrap();
        assert_eq!(said, serde_json::json!({"routes": "GET  /  \"x\"\n"}));
    }

    #[test]
    fn says_what_to_do() {
        let advice = advice("./target/release/app");
        assert!(advice.contains("`carafe-alb -- ./target/release/app`"), "{advice}");
        assert!(advice.contains("`--features carafe/local-release`"), "{advice}");
        let error = serve(Vec::new(), || panic!("the app is not made")).unwrap_err();
        assert!(format!("{error:?}").contains("carafe/local-release"), "{error:?}");
    }
}
