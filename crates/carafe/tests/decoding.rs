//! What a load balancer sends percent-encoded, as handlers read it: decoded once. `t01` … `t14`, `t33` and `t47` are the
//! cases of `docs/alb.md` §9.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests may")]

mod loops;

use std::time::Duration;

use carafe::{App, Query, Request, get, routes};
use loops::LOOPS;
use serde_json::{Map, Value, json};

/// Answers with the values of `q` as plain arguments have them.
#[get("/one")]
fn one(q: Option<String>) -> Option<String> {
    q
}

#[get("/all")]
fn all(q: Vec<String>) -> Vec<String> {
    q
}

/// Answers with the whole query, by names that a handler's argument cannot have.
#[get("/map")]
fn map(Query(query): Query<std::collections::BTreeMap<String, String>>) -> Value {
    json!(query)
}

/// Answers with what the path is once decoded: one parameter for each segment, or all of it.
#[get("/x/<piece>")]
fn piece(piece: &str) -> String {
    piece.to_owned()
}

#[get("/x/<first>/<second>")]
fn pieces(first: &str, second: &str) -> Vec<String> {
    vec![first.to_owned(), second.to_owned()]
}

#[get("/rest/<rest:path>")]
fn rest(rest: &str) -> String {
    rest.to_owned()
}

#[get("/<rest:path>")]
fn any(rest: &str, request: &Request) -> Vec<String> {
    vec![rest.to_owned(), request.raw_path().to_owned()]
}

fn app() -> App {
    App::new().routes(routes![one, all, map, piece, pieces, rest, any])
}

/// Not a test, and passed at once as one; with a Runtime API it is the function.
#[test]
fn function() {
    loops::run(app());
}

/// Returns the answer to an event: the same in the test client and on each of the run loops.
fn answered(event: &Value) -> Value {
    let answer = app().test().event(event);
    for run_loop in LOOPS {
        assert_eq!(
            loops::answer(run_loop, &[], event, Duration::from_secs(30)).0,
            answer,
            "{run_loop}: {event}"
        );
    }
    answer
}

/// The two header modes of a load balancer, whose events name their fields differently.
const MODES: [(&str, &str); 2] =
    [("queryStringParameters", "headers"), ("multiValueQueryStringParameters", "multiValueHeaders")];

/// Returns the event of a GET as a load balancer makes it: in single-value mode with the last of several values.
fn event(path: &str, query: &[(&str, &str)], (query_field, header_field): (&str, &str)) -> Value {
    let mut pairs = Map::new();
    for (name, value) in query {
        if query_field.starts_with("multi") {
            let values = pairs.entry(*name).or_insert_with(|| json!([]));
            values.as_array_mut().unwrap().push(json!(value));
        } else {
            pairs.insert((*name).to_owned(), json!(value));
        }
    }
    json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": path, query_field: pairs, header_field: {},
        "body": "", "isBase64Encoded": false})
}

/// Returns the answer's text in both modes, which have to agree.
fn answer(path: &str, query: &[(&str, &str)]) -> String {
    let [single, multi] = MODES.map(|mode| {
        let answer = answered(&event(path, query, mode));
        assert_eq!(answer["statusCode"], 200, "{path} {query:?} {mode:?}: {answer}");
        answer["body"].as_str().unwrap().to_owned()
    });
    assert_eq!(single, multi, "{path} {query:?}");
    single
}

fn value(encoded: &str) -> String {
    let decoded = answer("/one", &[("q", encoded)]);
    assert_eq!(answer("/all", &[("q", encoded)]), json!([decoded]).to_string());
    decoded
}

#[test]
fn t01_a_value_is_decoded_once() {
    assert_eq!(value("a%20b%26c%3Dd"), "a b&c=d");
    assert_eq!(value("100%2525"), "100%25");
}

#[test]
fn t02_plus_is_a_space_and_an_escaped_colon_a_colon() {
    assert_eq!(value("2020-07-24+09%3A55%3A00"), "2020-07-24 09:55:00");
    assert_eq!(value("1%2B1"), "1+1");
}

#[test]
fn t03_a_query_inside_a_value() {
    assert_eq!(value("%3FshowAll%3Dtrue"), "?showAll=true");
}

#[test]
fn t04_an_escaped_equals_sign_ends_no_name() {
    assert_eq!(value("foo%3Dbar"), "foo=bar");
    assert_eq!(answer("/map", &[("a%3Db", "c")]), r#"{"a=b":"c"}"#);
}

#[test]
fn t05_brackets_raw_and_escaped() {
    let query = [("conditions[survey][0]", "1"), ("date%5Bfrom%5D", "2")];
    assert_eq!(answer("/map", &query), r#"{"conditions[survey][0]":"1","date[from]":"2"}"#);
}

#[test]
fn t06_a_value_that_is_an_equals_sign() {
    assert_eq!(value("="), "=");
}

#[test]
fn t07_repeats_keep_their_order() {
    let query = [("q", "1"), ("q", ""), ("q", "2")];
    assert_eq!(answer("/one", &query), "2", "the last one counts");
    let [single, multi] = MODES.map(|mode| answered(&event("/all", &query, mode))["body"].clone());
    assert_eq!((single, multi), (json!(r#"["2"]"#), json!(r#"["1","","2"]"#)));
}

#[test]
fn t08_a_flag_is_there_and_empty() {
    assert_eq!(value(""), "");
    assert_eq!(answered(&event("/one", &[("p", "")], MODES[0]))["statusCode"], 404, "another one is not");
}

#[test]
fn t09_an_escaped_space() {
    assert_eq!(value("hello%20world"), "hello world");
}

#[test]
fn t10_an_encoded_document_in_the_query() {
    assert_eq!(value("%7Bhero%28id%3A%221%22%29%7Bname%7D%7D"), r#"{hero(id:"1"){name}}"#);
    assert_eq!(value("%7B%22a%22%3A1%7D"), r#"{"a":1}"#);
}

#[test]
fn t11_an_escaped_slash_stays_in_its_segment() {
    assert_eq!(answer("/x/slash%2Fvalue", &[]), "slash/value");
    assert_eq!(answer("/x/slash/value", &[]), r#"["slash","value"]"#);
}

#[test]
fn t12_a_doubly_escaped_slash_is_decoded_once() {
    assert_eq!(answer("/x/literal%252Fvalue", &[]), "literal%2Fvalue");
}

#[test]
fn t13_what_a_rewrite_has_decoded_routes_normally() {
    assert_eq!(answer("/x/orders:2024/a b", &[]), r#"["orders:2024","a b"]"#);
    assert_eq!(answer("/x/é", &[]), "é");
    assert_eq!(answer("/x/%C3%A9", &[]), "é");
}

#[test]
fn t14_doubled_slashes_are_kept() {
    assert_eq!(answer("/rest/a//b", &[]), "a//b");
    assert_eq!(answer("//app/x", &[]), r#"["/app/x","//app/x"]"#);
}

#[test]
fn t33_what_scanners_send() {
    assert_eq!(answer("/x/%04%7F%18;{curl,x};", &[]), "\u{4}\u{7f}\u{18};{curl,x};");
}

#[test]
fn t47_paths_encoded_or_not() {
    let by_domain = |domain: &str, path: &str| {
        let answer = answered(&json!({
            "version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {},
            "requestContext": {"stage": "$default", "domainName": domain, "http": {"method": "GET"}},
        }));
        answer["body"].as_str().unwrap().to_owned()
    };
    // An HTTP API decodes the path: `100%25` arrived as `100%`, and decoding it again must not hurt.
    assert_eq!(by_domain("abc.execute-api.eu-west-1.amazonaws.com", "/x/100%/%41ä"), r#"["100%","%41ä"]"#);
    // A function URL does not.
    assert_eq!(by_domain("abc.lambda-url.eu-west-1.on.aws", "/x/100%25/%41"), r#"["100%","A"]"#);
    // A REST API decodes the query, and not the path.
    let answer = answered(&json!({
        "resource": "/{proxy+}", "httpMethod": "GET", "path": "/all", "requestContext": {"stage": "prod"},
        "multiValueQueryStringParameters": {"q": ["a b&c", "1+1", "100%25"]}, "headers": {},
    }));
    assert_eq!(answer["body"], r#"["a b&c","1+1","100%25"]"#);
}

#[test]
fn a_stage_in_front_of_a_path_is_not_part_of_the_route() {
    let answer = |event: &Value| answered(event)["body"].clone();
    assert_eq!(
        answer(&json!({
            "version": "2.0", "rawPath": "/prod/x/7", "headers": {},
            "requestContext": {"domainName": "api.example.com", "stage": "prod", "http": {"method": "GET"}},
        })),
        "7"
    );
    assert_eq!(
        answer(&json!({
            "version": "1.0", "resource": "/x/{id}", "httpMethod": "GET", "path": "/prod/x/7", "headers": {},
            "requestContext": {"domainName": "x.execute-api.eu-west-1.amazonaws.com", "stage": "prod"},
        })),
        "7"
    );
}
