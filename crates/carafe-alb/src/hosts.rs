//! The hosts that requests may be for. A page of another site can reach this machine under a name of its own, by changing
//! the address that the name stands for (DNS rebinding), and would read what the function answers.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::refusal::Refusal;
use crate::request::{Request, host_of};

/// Refuses a host that is neither an address, `localhost`, a name below that, nor one of `allowed`: a name, `*.NAME` for
/// those below it, or `*` for all.
pub(crate) fn check(request: &Request, allowed: &[String]) -> Result<(), Refusal> {
    let Some(host) = host_of(request) else { return Ok(()) };
    let host = String::from_utf8_lossy(host);
    let name = host.strip_suffix('.').unwrap_or(&host);
    let is_own = name.is_empty()
        || is_address(name)
        || is_or_below(name, "localhost")
        || allowed.iter().any(|allowed| match allowed.strip_prefix("*.") {
            Some(parent) => is_below(name, parent),
            None => allowed == "*" || allowed.eq_ignore_ascii_case(name),
        });
    if is_own {
        return Ok(());
    }
    let why = format!(
        "the request is for the host `{host}`, which is not a name of this machine: a page of another site may have sent it \
         (DNS rebinding); if it is meant to be one, start with --allow-host {name}"
    );
    Err(Refusal::new(421, why))
}

fn is_address(name: &str) -> bool {
    let inner = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => name.parse::<Ipv4Addr>().is_ok(),
    }
}

fn is_or_below(name: &str, parent: &str) -> bool {
    name.eq_ignore_ascii_case(parent) || is_below(name, parent)
}

/// Whether a name ends in `.parent`, with something in front.
fn is_below(name: &str, parent: &str) -> bool {
    let front = name.len().checked_sub(parent.len()).and_then(|at| name.split_at_checked(at));
    front.is_some_and(|(front, end)| {
        front.len() > 1 && front.ends_with('.') && end.eq_ignore_ascii_case(parent)
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn status(host: &str, allowed: &[&str]) -> Option<u16> {
        let request = http::Request::get("/").header("host", host).body(Bytes::new()).unwrap();
        let request = Request::of(&request, ([127, 0, 0, 1], 1).into());
        let allowed: Vec<_> = allowed.iter().map(|&name| name.to_owned()).collect();
        check(&request, &allowed).err().map(|refusal| refusal.status)
    }

    #[test]
    fn names_of_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST:3000",
            "localhost.",
            "app.localhost:3000",
            "a.b.localhost",
            "127.0.0.1:3000",
            "192.168.1.7",
            "[::1]",
            "[2001:db8::1]:3000",
            "",
            ":3000",
        ] {
            assert_eq!(status(host, &[]), None, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:3000",
            "notlocalhost",
            ".localhost",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "[::1].evil.example",
            "[evil]",
            "ü",
        ] {
            assert_eq!(status(host, &[]), Some(421), "{host}");
        }
    }

    #[test]
    fn names_that_are_allowed() {
        let allowed = ["app.test", "*.tunnel.example"];
        for host in ["app.test", "App.Test:3000", "app.test.", "x.tunnel.example", "x.y.Tunnel.example:1"] {
            assert_eq!(status(host, &allowed), None, "{host}");
        }
        for host in
            ["x.app.test", "tunnel.example", ".tunnel.example", "xtunnel.example", "*.tunnel.example.evil"]
        {
            assert_eq!(status(host, &allowed), Some(421), "{host}");
        }
        assert_eq!(status("evil.example", &["*"]), None);
    }
}
