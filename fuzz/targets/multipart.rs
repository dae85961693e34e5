//! Any bytes as a multipart form under any boundary: the handler's arguments, or a 400 that says what is wrong.
#![no_main]

use std::sync::LazyLock;

use carafe::testing::Client;
use carafe::{App, Upload, post, routes};
use libfuzzer_sys::fuzz_target;

#[post("/")]
fn upload(title: Option<String>, tags: Vec<String>, file: Option<Upload>, more: Vec<Upload>) -> String {
    let files = file.iter().chain(&more).map(|file| format!("{file:?}")).collect::<String>();
    format!("{title:?}{tags:?}{files}")
}

static CLIENT: LazyLock<Client> = LazyLock::new(|| App::new().routes(routes![upload]).test());

// The boundary of the first line, so that the rest has a chance to be parts.
fuzz_target!(|body: &[u8]| {
    let first = body.split(|&byte| byte == b'\r').next().unwrap_or_default();
    let boundary: String =
        first.iter().filter(|byte| byte.is_ascii_graphic()).map(|&byte| char::from(byte)).collect();
    let boundary = boundary.strip_prefix("--").unwrap_or(&boundary);
    let kind = format!("multipart/form-data; boundary={boundary}");
    let reply = CLIENT.post("/").header("content-type", &kind).body(body.to_vec()).send();
    assert!(matches!(reply.status().as_u16(), 200 | 400 | 415), "{}", reply.text());
});
