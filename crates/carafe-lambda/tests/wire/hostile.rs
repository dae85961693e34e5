//! Twenty thousand hostile events in one process.

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode};
use serde_json::json;

/// Resident memory of a process in pages (`proc(5)`, statm).
fn resident(pid: u32) -> usize {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).expect("Linux");
    statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number")
}

/// A small generator (xorshift) with a fixed seed: the same events every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("small")
    }
}

/// An event that is broken in some way, and sometimes in several.
fn hostile(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut event = seeds[random.below(seeds.len())].clone();
    match random.below(6) {
        0 => event.truncate(random.below(event.len() + 1)),
        1 => {
            for _ in 0..=random.below(8) {
                let place = random.below(event.len());
                event[place] = u8::try_from(random.below(256)).expect("a byte");
            }
        }
        2 => {
            let place = random.below(event.len());
            let piece: &[u8] =
                [&b"\\ud800"[..], b"\\", b"\"", b"[[[[[[", b"}}", b"\xff\xfe", b"null", b"1e999"]
                    [random.below(8)];
            event.splice(place..place, piece.iter().copied());
        }
        3 => {
            let (from, to) = (random.below(event.len()), random.below(event.len()));
            let piece = event[from.min(to)..from.max(to)].to_vec();
            let place = random.below(event.len());
            event.splice(place..place, piece);
        }
        4 => {
            let (from, to) = (random.below(event.len()), random.below(event.len()));
            event.drain(from.min(to)..from.max(to));
        }
        _ => {}
    }
    event
}

/// Events of all kinds, fine as they are: small, large, binary, with cookies, and one whose handler panics.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for mode in MODES {
        seeds.push(Event::get("/a%20b").query(&[("a", "1"), ("a", "%FF"), ("b", "ü")]).bytes(mode));
        seeds.push(
            Event::get("/b").binary(&[0xff; 300]).header("cookie", "a=1").header("cookie", "b=2").bytes(mode),
        );
        seeds.push(
            Event::reply(
                &json!({"headers": [["set-cookie", "a=1"], ["set-cookie", "b=2"]], "body": "\"ü\n"}),
            )
            .bytes(mode),
        );
        seeds.push(Event::get("/panic").bytes(mode));
        seeds.push(Event::get("/big").body(&"\\\"ü".repeat(2000)).bytes(mode));
    }
    seeds
}

/// Invokes with so many hostile events, and looks at each answer.
fn invoke(function: &Function, random: &mut Random, seeds: &[Vec<u8>], events: usize) {
    for number in 0..events {
        let posted = function.invoke(hostile(random, seeds));
        // An answer, or the word that this is no HTTP event; in any case something that is JSON.
        assert!(posted.json().is_object(), "{number}");
        if posted.path.ends_with("/error") {
            assert_eq!(posted.json()["errorType"], "Event.Unreadable", "{number}");
        } else {
            assert!(posted.json()["statusCode"].is_u64(), "{number}");
        }
    }
}

#[test]
fn twenty_thousand_hostile_events_and_flat_memory() {
    let function = Function::with(&[("RUST_LOG", "off")]);
    let (seeds, mut random) = (seeds(), Random(0x9e37_79b9_7f4a_7c15));
    invoke(&function, &mut random, &seeds, 2_000);
    let warm = resident(function.pid());
    invoke(&function, &mut random, &seeds, 18_000);
    let end = resident(function.pid());
    assert!(end <= warm + 256, "{warm} pages after 2,000 events, {end} after 20,000");
    assert_eq!(function.connections(), 1);
    assert_eq!(function.invoke(Event::get("/still").bytes(Mode::Single)).seen()["raw_path"], "/still");
}

/// Prints the memory after every 100,000 events; `docs/performance.md` has the numbers of a run with `--release`.
#[test]
#[ignore = "takes minutes: cargo test --release -p carafe-lambda --test wire million -- --ignored --nocapture"]
fn a_million_events_keep_the_memory_of_a_hundred_thousand() {
    for slots in ["1", "4"] {
        let function = Function::with(&[("RUST_LOG", "off"), ("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        let (seeds, mut random) = (seeds(), Random(0x9e37_79b9_7f4a_7c15));
        let pages: Vec<usize> = (1..=10)
            .map(|hundreds| {
                invoke(&function, &mut random, &seeds, 100_000);
                let pages = resident(function.pid());
                println!("{slots} at a time, {hundreds}00,000 events: {} KiB", pages * 4);
                pages
            })
            .collect();
        let (first, last) = (pages[0], pages[9]);
        assert!(last <= first + 256, "{first} pages after 100,000 events, {last} after 1,000,000");
    }
}
