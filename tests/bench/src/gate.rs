//! What must not grow unnoticed: instructions of each piece, system calls, connections and page faults of a request, bytes
//! of the program. None of them depends on how busy a machine is, so a change can be held to them.

mod counts;
mod instructions;
pub mod kernel;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::peer;
use counts::Counts;

/// Growth that is nobody's fault: a dependency's new version, another address that hashes differently.
const TOLERANCE: f64 = 1.03;

/// What holds whatever the counts were before.
const LIMITS: [(&str, u64); 7] = [
    ("instructions, event to answer: hello", 30_000),
    ("of a hello: system calls", 7),
    ("of 20,000 hellos: connections", 1),
    ("of 20,000 hellos: page faults", 0),
    ("of 600 KB in: page faults", 0),
    (HELLO, 1_050_000),
    (BALANCER, 0),
];

/// Small steps would add up below the tolerance.
const HELLO: &str = "bytes of a hello and nothing else";

/// It is in debug builds only.
const BALANCER: &str = "symbols of the local load balancer in the program";

/// Pairs of which the second may cost so much more than the first: routes cost nothing to have, and nothing grows
/// faster than its size.
const RATIOS: [(&str, &str, f64); 4] = [
    ("instructions, router: hit among 3", "instructions, router: hit among 300", 1.3),
    ("instructions, size: 5,000 parameters", "instructions, size: 10,000 parameters", 2.2),
    ("instructions, size: 32 KB of headers", "instructions, size: 64 KB of headers", 2.2),
    ("instructions, size: 225,000 quotes", "instructions, size: 450,000 quotes", 2.2),
];

/// What twice the path may cost, whatever the filters of a pattern; what it costs is not kept.
const DOUBLED: (&str, &str, f64) = ("instructions, path of 2 KB: ", "instructions, path of 4 KB: ", 2.1);

/// Counts everything and compares it with what is kept; or keeps it.
pub fn gate(accept: bool) -> Result<(), String> {
    let pieces = peer::build("pieces", true)?;
    let bootstrap = peer::build("on-carafe", true)?;
    let mut now = Counts::default();
    instructions::count(&pieces, &mut now)?;
    kernel::count(&bootstrap, &mut now)?;
    now.add("bytes of the program", stripped(&bootstrap)?);
    now.add(HELLO, peer::size(&peer::build("hello-carafe", false)?)?);
    now.add(BALANCER, mentions(&bootstrap, "carafe_alb")?);
    let mut broken = doubled(&mut now)?;
    broken.extend(rules(&now));
    let path = file();
    if accept {
        now.write(&path)?;
        println!("written to {}", path.display());
        return finish(&broken);
    }
    let kept = Counts::read(&path)?;
    let mut grown = Vec::new();
    for (name, count) in now.iter() {
        match kept.get(name) {
            None => grown.push(format!("{name}: {count}, and no count is kept")),
            Some(before) if count as f64 > before as f64 * TOLERANCE => {
                grown.push(format!("{name}: {count}, was {before} ({:+.1} %)", percent(before, count)));
            }
            Some(before) if (count as f64) < before as f64 / TOLERANCE => {
                println!("less: {name}: {count}, was {before} ({:+.1} %)", percent(before, count));
            }
            Some(_) => {}
        }
    }
    grown.extend(
        kept.iter().filter(|(name, _)| now.get(name).is_none()).map(|(name, _)| format!("{name}: gone")),
    );
    if !grown.is_empty() {
        println!("More than {:.0} % above what is kept in {}:", (TOLERANCE - 1.0) * 100.0, path.display());
        grown.iter().for_each(|line| println!("  {line}"));
        println!(
            "If that is on purpose: `cargo run --release -- gate --accept` in tests/bench, and say why in the commit."
        );
        println!("Counted here with {}; kept: {}.", tools()?, kept.tools());
    } else {
        println!(
            "{} counts, none more than {:.0} % above what is kept.",
            now.len(),
            (TOLERANCE - 1.0) * 100.0
        );
    }
    finish(&[grown, broken].concat())
}

fn finish(broken: &[String]) -> Result<(), String> {
    if broken.is_empty() { Ok(()) } else { Err(format!("{} too many:\n{}", broken.len(), broken.join("\n"))) }
}

fn percent(before: u64, now: u64) -> f64 {
    (now as f64 / before.max(1) as f64 - 1.0) * 100.0
}

fn rules(now: &Counts) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, limit) in LIMITS {
        match now.get(name) {
            Some(count) if count <= limit => {}
            count => broken.push(format!("{name}: {count:?}, {limit} are allowed")),
        }
    }
    for (small, large, ratio) in RATIOS {
        match (now.get(small), now.get(large)) {
            (Some(one), Some(other)) if other as f64 <= one as f64 * ratio => {}
            counts => broken.push(format!("{large}: more than {ratio} times {small}: {counts:?}")),
        }
    }
    broken
}

/// Takes the pairs of paths out of the counts, leaves the dearest one there, and returns those of which the longer one costs
/// too much.
fn doubled(now: &mut Counts) -> Result<Vec<String>, String> {
    let (short, long, ratio) = DOUBLED;
    let (short, long) = (now.take(short), now.take(long));
    let dearest = long.iter().map(|(_, count)| *count).max();
    now.add("instructions, path of 4 KB, the dearest filters", dearest.ok_or("no paths were counted")?);
    if short.len() != long.len() {
        return Err(format!("{} short paths and {} long ones", short.len(), long.len()));
    }
    let pairs = short.iter().zip(&long);
    let broken = pairs.filter(|((_, one), (_, other))| *other as f64 > *one as f64 * ratio);
    let told = broken.map(|((name, one), (_, other))| {
        format!("path of twice the length for {name}: {other}, more than {ratio} times {one}")
    });
    Ok(told.collect())
}

fn file() -> PathBuf {
    peer::home().join("counts.txt")
}

/// The size of the program as it would be deployed; this one has its symbols.
fn stripped(program: &Path) -> Result<u64, String> {
    let copy = program.with_extension("stripped");
    let status = Command::new("strip").arg("-o").args([&copy, program]).status();
    match status {
        Ok(status) if status.success() => peer::size(&copy),
        other => Err(format!("strip: {other:?}")),
    }
}

/// How many symbols of a program name a crate.
fn mentions(program: &Path, name: &str) -> Result<u64, String> {
    let bytes = std::fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    let count =
        |name: &str| bytes.windows(name.len()).filter(|window| *window == name.as_bytes()).count() as u64;
    // Without symbols there would be nothing to find.
    if count("carafe_lambda") == 0 {
        Err(format!("{} has no symbols", program.display()))
    } else {
        Ok(count(name))
    }
}

/// What a count depends on beside the sources.
fn tools() -> Result<String, String> {
    let first_line = |program: &str| -> Result<String, String> {
        let output =
            Command::new(program).arg("--version").output().map_err(|error| format!("{program}: {error}"))?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned())
    };
    Ok(format!("{}, {}, {}", first_line("rustc")?, first_line("valgrind")?, first_line("ldd")?))
}
