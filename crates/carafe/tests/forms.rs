//! Forms that are refused: every fault in one list, and nothing of a secret.

use carafe::{App, Form, Json, Query, Result, Secret, get, post, routes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize, Serialize)]
enum Kind {
    News,
    Note,
}

#[derive(Deserialize, Serialize)]
struct Post {
    title: String,
    stars: u8,
    kind: Kind,
    #[serde(default)]
    page: u16,
    address: std::net::IpAddr,
    subtitle: Option<String>,
    #[serde(default)]
    tag: Vec<u8>,
    draft: bool,
}

#[post("/whole")]
fn whole(post: Form<Post>) -> String {
    post.0.title
}

#[get("/whole")]
fn whole_query(post: Query<Post>) -> String {
    post.0.title
}

fn faults(reply: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let errors = reply["errors"].as_array().map_or(&[][..], Vec::as_slice);
    errors.iter().map(|fault| (text(&fault["name"]), text(&fault["got"]))).collect()
}

#[test]
fn every_fault_of_a_form_is_in_the_list() {
    const FINE: &str = "title=a&stars=1&kind=News&address=::1";
    let table: [(&str, &[(&str, &str)]); 9] = [
        (FINE, &[]),
        // One, two, and all that can be wrong.
        ("title=a&stars=x&kind=News&address=::1", &[("stars", "x")]),
        ("title=a&stars=x&kind=News&address=::1&page=-1", &[("page", "-1"), ("stars", "x")]),
        (
            "title=a&stars=x&kind=z&address=y&page=-1&tag=1&tag=999&draft=maybe",
            &[
                ("address", "y"),
                ("draft", "maybe"),
                ("kind", "z"),
                ("page", "-1"),
                ("stars", "x"),
                ("tag", "999"),
            ],
        ),
        // What is missing stands beside what is wrong; defaults and options do not.
        ("stars=x&kind=News", &[("address", "-"), ("stars", "x"), ("title", "-")]),
        ("address=y&kind=z", &[("address", "y"), ("kind", "z"), ("stars", "-"), ("title", "-")]),
        ("", &[("address", "-"), ("kind", "-"), ("stars", "-"), ("title", "-")]),
        // What was left empty counts as missing where the type cannot be empty.
        ("title=&stars=&kind=News&address=::1&subtitle=", &[("stars", "-")]),
        // The values that stand in for others are never to blame.
        ("title=1&stars=1000&kind=1&address=1", &[("address", "1"), ("kind", "1"), ("stars", "1000")]),
    ];
    let client = App::new().routes(routes![whole, whole_query]).test().multi_value_headers();
    for (text, expected) in table {
        let form = client.post("/whole").header("content-type", "application/x-www-form-urlencoded");
        let pairs = url_pairs(text);
        let multipart =
            pairs.iter().fold(client.post("/whole"), |request, (name, value)| request.field(name, value));
        for (what, request) in [("form", form.body(text)), ("parts", multipart)] {
            if what == "parts" && text.is_empty() {
                continue;
            }
            let reply = request.send();
            assert_eq!(reply.status(), if expected.is_empty() { 200 } else { 400 }, "{what} {text}");
            if expected.is_empty() {
                continue;
            }
            let mut found = faults(&reply.json());
            found.sort();
            let expected: Vec<_> =
                expected.iter().map(|(name, got)| ((*name).into(), (*got).into())).collect();
            assert_eq!(found, expected, "{what} {text}");
        }
        // A query has no checkboxes.
        let reply = client.get(&format!("/whole?{text}")).send();
        let mut found = if reply.status() == 200 { Vec::new() } else { faults(&reply.json()) };
        found.sort();
        let mut expected: Vec<(String, String)> =
            expected.iter().map(|(name, got)| ((*name).into(), (*got).into())).collect();
        if !text.contains("draft") {
            expected.push(("draft".into(), "-".into()));
        }
        expected.sort();
        assert_eq!(found, expected, "query {text}");
    }
}

fn url_pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A type that no stand-in fits.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Odd;

impl TryFrom<String> for Odd {
    type Error = String;

    fn try_from(text: String) -> Result<Odd, String> {
        if text == "§" { Ok(Odd) } else { Err("is not odd".to_owned()) }
    }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "they are only read from forms")]
struct WithOdd {
    odd: Odd,
    later: u8,
    other: Odd,
}

#[post("/odd")]
fn odd(form: Form<WithOdd>) -> &'static str {
    let _ = form;
    "Fine"
}

#[test]
fn a_type_that_takes_no_stand_in_hides_no_other_value() {
    let client = App::new().routes(routes![odd]).test();
    for (odd, later, other, expected) in [
        ("x", "y", "§", &["later", "odd"][..]),
        ("x", "1", "§", &["odd"]),
        ("x", "y", "z", &["later", "odd", "other"]),
        ("§", "y", "§", &["later"]),
    ] {
        let reply = client.post("/odd").form(&[("odd", odd), ("later", later), ("other", other)]).send();
        let mut names: Vec<String> = faults(&reply.json()).into_iter().map(|(name, _)| name).collect();
        names.sort();
        assert_eq!(names, expected, "{odd} {later} {other}");
    }
}

/// A struct that refuses all values, those that stand in for others, too.
#[derive(Deserialize)]
#[serde(try_from = "Limits")]
struct Never;

#[derive(Deserialize)]
#[expect(dead_code, reason = "they are only read from forms")]
struct Limits {
    from: u8,
    to: u8,
}

impl TryFrom<Limits> for Never {
    type Error = String;

    fn try_from(_: Limits) -> Result<Never, String> {
        Err("never right".to_owned())
    }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "they are only read from forms")]
struct Around {
    number: u8,
    #[serde(flatten)]
    rest: Limits,
}

#[post("/never")]
fn never(form: Form<Never>) -> &'static str {
    let _ = form;
    "Fine"
}

#[post("/around")]
fn around(form: Form<Around>) -> &'static str {
    let _ = form;
    "Fine"
}

#[test]
fn what_stand_ins_may_be_to_blame_for_is_not_told_beside_other_faults() {
    let client = App::new().routes(routes![never, around]).test();
    let said = |path: &str, fields: &[(&str, &str)]| {
        client.post(path).form(fields).send().json::<Value>()["error"].as_str().unwrap().to_owned()
    };
    const NUMBER: &str = "a whole number from 0 to 255";
    let words = |name: &str, kind: &str| format!("form field `{name}`: expected {kind}, got `x`");
    assert_eq!(said("/never", &[("from", "1"), ("to", "2")]), "form fields: never right");
    assert_eq!(said("/never", &[("from", "x"), ("to", "2")]), words("from", NUMBER));
    assert_eq!(said("/around", &[("from", "x"), ("number", "1"), ("to", "2")]), words("from", "u8"));
    assert_eq!(said("/around", &[("from", "x"), ("number", "x"), ("to", "2")]), words("number", NUMBER));
}

/// 66 numbers.
macro_rules! wide {
    ($($name:ident)*) => {
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "they are only read from forms")]
        struct Wide { $(#[serde(default)] $name: u8,)* }
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
wide!(a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
    d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 g0 g1 g2 g3 g4 g5);

#[post("/wide")]
fn wide(form: Form<Wide>) -> &'static str {
    let _ = form;
    "Fine"
}

#[test]
fn the_list_of_faults_has_an_end() {
    let client = App::new().routes(routes![wide]).test();
    for (count, listed) in [(63, 63), (64, 64), (65, 64), (66, 64)] {
        let fields: Vec<(&str, &str)> = NAMES[..count].iter().map(|name| (*name, "x")).collect();
        let reply = client.post("/wide").form(&fields).send();
        assert_eq!(faults(&reply.json()).len(), listed, "{count}");
    }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "they are only read from forms")]
struct Account {
    name: String,
    password: String,
    #[serde(rename = "APIToken")]
    api_token: u64,
    #[serde(rename = "client-secret")]
    secret: std::net::IpAddr,
    stars: u8,
}

#[post("/account")]
fn account(account: Result<Form<Account>>) -> Result<&'static str> {
    account.map_err(|refused| refused.show(Json))?;
    Ok("Fine")
}

#[derive(Deserialize)]
struct Card {
    number: Secret<u64>,
    owner: Secret<String>,
    code: Option<Secret<u16>>,
}

#[post("/card")]
fn card(card: Form<Card>) -> String {
    format!("{} {} {:?}", card.number, card.owner.reveal(), card.code)
}

#[test]
fn a_secret_says_what_it_is_and_no_more() {
    let client = App::new().routes(routes![card]).test();
    let reply = client.post("/card").form(&[("number", "1"), ("owner", "Ann"), ("code", "7")]).send();
    assert_eq!(reply.text(), "*** Ann Some(Secret(***))");
    let reply = client.post("/card").form(&[("number", "hunter2"), ("code", "hunter3")]).send();
    assert_eq!(
        reply.json::<Value>()["error"],
        "form field `code`: expected a secret (u16); form field `number`: expected a secret (u64); \
         form field `owner` is missing: expected a secret (String)"
    );
    for body in [r#"{"number": "hunter2", "owner": "Ann"}"#, r#"{"number": 1, "owner": ["hunter2"]}"#] {
        let reply = client.post("/card").header("content-type", "application/json").body(body).send();
        assert_eq!(reply.status(), 400);
        assert!(!reply.text().contains("hunter"), "{}", reply.text());
    }
}

#[post("/login")]
fn login(password: u64, user_token: Option<std::net::IpAddr>) -> String {
    format!("{password} {user_token:?}")
}

#[post("/secrets")]
fn secrets(account: Form<Account>) -> &'static str {
    let _ = account;
    "Fine"
}

#[post("/json")]
fn secrets_in_json(account: Json<Account>) -> &'static str {
    let _ = account;
    "Fine"
}

#[test]
fn secrets_are_never_repeated() {
    let app = App::new().routes(routes![account, login, secrets, secrets_in_json]);
    let client = app.test();
    let typed = [
        ("name", "Ann"),
        ("password", "hunter2"),
        ("APIToken", "hunter3"),
        ("client-secret", "hunter4"),
        ("stars", "x"),
    ];
    let form = client.post("/account").form(&typed).send();
    let document: Value = form.json();
    assert_eq!(document["texts"], json!({"name": "Ann", "stars": "x"}));
    assert_eq!(document["faults"].as_object().unwrap().len(), 3, "{document}");
    let object: Value = typed.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let replies = [
        form,
        client.post("/secrets").form(&typed).send(),
        client.post("/secrets").json(&object).send(),
        client.post("/json").json(&object).send(),
        client
            .post("/json")
            .json(&json!({"name": "Ann", "password": "x", "APIToken": 1, "client-secret": "hunter2"}))
            .send(),
        client.post("/account").json(&object).send(),
        client.post("/login").form(&[("password", "hunter2"), ("user_token", "hunter3")]).send(),
        client.post("/login").json(&json!({"password": "hunter2", "user_token": "hunter3"})).send(),
    ];
    for (number, reply) in replies.iter().enumerate() {
        assert_eq!(reply.status(), 400, "{number}");
        assert!(!reply.text().contains("hunter"), "{number}: {}", reply.text());
    }
}
