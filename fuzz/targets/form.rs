//! Any bytes as an urlencoded form, a JSON object or a multipart form: the handler's arguments or structs, or a 400 that says what
//! is wrong.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use carafe::testing::Client;
use carafe::{App, Form, Request, Result, Upload, post, routes};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Whole {
    title: String,
    count: Option<i64>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct WithFiles {
    title: Option<String>,
    photo: Upload,
    more: Vec<Upload>,
    maybe: Option<Upload>,
    #[serde(flatten)]
    either: Either,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    File { other: Upload },
    Number { other: u8 },
    Rest(BTreeMap<String, String>),
}

#[post("/files")]
fn files(request: &Request, form: Form<WithFiles>) -> String {
    // What is handed out is what came.
    let body = request.body().as_ptr_range();
    for file in form.more.iter().chain([&form.photo]).chain(&form.maybe) {
        assert!(file.bytes().is_empty() || body.contains(&file.bytes().as_ptr()));
    }
    let either = match &form.either {
        Either::File { other } => other.file_name().to_owned(),
        Either::Number { other } => other.to_string(),
        Either::Rest(rest) => format!("{rest:?}"),
    };
    format!("{:?}{either}", form.title)
}

#[post("/arguments")]
fn arguments(
    title: String,
    count: Option<i64>,
    ratio: Option<f64>,
    flag: Option<bool>,
    tags: Vec<String>,
) -> String {
    format!("{title}{count:?}{ratio:?}{flag:?}{tags:?}")
}

#[post("/whole")]
fn whole(form: Form<Whole>) -> Result<Whole> {
    Ok(form.0)
}

static CLIENT: LazyLock<Client> =
    LazyLock::new(|| App::new().routes(routes![arguments, whole, files]).test());

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (target, kind, body) = input;
    let json = kind % 3 == 1;
    // A load balancer refuses JSON that is not UTF-8 itself (docs/alb.md), and the test client does so, too.
    if json && std::str::from_utf8(body).is_err() {
        return;
    }
    let target = ["/arguments", "/whole", "/files"][usize::from(target % 3)];
    let kind = match kind % 3 {
        0 => "application/x-www-form-urlencoded",
        1 => "application/json",
        _ => "multipart/form-data; boundary=x",
    };
    let reply = CLIENT.post(target).header("content-type", kind).body(body.to_vec()).send();
    assert!(matches!(reply.status().as_u16(), 200 | 400), "{}", reply.text());
});
