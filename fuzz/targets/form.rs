//! Any bytes as an urlencoded form or a JSON object: the handler's arguments, or a 400 that says what is wrong.
#![no_main]

use std::sync::LazyLock;

use carafe::testing::Client;
use carafe::{App, Form, Result, post, routes};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Whole {
    title: String,
    count: Option<i64>,
    #[serde(default)]
    tags: Vec<String>,
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

static CLIENT: LazyLock<Client> = LazyLock::new(|| App::new().routes(routes![arguments, whole]).test());

fuzz_target!(|input: (bool, bool, &[u8])| {
    let (whole, json, body) = input;
    // A load balancer refuses JSON that is not UTF-8 itself (docs/alb.md), and the test client does so, too.
    if json && std::str::from_utf8(body).is_err() {
        return;
    }
    let target = if whole { "/whole" } else { "/arguments" };
    let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
    let reply = CLIENT.post(target).header("content-type", kind).body(body.to_vec()).send();
    assert!(matches!(reply.status().as_u16(), 200 | 400), "{}", reply.text());
});
