//! The command line of `carafe-alb`, and of `serve` in a carafe app.

use std::ffi::OsString;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _};
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};

use super::{EmptyBody, HealthCheck, InvalidUtf8, Options};

/// An error in a command line.
///
/// ```
/// use carafe_alb::Options;
///
/// let error = Options::from_arguments(["--time-out", "3", "--", "node", "index.js"]).unwrap_err();
/// assert!(error.to_string().contains("--time-out"), "{error}");
/// ```
#[derive(Debug)]
pub struct ArgumentError(String);

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ArgumentError {}

impl From<lexopt::Error> for ArgumentError {
    fn from(error: lexopt::Error) -> Self {
        ArgumentError(error.to_string())
    }
}

impl Options {
    /// The options that [`from_arguments`](Self::from_arguments) knows, a line or two each.
    pub const HELP: &str = "\
\x20 --listen ADDRESS                 listen there: a port, or an address with a port [127.0.0.1:3000]
  --allow-host NAME                take requests for this host, too; `*.NAME` for hosts below it, `*` for any
  --as-https                       tell the function that clients come over HTTPS
  --multi-value-headers            the target group's attribute lambda.multi_value_headers.enabled
  --mode both                      send each request in both header modes, and report a difference
  --timeout SECONDS                the function's timeout [30]
  --memory MB                      the function's memory, which it is only told [128]
  --max-concurrency N              copies of the function at once [10]
  --no-freeze                      let the function run between invocations, as under a debugger; Lambda stops it
  --snap-start                     start the function as SnapStart does, with a snapshot that is restored at once
  --event FILE                     send this recorded event, of any kind, print the answer, and end
  --health-check PATH              check the health of the function
  --health-check-interval SECONDS  from one check to the next [35]
  --health-check-timeout SECONDS   how long a check may take [30]
  --health-check-matcher STATUSES  what counts as healthy, such as 200-299,301 [200]
  --record DIR                     write each event and each answer into a folder
  --access-log FILE                write an access log in the load balancer's own format
  --idle-timeout SECONDS           how long a client may be silent in a request, or read nothing of its answer [60]
Where nobody knows for certain what a load balancer does:
  --reverse-headers on|off         reverse the values of a repeated header, in multi-value mode [on]
  --empty-body text|base64         how an empty body arrives [base64 over HTTP/2, else text]
  --invalid-utf8 refuse|pass       what becomes of a request that is not UTF-8 [refuse]
  --hop-by-hop                     let the function's hop-by-hop headers through
";

    /// Reads a command line: options, then the command of the function, with or without `--` between.
    ///
    /// ```
    /// let line = ["--listen", "0", "--timeout", "3", "--", "node", "index.js"];
    /// let options = carafe_alb::Options::from_arguments(line)?;
    /// assert_eq!(options.command, ["node", "index.js"]);
    /// # Ok::<(), carafe_alb::ArgumentError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// An option does not exist, or cannot have its value. A missing command is not an error here.
    pub fn from_arguments<T: Into<OsString>>(
        arguments: impl IntoIterator<Item = T>,
    ) -> Result<Options, ArgumentError> {
        let mut options = Options::new([] as [OsString; 0]);
        let mut health = HealthCheck::new("");
        let mut health_set = None;
        let mut parser = Parser::from_args(arguments.into_iter().map(Into::into));
        while let Some(argument) = parser.next()? {
            let name = match argument {
                Arg::Long(name) => name.to_owned(),
                Arg::Value(program) => {
                    options.command = std::iter::once(program).chain(parser.raw_args()?).collect();
                    break;
                }
                Arg::Short(letter) => return Err(unknown(&format!("-{letter}"))),
            };
            match name.as_str() {
                "listen" => {
                    let text = text(&mut parser)?;
                    options.listen = address(&text)?;
                    options.allow_hosts.extend(name_in(&text));
                }
                "allow-host" => options.allow_hosts.push(host(text(&mut parser)?)?),
                "as-https" => options.as_https = true,
                "multi-value-headers" => options.multi_value_headers = true,
                "mode" => options.both_modes = one_of(&mut parser, &name, &[("both", true)])?,
                "timeout" => {
                    options.timeout = seconds(&mut parser)?;
                    if options.timeout > LONGEST {
                        return Err(ArgumentError("--timeout is 900 s at most".into()));
                    }
                }
                "memory" => {
                    options.memory = parser.value()?.parse()?;
                    if !MEMORY.contains(&options.memory) {
                        return Err(ArgumentError("--memory is 128 to 10240 MB".into()));
                    }
                }
                "max-concurrency" => options.max_concurrency = at_least_one(&mut parser, &name)?,
                "no-freeze" => options.freeze = false,
                "snap-start" => options.snap_start = true,
                "event" => options.events.push(parser.value()?.into()),
                "idle-timeout" => options.idle_timeout = seconds(&mut parser)?,
                "record" => options.record = Some(parser.value()?.into()),
                "access-log" => options.access_log = Some(parser.value()?.into()),
                "reverse-headers" => {
                    options.reverse_headers = one_of(&mut parser, &name, &[("on", true), ("off", false)])?;
                }
                "empty-body" => {
                    let values = [("text", EmptyBody::Text), ("base64", EmptyBody::Base64)];
                    options.empty_body = one_of(&mut parser, &name, &values)?;
                }
                "invalid-utf8" => {
                    let values = [("refuse", InvalidUtf8::Refuse), ("pass", InvalidUtf8::PassOn)];
                    options.invalid_utf8 = one_of(&mut parser, &name, &values)?;
                }
                "hop-by-hop" => options.hop_by_hop = true,
                "health-check" => health.path = path(text(&mut parser)?)?,
                "health-check-interval" => health.interval = seconds(&mut parser)?,
                "health-check-timeout" => health.timeout = seconds(&mut parser)?,
                "health-check-matcher" => {
                    health.matcher = text(&mut parser)?.parse().map_err(ArgumentError)?;
                }
                _ => return Err(unknown(&format!("--{name}"))),
            }
            if name.starts_with("health-check-") {
                health_set = Some(name);
            }
        }
        if !health.path.is_empty() {
            if health.timeout >= health.interval {
                let (timeout, interval) = (health.timeout.as_secs_f64(), health.interval.as_secs_f64());
                let text = format!(
                    "--health-check-timeout ({timeout} s) has to be less than --health-check-interval ({interval} s)"
                );
                return Err(ArgumentError(text));
            }
            options.health_check = Some(health);
        } else if let Some(name) = health_set {
            return Err(ArgumentError(format!("--{name} needs --health-check PATH")));
        }
        Ok(options)
    }
}

/// Says that an option does not exist, and which was meant where that can be told.
fn unknown(option: &str) -> ArgumentError {
    let meant = match option.trim_start_matches('-') {
        "port" | "p" | "host" | "address" | "addr" | "bind" | "l" => Some("listen"),
        "concurrency" => Some("max-concurrency"),
        "multi-value" => Some("multi-value-headers"),
        "https" | "tls" => Some("as-https"),
        name => closest(name),
    };
    ArgumentError(match meant {
        Some(meant) => format!("unknown option `{option}`; did you mean `--{meant}`?"),
        None => format!("unknown option `{option}`"),
    })
}

/// Returns the option of [`Options::HELP`] that a misspelled name is closest to, if it is close to any.
fn closest(name: &str) -> Option<&'static str> {
    let lines = Options::HELP.lines().filter_map(|line| line.trim_start().strip_prefix("--"));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    let rated = names.map(|known| (edits(name, known), known));
    let (edits, known) = rated.min_by_key(|&(edits, _)| edits)?;
    (edits <= 1 + known.len() / 6).then_some(known)
}

/// Counts the letters to insert, remove or replace to get from one word to the other (Levenshtein's distance).
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, own) in from.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for (other, pair) in to.chars().zip(row.windows(2)) {
            if let &[diagonal, above] = pair {
                left = (diagonal + usize::from(own != other)).min(above + 1).min(left + 1);
                next.push(left);
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Lambda's own limits (its developer guide, *Lambda quotas*).
const LONGEST: Duration = Duration::from_secs(900);
const MEMORY: std::ops::RangeInclusive<u32> = 128..=10_240;

fn text(parser: &mut Parser) -> Result<String, ArgumentError> {
    Ok(parser.value()?.string()?)
}

fn seconds(parser: &mut Parser) -> Result<Duration, ArgumentError> {
    let text = text(parser)?;
    let seconds = text.parse().ok().filter(|&seconds: &f64| seconds > 0.0);
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration
        .ok_or_else(|| ArgumentError(format!("`{text}` is not a number of seconds, such as `3` or `0.5`")))
}

fn at_least_one(parser: &mut Parser, name: &str) -> Result<usize, ArgumentError> {
    match parser.value()?.parse()? {
        0 => Err(ArgumentError(format!("--{name} has to be 1 or more"))),
        number => Ok(number),
    }
}

fn one_of<T: Copy>(parser: &mut Parser, name: &str, values: &[(&str, T)]) -> Result<T, ArgumentError> {
    let text = text(parser)?;
    let found = values.iter().find(|(value, _)| *value == text);
    found.map(|&(_, value)| value).ok_or_else(|| {
        let values: Vec<_> = values.iter().map(|(value, _)| format!("`{value}`")).collect();
        ArgumentError(format!("--{name} cannot be `{text}`; it can be {}", values.join(" or ")))
    })
}

fn path(text: String) -> Result<String, ArgumentError> {
    if text.starts_with('/') {
        return Ok(text);
    }
    Err(ArgumentError(format!("--health-check needs a path, such as `/health`, not `{text}`")))
}

/// Returns the name in an address to listen on: requests may be for it.
fn name_in(address: &str) -> Option<String> {
    let (name, _) = address.rsplit_once(':').filter(|(name, _)| !name.starts_with('['))?;
    name.parse::<Ipv4Addr>().is_err().then(|| name.to_owned())
}

fn host(text: String) -> Result<String, ArgumentError> {
    if text.is_empty() || text.contains(['/', ':']) {
        return Err(ArgumentError(format!("--allow-host needs a name, such as `app.test`, not `{text}`")));
    }
    Ok(text)
}

/// Reads `3000`, `127.0.0.1:3000` or `localhost:3000`.
fn address(text: &str) -> Result<SocketAddr, ArgumentError> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    let error =
        || ArgumentError(format!("`{text}` is not an address to listen on, such as `127.0.0.1:3000`"));
    found.ok_or_else(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::from_arguments(line.split_whitespace()).map_err(|error| error.to_string())
    }

    #[test]
    fn everything() {
        let line = "--listen 127.0.0.1:8080 --as-https --multi-value-headers --mode both --timeout 0.5 --memory 512 \
                    --max-concurrency 2 --health-check /up --health-check-interval 5 --health-check-timeout 1 \
                    --health-check-matcher 200-299 --record r --access-log a.log --idle-timeout 1 \
                    --no-freeze --reverse-headers off --empty-body base64 --invalid-utf8 pass --hop-by-hop -- app --flag x";
        let options = read(line).unwrap();
        assert_eq!(options.listen.to_string(), "127.0.0.1:8080");
        assert!(options.as_https && !read("").unwrap().as_https);
        assert!(options.multi_value_headers && options.both_modes && options.hop_by_hop);
        assert!(!options.reverse_headers && !options.freeze && read("").unwrap().freeze);
        assert_eq!((options.timeout, options.memory), (Duration::from_millis(500), 512));
        assert_eq!(options.command, ["app", "--flag", "x"]);
        let health = options.health_check.unwrap();
        assert_eq!((health.path.as_str(), health.interval.as_secs()), ("/up", 5));
        assert!(health.matcher.matches(299));
        assert_eq!((options.empty_body, options.invalid_utf8), (EmptyBody::Base64, InvalidUtf8::PassOn));
        assert_eq!(read("python3 --version").unwrap().command, ["python3", "--version"]);
        let hosts = |line| read(line).unwrap().allow_hosts;
        assert_eq!(hosts("--allow-host a.test --allow-host *.b.test"), ["a.test", "*.b.test"]);
        assert_eq!(hosts("--listen localhost:0"), ["localhost"]);
        assert_eq!(hosts("--listen 127.0.0.1:0 --listen [::1]:0 --listen 0"), [""; 0]);
        assert_eq!(read("--listen 8080").unwrap().listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn mistakes() {
        for (line, words) in [
            ("--lisen 80", "unknown option `--lisen`; did you mean `--listen`?"),
            ("--port 1", "unknown option `--port`; did you mean `--listen`?"),
            ("-p 80", "unknown option `-p`; did you mean `--listen`?"),
            ("--https", "did you mean `--as-https`?"),
            ("--multi-value-header", "did you mean `--multi-value-headers`?"),
            ("--health-chek /", "did you mean `--health-check`?"),
            ("--concurrency 2", "did you mean `--max-concurrency`?"),
            ("--listen here", "`here` is not an address"),
            ("--allow-host http://app.test", "needs a name, such as `app.test`"),
            ("--allow-host app.test:3000", "needs a name"),
            ("--timeout soon", "`soon` is not a number of seconds"),
            ("--timeout -1", "not a number of seconds"),
            ("--timeout", "missing"),
            ("--mode single", "it can be `both`"),
            ("--reverse-headers yes", "`on` or `off`"),
            ("--max-concurrency 0", "1 or more"),
            ("--health-check up", "needs a path"),
            ("--health-check-interval 3", "needs --health-check PATH"),
            (
                "--health-check / --health-check-timeout 40",
                "(40 s) has to be less than --health-check-interval (35 s)",
            ),
            ("--timeout 901", "900 s at most"),
            ("--memory 64", "128 to 10240"),
            ("--health-check / --health-check-matcher 500", "not a matcher"),
            ("--multi-value-headers=yes", "yes"),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(words), "{line}: {error}");
        }
        for line in ["--verbose", "-x", "--", "--zzz=1"] {
            let error = read(line);
            assert!(
                error.as_ref().is_ok_and(|_| line == "--")
                    || error.as_ref().is_err_and(|error| !error.contains("did you mean")),
                "{line}: {error:?}"
            );
        }
    }

    #[test]
    fn distances() {
        for (from, to, distance) in
            [("", "", 0), ("", "ab", 2), ("ab", "", 2), ("lisen", "listen", 1), ("tiemout", "timeout", 2)]
        {
            assert_eq!(edits(from, to), distance, "{from} {to}");
        }
    }
}
