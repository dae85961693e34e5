//! Instructions of each piece, counted by callgrind: it counts within the function `measured` of the package `pieces` and
//! writes a file whenever `finished` returns. It emulates one processor whatever the machine has, so the C library and
//! `memchr` choose the same code everywhere.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::counts::Counts;

pub fn count(program: &Path, counts: &mut Counts) -> Result<(), String> {
    let directory = program.with_extension("counts");
    // Files of an earlier run would be taken for this one's.
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let file = directory.join("callgrind");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured*", "--dump-after=*finished*", "--quiet"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        // Whatever the caller has set: only what is said here reaches the program, and its log line goes nowhere.
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind: {error} (Debian's package of that name has it)"))?;
    if !output.status.success() {
        return Err(format!("pieces under callgrind: {}", output.status));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    for (index, line) in names.lines().enumerate() {
        let (runs, name) = line.split_once(' ').ok_or_else(|| format!("no piece: {line}"))?;
        let runs: u64 = runs.parse().map_err(|_| format!("no piece: {line}"))?;
        let file = directory.join(format!("callgrind.{}", index + 1));
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let total = text.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse::<u64>().ok());
        match total {
            Some(total) if total > 0 => counts.add(format!("instructions, {name}"), total / runs),
            _ => return Err(format!("callgrind has counted nothing for {name}")),
        }
    }
    Ok(())
}
