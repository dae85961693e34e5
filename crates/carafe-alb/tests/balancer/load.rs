//! 50,000 requests over 32 connections, with a copy of the function killed in the middle; what freezing costs.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::client::{connect, read};
use super::local::{Local, is_alive, send, until};

const CONNECTIONS: usize = 32;
const REQUESTS: usize = 50_000;
/// Requests before memory is looked at for the first time: buffers and copies of the function are there then.
const WARM: usize = 5_000;

/// Resident memory of a process, in kB.
fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it uses memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Sends requests over all connections; how many were answered with 200 and with 502.
fn requests(local: &Local, number: usize) -> (usize, usize) {
    requests_over(CONNECTIONS, local, number)
}

fn requests_over(connections: usize, local: &Local, number: usize) -> (usize, usize) {
    let (fine, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut stream = connect(local.address);
                for _ in 0..number / connections {
                    stream.write_all(b"GET /x HTTP/1.1\r\nhost: a\r\n\r\n").expect("it is sent");
                    match read(&mut stream, false).status {
                        200 => fine.fetch_add(1, Ordering::Relaxed),
                        502 => lost.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}"),
                    };
                }
            });
        }
    });
    (fine.into_inner(), lost.into_inner())
}

#[test]
fn fifty_thousand_requests() {
    let mut local = Local::with(&[]);
    let pid: u32 = local.get("/pid").text().parse().expect("a number");
    let all = |number: usize| number / CONNECTIONS * CONNECTIONS;
    assert_eq!(requests(&local, WARM), (all(WARM), 0));
    let before = memory(local.pid());
    assert_eq!(requests(&local, REQUESTS - WARM), (all(REQUESTS - WARM), 0));
    let after = memory(local.pid());
    assert!(after <= before + 10 * 1024, "memory went from {before} kB to {after} kB");
    // All of the copies are busy when one is killed: it costs one request, and nothing else.
    let (fine, lost) = std::thread::scope(|scope| {
        let running = scope.spawn(|| requests(&local, WARM));
        std::thread::sleep(Duration::from_millis(150));
        send(pid, Signal::SIGKILL);
        running.join().expect("the clients are answered")
    });
    assert!(lost <= 1 && fine + lost == all(WARM), "{fine} answered, {lost} lost");
    let children = format!("/proc/{0}/task/{0}/children", local.pid());
    let children = std::fs::read_to_string(children).unwrap_or_default();
    let children: Vec<u32> = children.split_whitespace().map(|pid| pid.parse().expect("a number")).collect();
    // Each copy has a supervisor.
    assert!((2..=20).contains(&children.len()), "{children:?}");
    assert_eq!(local.end(Signal::SIGTERM), Some(0));
    until("no orphan is left", || !children.iter().any(|&pid| is_alive(pid)));
}

/// Measures the rate with freezing against that without; the figures are in `docs/performance.md`.
#[test]
#[ignore = "a measurement, for an idle machine: cargo test --release -p carafe-alb --test balancer -- --ignored --nocapture"]
fn what_freezing_costs() {
    let (frozen, running) = (Local::with(&[]), Local::with(&["--no-freeze"]));
    for (connections, number) in [(CONNECTIONS, REQUESTS), (1, REQUESTS / 10)] {
        let rate = |local| {
            let started = Instant::now();
            let all = number / connections * connections;
            assert_eq!(requests_over(connections, local, number), (all, 0), "none is lost");
            all as f64 / started.elapsed().as_secs_f64()
        };
        requests_over(connections, &frozen, WARM);
        requests_over(connections, &running, WARM);
        // In turns, so that whatever else the machine does hits both.
        let mut rates: Vec<_> = (0..5).map(|_| (rate(&frozen), rate(&running))).collect();
        rates.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
        let (with, without) = rates[rates.len() / 2];
        let ratio = with / without;
        println!("{connections} connections: {with:.0} a second frozen, {without:.0} not; {ratio:.2} times");
        // Over one connection every request wakes the function, and the ratio is that of one wake to one small request.
        assert!(ratio >= 0.8 || connections == 1, "{rates:?}");
    }
}
