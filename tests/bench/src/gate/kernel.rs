//! What a request costs the kernel, in steady state: system calls by strace, page faults and connections as the comparison
//! counts them.

use std::fs;
use std::path::Path;

use scenarios::Scenario;

use super::counts::Counts;
use crate::child::Launch;
use crate::run::{Length, run};

pub fn count(program: &Path, counts: &mut Counts) -> Result<(), String> {
    let plain = Launch { program: program.to_owned(), env: Vec::new(), under: Vec::new() };
    let hello = scenarios::hello();
    counts.add("of a hello: system calls", calls(&plain, &hello)?);
    let many = Length { warm_up: 500, counted: 20_000 };
    let outcome = run(&plain, &hello, many)?;
    // All of them, because a few bytes kept of each invocation make one page fault in many.
    counts.add("of 20,000 hellos: page faults", (outcome.faults * many.counted as f64).round() as u64);
    counts.add("of 20,000 hellos: connections", outcome.connections as u64);
    for (name, scenario) in [
        ("600 KB in", scenarios::sink()),
        ("500 KB out", scenarios::big()),
        ("200 KB of bytes out", scenarios::bin()),
    ] {
        let outcome = run(&plain, &scenario, Length { warm_up: 50, counted: 100 })?;
        counts.add(format!("of {name}: page faults"), outcome.faults.round() as u64);
    }
    Ok(())
}

/// System calls of one invocation, from two runs of different length.
pub fn calls(plain: &Launch, scenario: &Scenario) -> Result<u64, String> {
    const MORE: usize = 200;
    let few = total(plain, scenario, 100)?;
    let many = total(plain, scenario, 100 + MORE)?;
    let each = many.saturating_sub(few) as f64 / MORE as f64;
    if each > 0.0 { Ok(each.round() as u64) } else { Err("strace has counted nothing".to_owned()) }
}

fn total(plain: &Launch, scenario: &Scenario, counted: usize) -> Result<u64, String> {
    let report = plain.program.with_extension("strace");
    let under =
        ["strace", "-f", "-c", "-o"].map(str::to_owned).into_iter().chain([report.display().to_string()]);
    let traced = Launch { under: under.collect(), ..plain.clone() };
    run(&traced, scenario, Length { warm_up: 0, counted })
        .map_err(|error| format!("under strace (Debian's package of that name has it): {error}"))?;
    let text = fs::read_to_string(&report).map_err(|error| format!("{}: {error}", report.display()))?;
    // The last line: percent, seconds, microseconds a call, calls, errors if any, and the word.
    let line = text.lines().find(|line| line.ends_with(" total")).unwrap_or_default();
    let calls = line.split_whitespace().nth(3).and_then(|calls| calls.parse().ok());
    calls.ok_or_else(|| format!("strace's report: {text}"))
}
