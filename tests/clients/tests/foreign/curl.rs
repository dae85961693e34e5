//! curl, over HTTP/1.1 and HTTP/2.

use std::io::Write as _;
use std::process::{Command, Stdio};

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }

    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str()).collect()
    }
}

/// Both versions of HTTP, as curl calls them.
pub(super) const VERSIONS: [&str; 2] = ["--http1.1", "--http2-prior-knowledge"];

/// Runs curl with these arguments; `input` is what `@-` stands for.
pub(super) fn curl(arguments: &[&str], input: &[u8]) -> Reply {
    // Neither a configuration nor a proxy of whoever runs this.
    let mut process = Command::new("curl")
        .args(["-q", "--silent", "--show-error", "--include", "--max-time", "20", "--noproxy", "*"])
        // The body of a POST comes at once, not after a 100.
        .args(["-H", "expect:"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is a curl");
    let mut stdin = process.stdin.take().expect("it is piped");
    let input = input.to_vec();
    // A request that is refused is not read to its end.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = process.wait_with_output().expect("it ends");
    writer.join().expect("it does not panic");
    assert!(output.status.success(), "{arguments:?}: {}", output.status);
    let end = output.stdout.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&output.stdout[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let headers = lines.filter_map(|line| line.split_once(": "));
    Reply {
        status,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: output.stdout[end + 4..].to_vec(),
    }
}
