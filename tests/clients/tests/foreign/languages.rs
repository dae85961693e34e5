//! The same function in two languages, on AWS's own runtime clients.

use serde_json::Value;

use super::curl::{VERSIONS, curl};
use super::local::{Local, place};

#[test]
#[ignore = "needs Python with awslambdaric, and curl: .ci/run installs them"]
fn python() {
    let path = place("CLIENTS_PYTHONPATH");
    for multi in [false, true] {
        let command = ["python3", "-m", "awslambdaric", "app.handler"];
        drives(&Local::start("python", multi, &command, &[("PYTHONPATH", path.clone())]), multi);
    }
}

#[test]
#[ignore = "needs Node.js with aws-lambda-ric, and curl: .ci/run installs them"]
fn node() {
    let command = format!("{}/.bin/aws-lambda-ric", place("CLIENTS_NODE_MODULES"));
    for multi in [false, true] {
        drives(&Local::start("node", multi, &[&command, "index.handler"], &[]), multi);
    }
}

fn drives(local: &Local, multi: bool) {
    let url = |path: &str| format!("{}{path}", local.url);
    for (round, version) in (1..).zip(VERSIONS) {
        let get = |path: &str| curl(&[version, &url(path)], b"");
        let reply = curl(&[version, &url("/a%20b?x=1&x=2+3"), "-H", "x-two: 1", "-H", "x-two: 2"], b"");
        assert_eq!(reply.status, 201, "{reply:?}");
        let event: Value = serde_json::from_str(reply.text()).expect("the event");
        assert_eq!(event["path"], "/a%20b");
        let (query, headers) = match multi {
            true => ("multiValueQueryStringParameters", "multiValueHeaders"),
            false => ("queryStringParameters", "headers"),
        };
        let (x, two) = (event[query]["x"].clone(), event[headers]["x-two"].clone());
        match multi {
            true => assert_eq!((x, two), (serde_json::json!(["1", "2+3"]), serde_json::json!(["1", "2"]))),
            false => assert_eq!((x, two), ("2+3".into(), "2".into())),
        }
        let mut cookies = get("/cookies").values("set-cookie").join(" ");
        if multi && cookies == "b=2 a=1" {
            cookies = "a=1 b=2".to_owned(); // their order is a load balancer's to choose
        }
        assert_eq!(cookies, if multi { "a=1 b=2" } else { "b=2" });
        assert_eq!(get("/large").body.len(), 900_000);
        assert_eq!(get("/bytes").body, (0..=255).collect::<Vec<u8>>());
        let bytes: Vec<u8> = (0..700_000_u32).map(|at| (at % 251) as u8).collect();
        let back = curl(&[version, &url("/back"), "-H", "content-type: x/y", "--data-binary", "@-"], &bytes);
        assert!(back.status == 200 && back.body == bytes, "{} bytes came back", back.body.len());
        let too_large = curl(&[version, &url("/back"), "--data-binary", "@-"], &vec![0; 1_100_000]);
        assert!(too_large.status == 413 && too_large.text().contains("<title>413"), "{too_large:?}");
        for (path, reason) in [
            ("/raise", "LambdaUnhandled"),
            ("/too-large", "LambdaResponseTooLarge"),
            ("/broken", "LambdaInvalidResponse"),
        ] {
            let reply = get(path);
            let page = reply.text().contains("<title>502 Bad Gateway</title>");
            assert!(reply.status == 502 && page, "{path}: {reply:?}");
            assert_eq!(local.logged(reason, round), round, "{path} over {version}");
            assert_eq!(get("/").status, 201, "after {path}");
        }
    }
    for (round, version) in (1..).zip(VERSIONS) {
        assert_eq!(curl(&[version, &url("/sleep")], b"").status, 502);
        assert_eq!(curl(&[version, &url("/")], b"").status, 201);
        assert_eq!(local.logged("/sleep HTTP", round), round);
    }
    // The exceptions and the timeouts, over both.
    assert_eq!(local.logged("\"LambdaUnhandled\"", 4), 4);
    assert_eq!(local.logged("\"LambdaRequestTooLarge\"", 2), 2);
}
