//! Measures carafe and its peers as Lambda would run them; `docs/performance.md` says how and what came out.

mod child;
mod compare;
mod connection;
mod gate;
mod peer;
mod report;
mod run;

use std::process::ExitCode;

const USAGE: &str = "usage: carafe-bench [compare | compare --quick | loops | loops --quick | gate | gate --accept | one EVENT COUNT PROGRAM]
  compare          measures everything and writes the tables of docs/performance.md (some minutes)
  compare --quick  measures a little and prints rough tables
  loops            measures carafe on both run loops side by side, and writes that table there
  loops --quick    measures a little and prints a rough table
  gate             counts instructions, system calls, page faults, connections and bytes, and fails when one has grown
  gate --accept    keeps today's counts
  one EVENT COUNT PROGRAM  asks one program for one thing so often, and says what it cost: for a profiler around it";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] | ["compare"] => compare::compare(compare::FULL).and_then(|tables| keep(&tables, "bench")),
        ["compare", "--quick"] => compare::compare(compare::QUICK).map(|tables| print!("{tables}")),
        ["loops"] => compare::loops(compare::FULL).and_then(|table| keep(&table, "bench, loops")),
        ["loops", "--quick"] => compare::loops(compare::QUICK).map(|table| print!("{table}")),
        ["gate"] => gate::gate(false),
        ["gate", "--accept"] => gate::gate(true),
        ["one", event, count, program] => one(event, count, program),
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

fn keep(tables: &str, place: &str) -> Result<(), String> {
    print!("{tables}");
    let path = report::write(tables, place)?;
    eprintln!("written to {}", path.display());
    Ok(())
}

fn one(event: &str, count: &str, program: &str) -> Result<(), String> {
    let scenarios = scenarios::all();
    let scenario = scenarios.iter().find(|scenario| scenario.name == event).ok_or(USAGE)?;
    let counted = count.parse().map_err(|_| USAGE)?;
    child::pin()?;
    let launch = child::Launch { program: program.into(), env: Vec::new(), under: Vec::new() };
    let warm = run::run(&launch, scenario, run::Length { warm_up: counted / 10, counted })?;
    let start = |_| run::run(&launch, scenario, run::Length { warm_up: 0, counted: 1 });
    let cold = (0..21).map(start).collect::<Result<Vec<_>, _>>()?;
    println!(
        "{:.1} µs of CPU, {:.1} µs in the median, {:.1} page faults, {} KiB at the peak",
        warm.cpu, warm.median, warm.faults, warm.peak
    );
    println!(
        "first answer after {:.2} ms, {:.2} ms of CPU, {:.0} KiB at the peak",
        report::median(&cold, |one| one.first_answer) / 1000.0,
        report::median(&cold, |one| one.cold_cpu) / 1000.0,
        report::median(&cold, |one| one.peak as f64),
    );
    Ok(())
}
