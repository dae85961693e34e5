//! What Bottle reads of a request, put into carafe's types.

use std::fmt;

use carafe::{
    App, Basic, Form, FromRequest, Json, Query, Request, Result, State, Upload, abort, any, routes,
};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::{Seen, Verdict, list_of, same, text_of};

/// Every name once, in the order first seen, with all its values.
#[derive(Default)]
struct Groups(Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Groups, D::Error> {
        from.deserialize_map(Groups::default())
    }
}

impl<'de> Visitor<'de> for Groups {
    type Value = Groups;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names and values")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> std::result::Result<Groups, A::Error> {
        while let Some((name, values)) = map.next_entry()? {
            self.0.push((name, values));
        }
        Ok(self)
    }
}

/// Bottle's reading of a dictionary with several values for a name, put into carafe's types.
fn read_groups(Groups(groups): &Groups, how: &str, name: &str, default: &Value) -> Result<Value> {
    let values = groups.iter().find(|(own, _)| own == name).map(|(_, values)| values.as_slice());
    let last = values.and_then(<[String]>::last);
    Ok(match how {
        "get" => last.map_or(default.clone(), |value| json!(value)),
        "attr" => json!(last.map_or("", String::as_str)),
        "getall" => json!(values.unwrap_or_default()),
        "contains" => json!(values.is_some()),
        "item" => json!(last.ok_or_else(|| abort(400, format!("{name} is missing")))?),
        "len" => json!(groups.len()),
        "keys" => groups.iter().map(|(name, _)| json!(name)).collect(),
        "items" => groups.iter().map(|(name, values)| json!([name, values.last()])).collect(),
        "allitems" => groups
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| json!([name, value])))
            .collect(),
        other => return Err(abort(501, format!("no {other}"))),
    })
}

async fn query_of(request: &Request) -> Result<Groups> {
    Ok(Query::<Groups>::from_request(request).await?.0)
}

async fn form_of(request: &Request) -> Result<Groups> {
    Ok(Form::<Groups>::from_request(request).await?.0)
}

fn bytes_of(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.len() < 1000 => json!({"$bytes": text}),
        Ok(text) => json!({"$len": text.len()}),
        Err(_) => json!({"$not_text": bytes}),
    }
}

async fn read(request: &Request, what: &[Value]) -> Result<Value> {
    let arg = |index: usize| what.get(index).map(text_of).unwrap_or_default();
    let default = |index: usize| what.get(index).cloned().unwrap_or_default();
    let header = |name: &str| request.header(&name.to_ascii_lowercase()).map(|value| json!(value));
    Ok(match (arg(0), arg(1)) {
        ("query", "get_type") => {
            let number = request.query(arg(2)).and_then(|text| text.parse::<i64>().ok());
            number.map_or(default(4), |number| json!(number))
        }
        ("query", how) => read_groups(&query_of(request).await?, how, arg(2), &default(3))?,
        ("forms", how) => read_groups(&form_of(request).await?, how, arg(2), &default(3))?,
        ("params", how) => {
            let mut both = query_of(request).await?;
            if !request.body().is_empty() {
                for (name, values) in form_of(request).await?.0 {
                    match both.0.iter_mut().find(|(own, _)| *own == name) {
                        Some((_, all)) => all.extend(values),
                        None => both.0.push((name, values)),
                    }
                }
            }
            read_groups(&both, how, arg(2), &default(3))?
        }
        ("files", "get") => {
            let upload = Upload::from_argument(request, "f").await?;
            json!({
                "name": upload.name(), "filename": upload.file_name(), "raw_filename": upload.raw_file_name(),
                "content_type": upload.content_type().map(|kind| kind.to_string()).unwrap_or_default(),
                "data": bytes_of(upload.bytes()),
            })
        }
        ("files", "contains") => json!(Option::<Upload>::from_argument(request, "f").await?.is_some()),
        ("json", _) => Json::<Value>::from_request(request).await?.0,
        ("query_string", _) => json!(request.raw_query()),
        ("body", _) => bytes_of(request.body()),
        ("content_length", _) => json!(request.body().len()),
        ("remote_addr", _) => json!(request.client_ip()),
        ("cookies", "get") => json!(request.cookies().get(arg(2))),
        ("cookies", "keys") => request.cookies().iter().map(|(name, _)| json!(name)).collect(),
        ("auth", _) => {
            let login = Option::<Basic>::from_request(request).await?;
            json!(login.map(|login| [login.user().to_owned(), login.password().to_owned()]))
        }
        ("body_twice", _) => json!([bytes_of(request.body()), bytes_of(request.body())]),
        ("method", _) => json!(request.method().as_str()),
        ("path" | "fullpath", _) => json!(request.raw_path()),
        ("header" | "get_header", name) => header(name).unwrap_or(default(2)),
        ("url", _) => {
            let (scheme, host) = (request.scheme().unwrap_or_default(), request.host().unwrap_or_default());
            json!(format!("{scheme}://{host}{}", request.raw_path()))
        }
        (other, _) => return Err(abort(501, format!("carafe has no {other}"))),
    })
}

#[any("/")]
async fn at_root(request: &Request, what: State<Value>) -> Result<String> {
    Ok(read(request, list_of(&what)).await?.to_string())
}

#[any("/<rest:path>")]
async fn below(rest: &str, request: &Request, what: State<Value>) -> Result<String> {
    let _ = rest;
    Ok(read(request, list_of(&what)).await?.to_string())
}

/// Makes an app that answers each request with what it reads of it, as JSON.
pub fn app(what: &Value) -> App {
    App::new().state(what.clone()).routes(routes![at_root, below])
}

/// Compares what was read with what Bottle read.
///
/// # Errors
///
/// They differ.
pub fn compare(what: &Value, seen: &Seen, expected: &Value) -> Verdict {
    if !expected["$raises"].is_null() {
        return match expected["status"].as_u64() {
            Some(status) => same(&format!("{what} status"), &seen.status, &status),
            None => same(&format!("{what} is an error"), &(400..500).contains(&seen.status), &true),
        };
    }
    same(&format!("{what} status, {}", seen.text()), &seen.status, &200)?;
    let value: Value = serde_json::from_slice(&seen.body).map_err(|error| error.to_string())?;
    let is_file = what[0] == "files" && what[1] == "get";
    same(&what.to_string(), &value, &if is_file { without_length(expected) } else { expected.clone() })
}

/// What a file of a form is, without what only Bottle says of it.
fn without_length(expected: &Value) -> Value {
    let mut expected = expected.clone();
    if let Some(object) = expected.as_object_mut() {
        object.remove("content_length");
        if object["data"]["$bytes_b64"] == "AP8=" {
            object.insert("data".to_owned(), json!({"$not_text": [0, 255]}));
        }
    }
    expected
}
