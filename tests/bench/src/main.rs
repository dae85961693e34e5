//! Measures carafe and its peers as Lambda would run them; `docs/performance.md` says how and what came out.

mod child;
mod compare;
mod connection;
mod gate;
mod peer;
mod report;
mod run;

use std::process::ExitCode;

const USAGE: &str = "usage: carafe-bench [compare | compare --quick | gate | gate --accept]
  compare          measures everything and writes the tables of docs/performance.md (a quarter of an hour)
  compare --quick  measures a little and prints rough tables
  gate             counts instructions, system calls, page faults, connections and bytes, and fails when one has grown
  gate --accept    keeps today's counts";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] | ["compare"] => full(),
        ["compare", "--quick"] => compare::compare(compare::QUICK).map(|tables| print!("{tables}")),
        ["gate"] => gate::gate(false),
        ["gate", "--accept"] => gate::gate(true),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn full() -> Result<(), String> {
    let tables = compare::compare(compare::FULL)?;
    print!("{tables}");
    let path = report::write(&tables)?;
    eprintln!("written to {}", path.display());
    Ok(())
}
