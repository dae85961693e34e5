//! `--snap-start`: the variables of SnapStart, and a snapshot that is restored at once.

use super::local::Local;
use super::puppet;

#[test]
fn a_function_is_restored_before_its_first_event() {
    let local = Local::of(&["--snap-start"], &puppet::command(), &[("PUPPET", "snapshot")]);
    let variable = |name: &str| local.get(&format!("/environment?name={name}")).text().to_owned();
    assert_eq!(variable("AWS_LAMBDA_INITIALIZATION_TYPE"), "snap-start");
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_VERSION"), "1", "snapshots are of published versions");
}

#[test]
fn an_error_after_the_restoration_is_told() {
    let local = Local::of(&["--snap-start"], &puppet::command(), &[("PUPPET", "broken snapshot")]);
    assert_eq!(local.get("/").status, 502);
    local.shows("Runtime.AfterRestoreError: no pool");
}

#[test]
fn without_the_option_there_is_no_snapshot() {
    let local = Local::with(&[]);
    let variable = |name: &str| local.get(&format!("/environment?name={name}")).text().to_owned();
    assert_eq!(variable("AWS_LAMBDA_INITIALIZATION_TYPE"), "on-demand");
    let local = Local::of(&[], &puppet::command(), &[("PUPPET", "snapshot")]);
    assert_eq!(local.get("/").status, 502);
}
