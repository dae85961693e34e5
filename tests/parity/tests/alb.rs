//! Events of a load balancer and the documents that answer them. Bottle was observed behind apig-wsgi 2.20.

#![expect(clippy::indexing_slicing, reason = "all of this is a test, and one that cannot go on has to fail")]

use parity::{Seen, Verdict, answer, answering, judge, list_of, reading, same, text_of};
use serde_json::{Value, json};

/// The event with `accept: text/html` in the headers it has, because Bottle's error pages are HTML whatever is accepted.
fn event_of(case: &Value) -> Value {
    let mut event = case["event"].clone();
    if let Some(headers) = event["headers"].as_object_mut() {
        headers.insert("accept".to_owned(), json!("text/html"));
    }
    if let Some(headers) = event["multiValueHeaders"].as_object_mut() {
        headers.insert("accept".to_owned(), json!(["text/html"]));
    }
    event
}

fn compare(seen: &Seen, expected: &Value) -> Verdict {
    if let Some(error) = expected["invocation_error"].as_str() {
        return Err(format!("status {}, not {error} and no answer", seen.status));
    }
    same("status", &Some(seen.status), &expected["statusCode"].as_u64())?;
    let is_multi_value = expected["multiValueHeaders"].is_object();
    same("header mode", &seen.is_multi_value, &is_multi_value)?;
    let headers = if is_multi_value { &expected["multiValueHeaders"] } else { &expected["headers"] };
    for (name, value) in headers.as_object().into_iter().flatten() {
        let name = name.to_ascii_lowercase();
        let values: Vec<&str> = match value {
            Value::Array(values) => values.iter().map(text_of).collect(),
            value => vec![text_of(value)],
        };
        // A cookie is for the whole site unless it says otherwise.
        let all = seen.all(&name).into_iter().map(|value| match name.as_str() {
            "set-cookie" => value.split(';').next().unwrap_or_default(),
            _ => value,
        });
        match values.as_slice() {
            [allow] if name == "allow" => seen.same_allow(allow)?,
            values => same(&name, &all.collect::<Vec<_>>(), &values.to_vec())?,
        }
    }
    if expected["body"] == "<default error page>" {
        return Ok(());
    }
    same("base64", &seen.is_base64, &(expected["isBase64Encoded"] == true))?;
    let body = if seen.is_base64 {
        parity::from_base64(&expected["body"])
    } else {
        text_of(&expected["body"]).into()
    };
    same("body", &seen.body, &body)
}

fn run(case: &Value) -> Verdict {
    if !case["handler_options"].is_null() {
        return Err("the bytes of a body decide how it is sent".to_owned());
    }
    let event = event_of(case);
    if case["reads"].is_null() {
        return compare(&answer(&answering::app(case)?, &event), &case["expect"]["lambda_response"]);
    }
    let (reads, expected) = (list_of(&case["reads"]), list_of(&case["expect"]["values"]));
    same("as many values as reads", &reads.len(), &expected.len())?;
    reads.iter().zip(expected).try_for_each(|(what, expected)| {
        reading::compare(what, &answer(&reading::app(what), &event), expected)
    })
}

#[test]
fn events() {
    judge("alb", run);
}
