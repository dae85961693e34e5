//! A Runtime API stand-in that feeds events to the mirror, and events in the shape a load balancer sends.
#![allow(dead_code, unreachable_pub, reason = "every test file uses its own part of it")]

pub mod checker;
pub mod events;
pub mod rows;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::mirror;

/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the function posted.
#[derive(Clone, Debug)]
pub struct Posted {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Posted {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.path))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The answer document; the function must not have failed.
    pub fn answer(&self) -> Value {
        assert!(self.path.ends_with("/response"), "{}: {}", self.path, String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// The answer's body, decoded.
    pub fn text(&self) -> String {
        String::from_utf8(events::body(&self.answer())).expect("text")
    }

    /// The JSON in the answer's body.
    pub fn seen(&self) -> Value {
        serde_json::from_str(&self.text()).expect("JSON in the body")
    }
}

/// An event to hand out, with the time the function has for it.
struct Job {
    event: Vec<u8>,
    time: Duration,
    /// Where it is handed out in halves: what the second half waits for.
    second_half: Option<Receiver<()>>,
}

/// A running function and the stand-in that feeds it.
pub struct Function {
    child: Child,
    jobs: Sender<Job>,
    posts: Receiver<Posted>,
    log: Option<JoinHandle<String>>,
    connections: Arc<AtomicUsize>,
    started: Arc<AtomicUsize>,
    restored: Arc<AtomicUsize>,
}

impl Function {
    pub fn start() -> Function {
        Function::with(&[])
    }

    pub fn with(variables: &[(&str, &str)]) -> Function {
        Function::at(|address| address, variables)
    }

    /// `address` writes the Runtime API's address the way a variant of Lambda does. An empty variable is taken away.
    pub fn at(address: impl Fn(String) -> String, variables: &[(&str, &str)]) -> Function {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let local = listener.local_addr().expect("an address").to_string();
        let (jobs, job_queue) = mpsc::channel();
        let (post_queue, posts) = mpsc::channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let started = Arc::new(AtomicUsize::new(0));
        let restored = Arc::new(AtomicUsize::new(0));
        let (count, handed, snaps) = (Arc::clone(&connections), Arc::clone(&started), Arc::clone(&restored));
        let numbers = Arc::new(AtomicUsize::new(0));
        let job_queue = Arc::new(Mutex::new(job_queue));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { break };
                count.fetch_add(1, Ordering::Relaxed);
                let (jobs, posts) = (Arc::clone(&job_queue), post_queue.clone());
                let (numbers, handed, snaps) =
                    (Arc::clone(&numbers), Arc::clone(&handed), Arc::clone(&snaps));
                std::thread::spawn(move || connection(stream, &jobs, &posts, &numbers, &handed, &snaps));
            }
        });
        let [program, arguments @ ..] = mirror::command();
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("AWS_LAMBDA_RUNTIME_API", address(local));
        command.env("AWS_LAMBDA_FUNCTION_NAME", "mirror").env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a child");
        let mut stderr = child.stderr.take().expect("its log");
        let log = std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Function { child, jobs, posts, log: Some(log), connections, started, restored }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Connections the function has opened so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Events handed out so far.
    pub fn handed_out(&self) -> usize {
        self.started.load(Ordering::Relaxed)
    }

    /// How often the function has said that its snapshot may be taken.
    pub fn restored(&self) -> usize {
        self.restored.load(Ordering::Relaxed)
    }

    pub fn invoke(&self, event: impl Into<Vec<u8>>) -> Posted {
        self.invoke_within(event, Duration::from_secs(30))
    }

    pub fn invoke_within(&self, event: impl Into<Vec<u8>>, time: Duration) -> Posted {
        self.send_within(event, time);
        self.posted()
    }

    pub fn send_within(&self, event: impl Into<Vec<u8>>, time: Duration) {
        self.jobs.send(Job { event: event.into(), time, second_half: None }).expect("the stand-in runs");
    }

    /// Hands out the first half of an event; the rest follows when something is sent to what this returns.
    pub fn send_half(&self, event: impl Into<Vec<u8>>) -> Sender<()> {
        let (go_on, second_half) = mpsc::channel();
        let job = Job { event: event.into(), time: PATIENCE, second_half: Some(second_half) };
        self.jobs.send(job).expect("the stand-in runs");
        go_on
    }

    /// Waits until so many events have been handed out, the last one perhaps in part.
    pub fn wait_for_handed_out(&self, number: usize) {
        self.wait_for(&format!("somebody asks for event {number}"), || self.handed_out() >= number);
    }

    /// Waits until something holds.
    pub fn wait_for(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let started = Instant::now();
        while !holds() {
            assert!(started.elapsed() < PATIENCE, "not in time: {what}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub fn posted(&self) -> Posted {
        let started = Instant::now();
        loop {
            let has_ended = self.log.as_ref().is_none_or(JoinHandle::is_finished);
            match self.posts.recv_timeout(Duration::from_millis(50)) {
                Ok(posted) => return posted,
                Err(_) if has_ended => panic!("the function has ended"),
                Err(_) => assert!(started.elapsed() < PATIENCE, "nothing is posted"),
            }
        }
    }

    pub fn terminate(&self) {
        let status = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status().expect("kill");
        assert!(status.success());
    }

    /// Waits for the end; gives exit status and log.
    pub fn end(mut self) -> (ExitStatus, String) {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "the function does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let log = self.log.take().expect("once").join().expect("a log");
        (status, log)
    }

    /// Ends it with SIGTERM and gives its log.
    pub fn log(self) -> String {
        self.terminate();
        self.end().1
    }

    /// The log lines of a level or more, each of which must be JSON.
    pub fn log_lines(self) -> Vec<Value> {
        let log = self.log();
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?}"))).collect()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn connection(
    stream: TcpStream,
    jobs: &Mutex<Receiver<Job>>,
    posts: &Sender<Posted>,
    numbers: &AtomicUsize,
    handed: &AtomicUsize,
    restored: &AtomicUsize,
) {
    let has = |event: &[u8], header: &str| String::from_utf8_lossy(event).contains(header);
    // What the answer to the event with this header is refused with.
    let mut refusal = None;
    let mut accepts_late = false;
    let mut writer = stream.try_clone().expect("a socket");
    let mut reader = BufReader::new(stream);
    while let Some((method, path, headers)) = head(&mut reader) {
        if refusal == Some(EARLY) && method != "GET" {
            // It is refused by its length, and what follows is not read. The connection stays until the client goes.
            let _ = posts.send(Posted { path, headers, body: Vec::new() });
            let _ = writer.write_all(b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n");
            let _ = writer.shutdown(std::net::Shutdown::Write);
            std::thread::sleep(PATIENCE);
            return;
        }
        let Some(body) = body(&mut reader, &headers) else { return };
        if path.ends_with("/extension/register") {
            let refused = path.starts_with("/refuse/");
            let is_mute = path.starts_with("/mute/");
            let _ = posts.send(Posted { path, headers, body });
            if is_mute {
                let _ = reader.read_to_end(&mut Vec::new());
                return;
            }
            let reply = if refused {
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 12\r\n\r\nnone of ours"
            } else {
                "HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: extension-7\r\nContent-Length: 2\r\n\r\n{}"
            };
            if writer.write_all(reply.as_bytes()).is_err() {
                return;
            }
        } else if path.ends_with("/extension/event/next") {
            let is_gone = path.starts_with("/gone/");
            let _ = posts.send(Posted { path, headers, body });
            if is_gone {
                return;
            }
            // No event comes. It waits until the process has gone.
            let _ = reader.read_to_end(&mut Vec::new());
            return;
        } else if path.ends_with("/restore/next") {
            restored.fetch_add(1, Ordering::Relaxed);
            if writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_err() {
                return;
            }
        } else if method == "GET" {
            let Ok(job) = jobs.lock().expect("no panic").recv() else { return };
            refusal = ["413 Payload Too Large", "500 Internal Server Error", EARLY]
                .into_iter()
                .find(|status| has(&job.event, &format!("\"x-refuse\":\"{}", &status[..3])));
            accepts_late = has(&job.event, "\"x-accept\":\"late\"");
            let sampled = u8::from(has(&job.event, "\"x-recorded\":\"1\""));
            let number = numbers.fetch_add(1, Ordering::Relaxed);
            let deadline = SystemTime::now() + job.time;
            let deadline = deadline.duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
            let mut more = format!("Lambda-Runtime-Deadline-Ms: {deadline}\r\n{ARN}\r\n");
            if has(&job.event, "\"x-without\":\"deadline\"") {
                more = format!("{ARN}\r\n");
            } else if has(&job.event, "\"x-without\":\"arn\"") {
                more = format!("Lambda-Runtime-Deadline-Ms: {deadline}\r\n");
            }
            for header in ["Lambda-Runtime-Client-Context: {", "Lambda-Runtime-Cognito-Identity: []"] {
                if has(&job.event, &format!("\"x-with\":\"{header}\"")) {
                    more = format!("{more}{header}\r\n");
                }
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Lambda-Runtime-Aws-Request-Id: request-{number}\r\n{more}\
                 Lambda-Runtime-Invocation-Id: invocation-{number}\r\n\
                 Lambda-Runtime-Trace-Id: Root=1-lambda-own;Parent=0123;Sampled={sampled}\r\n\r\n",
                job.event.len()
            );
            let reply = [head.as_bytes(), &job.event].concat();
            let (first, second) = reply.split_at(reply.len() - job.event.len() / 2);
            if let Some(second_half) = job.second_half {
                let _ = writer.write_all(first);
                handed.fetch_add(1, Ordering::Relaxed);
                let _ = second_half.recv();
                let _ = writer.write_all(second);
            } else {
                handed.fetch_add(1, Ordering::Relaxed);
                if writer.write_all(&reply).is_err() {
                    return;
                }
            }
        } else {
            let _ = posts.send(Posted { path, headers, body });
            if accepts_late {
                std::thread::sleep(Duration::from_millis(50));
                let _ = posts.send(Posted { path: "accepted".into(), headers: Vec::new(), body: Vec::new() });
            }
            let status = refusal.take().unwrap_or("202 Accepted");
            let reply = format!("HTTP/1.1 {status}\r\nContent-Length: 15\r\n\r\n{{\"status\":\"??\"}}");
            if writer.write_all(reply.as_bytes()).is_err() {
                return;
            }
        }
    }
}

const ARN: &str =
    "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:mirror";

/// The refusal of an answer before it has come to its end.
const EARLY: &str = "early";

type Head = (String, String, Vec<(String, String)>);

fn head(reader: &mut impl BufRead) -> Option<Head> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Some((method, path, headers))
}

fn body(reader: &mut impl BufRead, headers: &[(String, String)]) -> Option<Vec<u8>> {
    let len = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, len)| len.parse().ok());
    let mut body = vec![0; len.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}
