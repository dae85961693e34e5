//! The Runtime API's side of one run: hands a bootstrap its events one at a time, and checks and times every answer.
//!
//! Between an event and its answer this side does one write and one read, so that what is timed is the bootstrap and the
//! kernel.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::child::{Launch, Process, Usage};
use crate::connection::Connection;
use scenarios::Scenario;

/// How many invocations: those before the count, and those that count.
#[derive(Clone, Copy)]
pub struct Length {
    pub warm_up: usize,
    pub counted: usize,
}

/// What one run showed.
#[derive(Clone, Default)]
pub struct Outcome {
    /// Before the start of the process until its first request for work, and until its first answer, in µs.
    pub first_next: f64,
    pub first_answer: f64,
    /// CPU until the first answer was sent and the next event asked for, in µs.
    pub cold_cpu: f64,
    /// CPU for one invocation, in µs.
    pub cpu: f64,
    /// From the first byte of the event sent to the last byte of the answer received, in µs: the median, and the 99th of
    /// a hundred.
    pub median: f64,
    pub p99: f64,
    pub faults: f64,
    /// Peak memory in KiB.
    pub peak: u64,
    pub connections: usize,
}

const PATIENCE: Duration = Duration::from_secs(30);
const TAKEN: &[u8] =
    b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";

pub fn run(launch: &Launch, scenario: &Scenario, length: Length) -> Result<Outcome, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    let api = listener.local_addr().map_err(|error| error.to_string())?;
    let mut run = Run {
        scenario,
        length,
        started: Instant::now(),
        sent: Instant::now(),
        handed: 0,
        answered: 0,
        latencies: Vec::with_capacity(length.counted),
        begin: Usage::default(),
        outcome: Outcome::default(),
    };
    let process = Process::start(launch, api)?;
    let process = run.serve(&listener, process)?;
    if !launch.under.is_empty() {
        process.end_traced()?;
    }
    Ok(run.outcome)
}

struct Run<'a> {
    scenario: &'a Scenario,
    length: Length,
    started: Instant,
    /// When the last event was handed over.
    sent: Instant,
    handed: usize,
    answered: usize,
    latencies: Vec<f64>,
    begin: Usage,
    outcome: Outcome,
}

impl Run<'_> {
    /// Until all invocations are answered and one more is asked for.
    fn serve(&mut self, listener: &TcpListener, mut process: Process) -> Result<Process, String> {
        let mut connections: Vec<Connection> = Vec::new();
        let mut last = Instant::now();
        loop {
            let mut polled = vec![PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
            polled.extend(connections.iter().map(|one| PollFd::new(one.stream.as_fd(), PollFlags::POLLIN)));
            poll(&mut polled, PollTimeout::from(100_u16)).map_err(|error| error.to_string())?;
            let ready: Vec<bool> = polled.iter().map(|one| one.any().unwrap_or(false)).collect();
            if !ready.contains(&true) {
                if let Some(status) = process.ended() {
                    return Err(format!("the bootstrap ended ({status}) after {} answers", self.answered));
                }
                if last.elapsed() > PATIENCE {
                    return Err(format!("nothing for {PATIENCE:?} after {} answers", self.answered));
                }
                continue;
            }
            last = Instant::now();
            let mut closed = Vec::new();
            for (index, connection) in connections.iter_mut().enumerate() {
                if !ready[index + 1] {
                    continue;
                }
                if !connection.read()? {
                    closed.push(index);
                    continue;
                }
                while let Some(asked) = connection.request()? {
                    if self.answer(connection, &asked, &process)? {
                        return Ok(process);
                    }
                }
            }
            for index in closed.into_iter().rev() {
                connections.remove(index);
            }
            if ready[0] {
                match listener.accept() {
                    Ok((stream, _)) => {
                        stream.set_nonblocking(false).map_err(|error| error.to_string())?;
                        connections.push(Connection::new(stream));
                        self.outcome.connections += 1;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error.to_string()),
                }
            }
        }
    }

    /// Answers one request of the bootstrap; true when the run is over.
    fn answer(
        &mut self,
        connection: &mut Connection,
        asked: &crate::connection::Asked,
        process: &Process,
    ) -> Result<bool, String> {
        let now = Instant::now();
        let call = asked.path.strip_prefix("/2018-06-01/runtime/").unwrap_or(&asked.path);
        if asked.get && call == "invocation/next" {
            return self.next(connection, process, now);
        }
        let id = id(self.handed);
        if call != format!("invocation/{id}/response") {
            return Err(format!("{call}: {}", String::from_utf8_lossy(&asked.body)));
        }
        self.answered += 1;
        if self.answered == 1 {
            self.outcome.first_answer = micros(now - self.started);
        }
        if self.answered > self.length.warm_up {
            self.latencies.push(micros(now - self.sent));
        }
        connection.write(TAKEN, b"")?;
        self.scenario
            .expected
            .check(&asked.body)
            .map_err(|error| format!("{}: {error}", self.scenario.name))?;
        Ok(false)
    }

    fn next(&mut self, connection: &mut Connection, process: &Process, now: Instant) -> Result<bool, String> {
        match self.handed {
            0 => self.outcome.first_next = micros(now - self.started),
            1 => self.outcome.cold_cpu = process.usage().cpu,
            _ => {}
        }
        if self.handed == self.length.warm_up {
            self.begin = process.usage();
        }
        if self.handed == self.length.warm_up + self.length.counted {
            self.end(process);
            return Ok(true);
        }
        self.handed += 1;
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() + 3_000;
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: {}\r\n\
             Lambda-Runtime-Deadline-Ms: {deadline}\r\nLambda-Runtime-Invoked-Function-Arn: \
             arn:aws:lambda:eu-west-1:123456789012:function:bench\r\nLambda-Runtime-Trace-Id: \
             Root=1-67891233-{:024x};Parent=53995c3f42cd8ad8;Sampled=0\r\n\
             Date: Sat, 01 Nov 2025 12:00:00 GMT\r\nContent-Length: {}\r\n\r\n",
            id(self.handed),
            // Another one each time, as Lambda has it: what is kept of it would add up.
            self.handed,
            self.scenario.event.len(),
        );
        self.sent = Instant::now();
        connection.write(head.as_bytes(), &self.scenario.event)?;
        Ok(false)
    }

    fn end(&mut self, process: &Process) {
        let end = process.usage();
        self.outcome.peak = process.peak();
        let counted = self.length.counted.max(1) as f64;
        self.outcome.cpu = (end.cpu - self.begin.cpu) / counted;
        self.outcome.faults = (end.faults - self.begin.faults) as f64 / counted;
        self.latencies.sort_unstable_by(f64::total_cmp);
        let at = |part: f64| self.latencies.get((counted * part) as usize).copied().unwrap_or_default();
        self.outcome.median = at(0.5);
        self.outcome.p99 = at(0.99);
    }
}

fn id(number: usize) -> String {
    format!("8476a536-e9f4-11e8-9739-{number:012x}")
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
