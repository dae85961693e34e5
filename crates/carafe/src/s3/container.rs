//! Credentials that a process on this machine hands out, as Lambda does under SnapStart:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::BucketCredentials;
use super::error::BucketError;
use super::timestamp::Timestamp;

/// The longest that an answer may take: it comes from this machine.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer.
const MOST_BYTES: usize = 64 * 1024;
/// How long credentials are used before they are asked for again. Those handed out hold for many minutes more.
const KEPT_SECONDS: u64 = 60;

/// How long a failure is kept. To ask again may take as long as `PATIENCE`, and other requests wait meanwhile.
const FAILED_SECONDS: u64 = 5;

/// The last answer, what was asked for it, and the second at which to ask again.
static KEPT: Mutex<Option<Kept>> = Mutex::new(None);

struct Kept {
    url: String,
    authorization: Option<String>,
    answer: Result<BucketCredentials, String>,
    until: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    access_key_id: String,
    secret_access_key: String,
    token: Option<String>,
}

/// Returns the credentials at the address that this variable has. It waits for the other process, once a minute.
pub(super) fn credentials(
    variable: &str,
    url: &str,
    authorization: Option<&str>,
) -> Result<BucketCredentials, BucketError> {
    let answer = credentials_at(Timestamp::now().seconds(), url, authorization);
    // Without the address: who knows that of a task of ECS may have its credentials.
    answer.map_err(|reason| BucketError(format!("no credentials from where `{variable}` says: {reason}")))
}

fn credentials_at(now: u64, url: &str, authorization: Option<&str>) -> Result<BucketCredentials, String> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |kept: &&Kept| kept.url == url && kept.authorization.as_deref() == authorization;
    if let Some(kept) = kept.as_ref().filter(is_same).filter(|kept| now < kept.until) {
        return kept.answer.clone();
    }
    let answer = fetch(url, authorization).map(|document| BucketCredentials {
        id: document.access_key_id,
        secret: document.secret_access_key,
        token: document.token,
    });
    let until = now.saturating_add(if answer.is_ok() { KEPT_SECONDS } else { FAILED_SECONDS });
    let authorization = authorization.map(str::to_owned);
    *kept = Some(Kept { url: url.to_owned(), authorization, answer: answer.clone(), until });
    answer
}

fn fetch(url: &str, authorization: Option<&str>) -> Result<Document, String> {
    let rest = url.strip_prefix("http://").ok_or("it has to begin with `http://`")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let clean = |text: &str| text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    if !clean(path) || !authorization.is_none_or(clean) {
        return Err(
            "it, or `AWS_CONTAINER_AUTHORIZATION_TOKEN`, has characters that no header may have".to_owned()
        );
    }
    let mut stream =
        TcpStream::connect_timeout(&address(host)?, PATIENCE).map_err(|error| error.to_string())?;
    let authorization = authorization.map(|text| format!("Authorization: {text}\r\n")).unwrap_or_default();
    // HTTP/1.0, whose answers end with the connection.
    let request =
        format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\n{authorization}Accept: application/json\r\n\r\n");
    let read = stream
        .set_write_timeout(Some(PATIENCE))
        .and_then(|()| stream.write_all(request.as_bytes()))
        .and_then(|()| read_within(PATIENCE, &mut stream));
    let answer = read.map_err(|error| error.to_string())?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("the answer is not HTTP")?;
    // Nothing else of the answer is shown: it may hold the secret.
    let status = head.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
    match status.ok_or("the answer is not HTTP")? {
        200 => {}
        status => return Err(format!("the answer has the status {status}")),
    }
    serde_json::from_str(body).map_err(|_| "the answer has no `AccessKeyId` and `SecretAccessKey`".to_owned())
}

/// Reads all of an answer, or a little more than `MOST_BYTES`. A timeout of the socket would be for each piece alone.
fn read_within(patience: Duration, stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (start, mut answer, mut room) = (Instant::now(), Vec::new(), [0; 4096]);
    while answer.len() < MOST_BYTES {
        let left = patience.checked_sub(start.elapsed()).filter(|left| !left.is_zero());
        stream.set_read_timeout(Some(left.ok_or(io::ErrorKind::TimedOut)?))?;
        match stream.read(&mut room) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(room.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // The error of a socket whose timeout is over.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(io::ErrorKind::TimedOut.into());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(answer)
}

/// Where ECS has credentials, and EKS.
const LINKED: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// Returns the address of a host that may have credentials: this machine, and where ECS and EKS have theirs.
fn address(host: &str) -> Result<SocketAddr, String> {
    let port = host.strip_prefix("localhost").filter(|port| port.is_empty() || port.starts_with(':'));
    let host = port.map_or(host.to_owned(), |port| format!("127.0.0.1{port}"));
    let at = host.parse().or_else(|_| format!("{host}:80").parse::<SocketAddr>());
    at.ok().filter(|at| at.ip().is_loopback() || LINKED.contains(&at.ip())).ok_or_else(|| {
        "its host has to be an address of this machine, or one where ECS or EKS have credentials".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::thread::JoinHandle;
    use std::time::Duration;

    use super::{address, credentials, credentials_at, read_within};

    /// What an error says first.
    const VARIABLE: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

    /// Answers one request, and returns its lines.
    fn serve(answer: &'static str) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/2021-03-23/credentials?a=b", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map(Result::unwrap);
            let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            stream.write_all(answer.as_bytes()).unwrap();
            lines
        });
        (url, thread)
    }

    // One test: the last credentials are kept for the whole process.
    #[test]
    fn a_process_of_this_machine_hands_them_out() {
        let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n\
                    {\"AccessKeyId\":\"id\",\"SecretAccessKey\":\"key\",\"Token\":\"t\",\"Expiration\":\"2026-11-29T12:00:00Z\"}";
        let (url, thread) = serve(json);
        let first = credentials(VARIABLE, &url, Some("a-token")).unwrap();
        assert_eq!((&*first.id, &*first.secret, first.token.as_deref()), ("id", "key", Some("t")));
        let lines = thread.join().unwrap();
        assert_eq!(lines.first().map(String::as_str), Some("GET /2021-03-23/credentials?a=b HTTP/1.0"));
        assert!(lines.contains(&"Authorization: a-token".to_owned()), "{lines:?}");
        // Nobody listens any more.
        assert!(credentials(VARIABLE, &url, Some("a-token")).unwrap() == first);
        // For another token there may be others.
        let error = credentials(VARIABLE, &url, None).unwrap_err().to_string();
        assert!(error.starts_with("no credentials from where `AWS_CONTAINER_CREDENTIALS_FULL_URI` says: "));
        assert!(!error.contains("2021-03-23"), "{error}");
        for (answer, reason) in [
            ("HTTP/1.1 403 secret\r\n\r\nsecret", "the answer has the status 403"),
            ("a secret\r\n\r\n", "the answer is not HTTP"),
            (
                "HTTP/1.1 200 OK\r\n\r\n{\"AccessKeyId\":\"secret\"}",
                "has no `AccessKeyId` and `SecretAccessKey`",
            ),
            ("secret", "the answer is not HTTP"),
            ("", "the answer is not HTTP"),
        ] {
            let (url, thread) = serve(answer);
            let error = credentials_at(100, &url, None).unwrap_err();
            assert!(error.contains(reason) && !error.contains("secret"), "{error}");
            thread.join().unwrap();
            // Nobody listens any more, which is noticed later.
            assert_eq!(credentials_at(104, &url, None).unwrap_err(), error);
            assert_ne!(credentials_at(105, &url, None).unwrap_err(), error);
        }
        for (url, reason) in [
            ("https://127.0.0.1/", "has to begin with `http://`"),
            ("http://10.0.0.1/", "has to be an address of this machine"),
            ("http://169.254.169.254/", "has to be an address of this machine"),
            ("http://localhost.example.com/", "has to be an address of this machine"),
            ("http://127.0.0.1:1/a b", "characters that no header may have"),
        ] {
            let error = credentials(VARIABLE, url, None).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        let error = credentials(VARIABLE, "http://127.0.0.1:1/", Some("a\r\nb")).unwrap_err().to_string();
        assert!(error.contains("characters that no header may have"), "{error}");
    }

    #[test]
    fn an_answer_that_comes_byte_by_byte_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut asking = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut answering, _) = listener.accept().unwrap();
        let thread = std::thread::spawn(move || {
            // Until nobody reads any more.
            while answering.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let error = read_within(Duration::from_millis(100), &mut asking).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
        drop(asking);
        thread.join().unwrap();
    }

    /// The list of <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
    #[test]
    fn where_credentials_may_come_from() {
        for (host, expected) in [
            ("localhost", Some("127.0.0.1:80")),
            ("localhost:8080", Some("127.0.0.1:8080")),
            ("127.0.0.2", Some("127.0.0.2:80")),
            ("[::1]", Some("[::1]:80")),
            ("[::1]:8080", Some("[::1]:8080")),
            ("169.254.170.2", Some("169.254.170.2:80")),
            ("169.254.170.23:80", Some("169.254.170.23:80")),
            ("[fd00:ec2::23]", Some("[fd00:ec2::23]:80")),
            ("[fd00:ec2::254]", None),
            ("169.254.169.254", None),
            ("[::ffff:10.0.0.1]", None),
            ("10.0.0.1:80", None),
            ("example.com", None),
            ("localhost.example.com", None),
            ("localhost1", None),
            ("127.0.0.1@10.0.0.1", None),
            ("", None),
        ] {
            let found = address(host).ok().map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{host}");
        }
    }
}
