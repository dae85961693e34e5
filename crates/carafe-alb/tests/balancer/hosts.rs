//! Requests for hosts that are none of this machine, and addresses that others can reach.

use super::client::http2;
use super::local::{Local, until};
use super::puppet;

#[test]
fn a_host_of_somebody_else() {
    let local = Local::with(&["--allow-host", "app.test"]);
    let get = |host: &str| local.raw(format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n"));
    let port = local.address.port();
    for host in ["localhost", "x.localhost:99", "[::1]", "127.0.0.1", "app.test"] {
        assert_eq!(get(host).status, 200, "{host}");
    }
    assert_eq!(get(&format!("app.test:{port}")).status, 200);
    assert_eq!(local.raw("GET / HTTP/1.0\r\n\r\n").status, 200);
    let reply = get(&format!("evil.example:{port}"));
    assert!(reply.status == 421 && reply.is_page(), "{reply:?}");
    local.shows("the host `evil.example`, which is not a name of this machine");
    local.shows("--allow-host evil.example");
    // The host of an absolute target counts, as in the event.
    assert_eq!(local.raw("GET http://evil.example/ HTTP/1.1\r\nhost: localhost\r\n\r\n").status, 421);
    assert_eq!(local.raw("GET http://localhost/ HTTP/1.1\r\nhost: evil.example\r\n\r\n").status, 200);
    let request = |host: &str| http::Request::get(format!("http://{host}/")).body("").expect("a request");
    assert_eq!(http2(local.address, request("evil.example")).expect("a reply").status, 421);
    assert_eq!(http2(local.address, request("app.test")).expect("a reply").status, 200);
}

#[test]
fn listening_for_others() {
    let local = Local::of(&["--listen", "0.0.0.0:0"], &puppet::command(), &[]);
    local.shows("everybody who can reach this machine");
    let local = Local::with(&["--listen", "127.0.0.2:0"]);
    local.get("/");
    until("a line", || !local.lines().is_empty());
    assert!(!local.lines().iter().any(|line| line.contains("everybody")), "{:?}", local.lines());
}
