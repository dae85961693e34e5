//! Links to routes. Bottle builds them by the route's name at run time, carafe by calling `function::url`.

#![expect(clippy::indexing_slicing, reason = "all of this is a test, and one that cannot go on has to fail")]

use parity::{Verdict, judge, same, text_of};
use serde_json::Value;

#[carafe::get("/u/<id:int>/<tab>")]
fn user(id: i64, tab: &str) -> String {
    format!("{id} {tab}")
}

#[carafe::get("/s/<p:path>")]
fn file(p: &str) -> String {
    p.to_owned()
}

#[carafe::get("/\\<b\\>/<c>")]
fn esc(c: &str) -> String {
    c.to_owned()
}

fn run(case: &Value) -> Verdict {
    let args = &case["args"];
    let text = |name: &str| text_of(&args[name]);
    let number = |name: &str| args[name].as_i64().unwrap_or_default();
    if args["id"].as_f64().is_some_and(|id| id.fract() != 0.0) {
        return Err("a float for an integer does not compile".to_owned());
    }
    let (url, takes) = match text_of(&case["build"]) {
        "user" => (user::url(number("id"), text("tab")), 2),
        "file" => (file::url(text("p")), 1),
        "esc" => (esc::url(text("c")), 1),
        other => return Err(format!("no function for {other}")),
    };
    let given = args.as_object().map_or(0, serde_json::Map::len);
    if given != takes {
        return Err(format!("{given} arguments for {takes} do not compile"));
    }
    same("url", &url.to_string(), &text_of(&case["expect"]["url"]).to_owned())
}

#[test]
fn urls() {
    judge("url", run);
}
