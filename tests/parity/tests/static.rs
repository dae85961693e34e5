//! Files of a folder: Bottle's `static_file`.
//!
//! Not compared are `Date`, which a load balancer adds, and `Last-Modified`, which would be the date of what packed the program.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use std::fs;
use std::path::{Path, PathBuf};

use carafe::{App, File, Headers, Mime, Request, State, get, routes};
use parity::{Seen, Verdict, from_base64, judge, list_of, same, send, text_of};
use serde_json::{Map, Value};

/// Writes the files of the cases, some of them beside the folder, and returns the folder.
fn folder() -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("static-{}", std::process::id())).join("root");
    let files: Map<String, Value> =
        serde_json::from_str(include_str!("../fixtures/static.json")).expect("the files are JSON");
    for (name, content) in &files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        let bytes: Vec<u8> =
            text_of(content).chars().map(|char| u8::try_from(char).expect("latin-1")).collect();
        fs::write(path, bytes).expect("a file can be written");
    }
    folder
}

/// A case, and the folder of its files.
struct Asked {
    case: Value,
    folder: PathBuf,
}

impl Asked {
    fn option(&self, name: &str) -> Option<&str> {
        self.case["options"][name].as_str()
    }

    fn file(&self, request: &Request) -> File {
        let name = request.param("name").unwrap_or_else(|| text_of(&self.case["filename"]));
        match self.option("download") {
            // A file gets another name by being made anew.
            Some(other) => {
                let content = fs::read(self.folder.join(name)).expect("a file of the cases");
                File::new(other, content).download()
            }
            None => File::under(&self.folder, name),
        }
    }
}

#[get("/")]
fn named(asked: State<Asked>, request: &Request) -> File {
    asked.file(request)
}

#[get("/f/<name:path>")]
fn by_path(name: &str, asked: State<Asked>, request: &Request) -> File {
    let _ = name;
    asked.file(request)
}

#[get("/")]
fn with_type(asked: State<Asked>, request: &Request) -> (Mime, File) {
    let kind = asked.option("mimetype").map(str::to_owned);
    let kind = kind
        .unwrap_or_else(|| format!("text/plain; charset={}", asked.option("charset").unwrap_or_default()));
    (kind.parse().expect("the cases have right types"), asked.file(request))
}

#[get("/")]
fn with_tag(asked: State<Asked>, request: &Request) -> (Headers, File) {
    let mut headers = Headers::new();
    let tag = asked.option("etag").unwrap_or_default();
    headers.insert("etag", tag.parse().expect("the cases have right tags"));
    (headers, asked.file(request))
}

fn app_of(case: &Value, folder: &Path) -> Result<App, String> {
    let asked = Asked { case: case.clone(), folder: folder.to_owned() };
    let has = |name: &str| asked.option(name).is_some();
    let routes = match case["options"]["mimetype"] {
        Value::Bool(false) => return Err("a file has a type".to_owned()),
        _ if has("mimetype") || has("charset") => routes![with_type],
        _ if has("etag") => routes![with_tag],
        _ => routes![named, by_path],
    };
    Ok(App::new().state(asked).routes(routes))
}

fn compare(seen: &Seen, expected: &Value) -> Verdict {
    let status = text_of(&expected["status"]).split(' ').next().and_then(|code| code.parse().ok());
    same("status", &Some(seen.status), &status)?;
    for header in list_of(&expected["headers"]) {
        let (name, value) = (text_of(&header[0]).to_ascii_lowercase(), text_of(&header[1]));
        match name.as_str() {
            "date" | "last-modified" => {}
            "etag" if value == "<etag>" => same("a tag", &seen.all("etag").len(), &1)?,
            _ => same(&name, &seen.all(&name), &vec![value])?,
        }
    }
    if expected["default_error_page"] == true {
        return Ok(());
    }
    let body = match expected["body"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => from_base64(&expected["body_b64"]),
    };
    same("body", &seen.body, &body)
}

fn run(case: &Value, folder: &Path) -> Verdict {
    let app = app_of(case, folder)?;
    let one = [case["request"].clone()];
    let (requests, expected) = match &case["requests"] {
        Value::Array(requests) => (requests.as_slice(), list_of(&case["expect"])),
        _ => (one.as_slice(), std::slice::from_ref(&case["expect"])),
    };
    same("as many answers as requests", &requests.len(), &expected.len())?;
    let mut tag = String::new();
    for (request, expected) in requests.iter().zip(expected) {
        let request = request.to_string().replace("<etag>", &tag);
        let request: Value = serde_json::from_str(&request).map_err(|error| error.to_string())?;
        let seen = send(&app, &request, "text/html");
        compare(&seen, expected)?;
        let own = seen.header("etag").unwrap_or_default();
        if text_of(&case["name"]).ends_with("bare hex without quotes") {
            same("quoted", &own.starts_with('"'), &false)?;
        }
        tag = own.trim_matches('"').to_owned();
    }
    Ok(())
}

#[test]
fn files() {
    let folder = folder();
    judge("static", |case| run(case, &folder));
}
