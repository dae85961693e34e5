//! The pieces by the stopwatch: `cargo bench --package pieces`.

use divan::Bencher;

fn main() {
    divan::main();
}

/// The log line of each request goes where the log of Lambda would be: to standard error, best sent to `/dev/null`.
#[divan::bench(args = pieces::names())]
fn piece(bencher: Bencher<'_, '_>, name: &str) {
    struct One<'a, 'b, 'n> {
        name: &'n str,
        bencher: Option<Bencher<'a, 'b>>,
    }
    impl pieces::Visit for One<'_, '_, '_> {
        fn piece<I, O>(&mut self, name: &str, prepare: impl FnMut() -> I, run: impl FnMut(I) -> O) {
            if name == self.name
                && let Some(bencher) = self.bencher.take()
            {
                bencher.with_inputs(prepare).bench_local_values(run);
            }
        }
    }
    pieces::each(&mut One { name, bencher: Some(bencher) });
}
