//! Patterns, their order, and what answers without a route.

#![expect(clippy::indexing_slicing, reason = "all of this is a test, and one that cannot go on has to fail")]

use carafe::{App, Request, catch, catchers, get, routes};
use parity::{Seen, Verdict, judge, list_of, same, send, text_of};
use serde_json::{Value, json};

/// A route that answers with its id and what it caught.
fn add(app: App, method: &str, rule: &str, id: &str) -> App {
    let id = id.to_owned();
    let names: Vec<String> = names_in(rule);
    app.route(method, rule, move |request: &Request| {
        let args: serde_json::Map<String, Value> = names
            .iter()
            .filter_map(|name| request.param(name).map(|value| (name.clone(), json!(value))))
            .collect();
        json!({"route": id, "args": args}).to_string()
    })
}

/// The names in `<name>` and `<name:filter>`; more than there are does no harm.
fn names_in(rule: &str) -> Vec<String> {
    let after = rule.split('<').skip(1);
    after.map(|rest| rest.split(['>', ':']).next().unwrap_or_default().to_owned()).collect()
}

#[get("/a")]
fn child() -> &'static str {
    "a"
}

#[catch(404)]
fn from_child() -> &'static str {
    "from child"
}

fn app_of(case: &Value) -> App {
    if case["mount"]["child_404"] == "from child" {
        return App::new().mount("/sub", routes![child].catch(catchers![from_child]));
    }
    let prefix = text_of(&case["mount"]["prefix"]).trim_end_matches('/');
    let routes = list_of(&case["routes"]).iter().chain(list_of(&case["mount"]["routes"]));
    let routes = routes.chain(list_of(&case["merge"]));
    routes.fold(App::new(), |app, route| {
        let (method, id) = (text_of(&route["method"]), text_of(&route["id"]));
        let rules = match &route["rule"] {
            Value::Array(rules) => rules.iter().map(text_of).collect(),
            one => vec![text_of(one)],
        };
        let times = route["repeat"].as_u64().unwrap_or(1);
        (0..times).fold(app, |app, n| {
            let numbered = |text: &str| text.replace("%d", &n.to_string());
            rules.iter().fold(app, |app, rule| {
                add(app, method, &format!("{prefix}{}", numbered(rule)), &numbered(id))
            })
        })
    })
}

fn compare(seen: &Seen, head: bool, expected: &Value) -> Verdict {
    same("status", &Some(seen.status), &expected["status"].as_u64())?;
    if let Some(allow) = expected["allow"].as_str() {
        seen.same_allow(allow)?;
    }
    if expected["body_is_default_error_page"] == true {
        return same("the page is the default one", &seen.text().contains("\"error\""), &true);
    }
    if seen.status != 200 || head {
        return Ok(());
    }
    let answer: Value = serde_json::from_slice(&seen.body).map_err(|error| error.to_string())?;
    same("route", &answer["route"], &expected["route"])?;
    for (name, value) in expected["args"].as_object().into_iter().flatten() {
        let caught = text_of(&answer["args"][name]);
        match value.as_f64() {
            Some(number) => same(name, &caught.parse().ok(), &Some(number))?,
            None => same(name, &json!(caught), value)?,
        }
    }
    Ok(())
}

fn run(case: &Value) -> Verdict {
    let app = app_of(case);
    let fits = app.check().map_err(|error| error.to_string());
    if !case["expect"]["define_error"].is_null() {
        return same("refused", &fits.is_err(), &true);
    }
    fits?;
    let one = [case["request"].clone()];
    let (requests, expected) = match &case["requests"] {
        Value::Array(requests) => (requests.as_slice(), list_of(&case["expect"])),
        _ => (one.as_slice(), std::slice::from_ref(&case["expect"])),
    };
    same("as many answers as requests", &requests.len(), &expected.len())?;
    requests.iter().zip(expected).try_for_each(|(request, expected)| {
        compare(&send(&app, request, "*/*"), request["method"] == "HEAD", expected)
    })
}

#[test]
fn routes() {
    judge("route", run);
}
