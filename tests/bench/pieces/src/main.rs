//! Runs every piece under an instruction counter: `carafe-bench gate` starts this under callgrind, which counts within
//! `measured` and writes what it has counted whenever `finished` returns.

use std::hint::black_box;

/// Enough for what happens only now and then, such as growing a buffer, to be seen.
const RUNS: usize = 50;
/// Half a megabyte costs millions of instructions each time.
const RUNS_OF_LARGE: usize = 4;

/// Counts pieces, each after some runs that do not count.
struct Count;

/// Counts pieces that cost the same each time, once.
struct CountOnce;

impl pieces::Visit for CountOnce {
    fn piece<I, O>(&mut self, name: &str, mut prepare: impl FnMut() -> I, mut run: impl FnMut(I) -> O) {
        let input = prepare();
        measured(|| drop(black_box(run(input))));
        println!("1 {name}");
        finished(name);
    }
}

impl pieces::Visit for Count {
    fn piece<I, O>(&mut self, name: &str, mut prepare: impl FnMut() -> I, mut run: impl FnMut(I) -> O) {
        let large = ["size: ", "sink", "big", "bin", "KB"].iter().any(|word| name.contains(word));
        let runs = if large { RUNS_OF_LARGE } else { RUNS };
        for _ in 0..3 {
            black_box(run(prepare()));
        }
        for _ in 0..runs {
            let input = prepare();
            measured(|| drop(black_box(run(input))));
        }
        println!("{runs} {name}");
        finished(name);
    }
}

#[inline(never)]
fn measured(run: impl FnOnce()) {
    run();
    // So that the call above is no jump to the end.
    black_box(());
}

#[inline(never)]
fn finished(name: &str) {
    black_box(name);
}

fn main() {
    pieces::each(&mut Count);
    pieces::each_doubled(&mut CountOnce);
}
