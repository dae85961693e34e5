//! The program as it is started.

#![expect(clippy::expect_used, reason = "all of this is a test, and one that cannot go on has to fail")]

use std::path::Path;
use std::process::{Command, Output};

/// The program's routes, asked for in the root of the workspace.
fn routes() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posts"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    command.arg("routes").current_dir(root).env_remove("POSTS_TABLE");
    command
}

fn run(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().expect("it is started");
    (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

#[test]
fn it_starts_wherever_cargo_run_is_typed() {
    let mut command = routes();
    if cfg!(feature = "dynamodb") {
        command.env("POSTS_TABLE", "posts");
    }
    // As Cargo has it for its tests, and for programs that it runs.
    let (is_good, told) = run(command.env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR")));
    assert!(is_good && told.contains("/static/"), "{told}");
    // A deployed program has its files where it runs.
    let (is_good, told) = run(command.env_remove("CARGO_MANIFEST_DIR"));
    assert!(!is_good && told.contains("no folder \"static\", seen from "), "{told}");
}

#[test]
fn a_table_and_the_feature_for_it_belong_together() {
    let mut command = routes();
    let expected = match cfg!(feature = "dynamodb") {
        true => "POSTS_TABLE must name a DynamoDB table",
        false => {
            command.env("POSTS_TABLE", "posts");
            "`POSTS_TABLE` is set, and this build keeps posts in memory: build it with `--features dynamodb`"
        }
    };
    let (is_good, told) = run(&mut command);
    assert!(!is_good && told.contains(expected), "{told}");
}
