//! The program, as `cargo run` starts it: the load balancer, and below it the function.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than any of this takes, so that a test that hangs fails.
const LONG: Duration = Duration::from_secs(60);

pub struct Program {
    process: Child,
    address: String,
}

impl Program {
    pub fn start(database: &str) -> Program {
        let mut process = Command::new(env!("CARGO_BIN_EXE_postgres"))
            .args(["serve", "--listen", "127.0.0.1:0", "--max-concurrency", "1"])
            .env("DATABASE_URL", database)
            .env_remove("AWS_LAMBDA_RUNTIME_API")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it has been built");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("it shows where it listens").expect("in UTF-8");
        let address = first.strip_prefix("Listening on http://").expect("an address").to_owned();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
        Program { process, address }
    }

    /// Sends a request with a form, and returns status and body of the answer.
    pub fn send(&self, request: &str, form: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(LONG)).expect("it is not zero");
        let length = form.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        )
        .expect("it reads");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("it answers");
        let (head, body) = reply.split_once("\r\n\r\n").expect("a head");
        (head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"), body.to_owned())
    }

    /// The function's process, the only one there is: below the load balancer, of the same program.
    pub fn function(&self) -> u32 {
        let own = std::fs::read_link(format!("/proc/{}/exe", self.process.id())).expect("it runs");
        let runs_it = |id: &u32| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|path| path == own);
        let mut found: Vec<u32> = children(self.process.id()).into_iter().filter(runs_it).collect();
        let function = found.pop().expect("the function runs");
        assert!(found.is_empty(), "there is one: {found:?}, {function}");
        function
    }

    pub fn wait_until_frozen(&self) {
        let function = self.function();
        let started = Instant::now();
        while field(function, 0).as_deref() != Some("T") {
            assert!(started.elapsed() < LONG, "it was never frozen");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        super::server::signal("INT", &self.process.id().to_string());
        let _ = self.process.wait();
    }
}

/// All processes below one.
fn children(parent: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").expect("Linux has it").flatten();
    let all: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    let mut found = vec![parent];
    let mut at = 0;
    while let Some(above) = found.get(at).map(u32::to_string) {
        found.extend(all.iter().filter(|id| field(**id, 1).as_ref() == Some(&above)));
        at += 1;
    }
    found.split_off(1)
}

/// The state of a process (0), or its parent (1): what stands behind its name in `/proc/ID/stat`.
fn field(id: u32, at: usize) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    text.rsplit_once(") ")?.1.split(' ').nth(at).map(str::to_owned)
}
