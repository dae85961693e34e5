//! Bodies whose type implements `garde::Validate`: validated where the type stands in the signature.

#![expect(clippy::unwrap_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::collections::BTreeMap;

use carafe::garde::{self, Validate};
use carafe::{App, FilledForm, Form, Json, Query, Request, Result, get, post, routes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize, Serialize, Validate)]
#[serde(rename_all = "camelCase")]
struct NewPost {
    #[garde(length(min = 1, max = 10))]
    title: String,
    #[garde(range(min = 1, max = 5))]
    star_count: u8,
    #[serde(default)]
    #[garde(length(max = 3), inner(length(min = 2)))]
    tags: Vec<String>,
    #[serde(default)]
    #[garde(dive)]
    author: Option<Author>,
    #[serde(default)]
    #[garde(dive)]
    links: Vec<Link>,
    #[serde(default, rename = "secret-word")]
    #[garde(custom(no_sesame))]
    secret_word: String,
}

#[derive(Deserialize, Serialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Author {
    #[garde(length(min = 2))]
    full_name: String,
}

#[derive(Deserialize, Serialize, Validate)]
struct Link {
    #[garde(prefix("https://"))]
    #[serde(rename = "a/b~c")]
    a_b_c: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "garde hands it so")]
fn no_sesame(word: &str, _: &()) -> garde::Result {
    if word == "sesame" { Err(garde::Error::new("everybody knows that one")) } else { Ok(()) }
}

#[derive(Deserialize, Serialize, Validate)]
struct Page {
    #[garde(range(min = 1))]
    page: u32,
    #[serde(default)]
    #[garde(length(max = 1), inner(length(min = 2)))]
    tag: Vec<String>,
}

#[derive(Deserialize, Validate)]
#[garde(transparent)]
struct Title(#[garde(length(min = 3))] String);

#[derive(Deserialize, Validate)]
struct Stars(#[garde(range(max = 5))] u8);

#[derive(Deserialize, Validate)]
struct Authors {
    #[garde(dive)]
    authors: BTreeMap<String, Author>,
}

/// Implements it, but is not validated.
#[derive(Deserialize)]
struct Plain {
    title: String,
}

#[post("/json")]
fn in_json(post: Json<NewPost>) -> String {
    post.0.title
}

#[post("/pattern")]
fn in_pattern(Json(post): Json<NewPost>) -> String {
    post.title
}

#[post("/async")]
async fn in_async(request: &Request, Json(post): Json<NewPost>) -> String {
    format!("{} {}", request.path(), post.title)
}

#[post("/option")]
fn in_option(post: Option<Json<NewPost>>) -> String {
    post.map_or_else(|| "none".to_owned(), |post| post.0.title)
}

#[post("/result")]
fn in_result(post: Result<Json<NewPost>>) -> Result<String> {
    Ok(post?.0.title)
}

#[post("/form")]
fn in_form(post: Form<Page>) -> String {
    post.page.to_string()
}

#[post("/again")]
fn again(post: Result<Form<Page>>) -> Result<String> {
    let Form(post) = post.map_err(|refused| refused.show(Json))?;
    Ok(post.page.to_string())
}

#[get("/query")]
fn in_query(Query(page): Query<Page>) -> String {
    page.page.to_string()
}

#[post("/plain")]
fn in_arguments(title: Title, stars: Option<Stars>, page: u8) -> String {
    format!("{} {:?} {page}", title.0, stars.map(|stars| stars.0))
}

#[get("/titles/<title>/<stars>")]
fn in_path(title: Title, stars: Stars) -> String {
    format!("{} {}", title.0, stars.0)
}

#[post("/author")]
fn author_form(author: Form<Author>) -> String {
    author.0.full_name
}

#[post("/by")]
fn by(author: Author) -> String {
    author.full_name
}

#[post("/authors")]
fn authors(authors: Json<Authors>) -> String {
    authors.0.authors.len().to_string()
}

#[post("/not")]
fn not(post: Json<Plain>) -> String {
    post.0.title
}

fn app() -> App {
    App::new().routes(routes![
        in_json,
        in_pattern,
        in_async,
        in_option,
        in_result,
        in_form,
        again,
        in_query,
        in_arguments,
        in_path,
        author_form,
        by,
        authors,
        not
    ])
}

fn errors(reply: &Value) -> Vec<[String; 4]> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let of = |fault: &Value| ["name", "place", "pointer", "problem"].map(|key| text(&fault[key]));
    reply["errors"].as_array().unwrap().iter().map(of).collect()
}

/// Inputs, and what is wrong with each: name, pointer and sentence.
fn table() -> Vec<(Value, Vec<[&'static str; 3]>)> {
    let short = "length is lower than 1";
    let two = "length is lower than 2";
    vec![
        (json!({"title": "a", "starCount": 1}), vec![]),
        (json!({"title": "", "starCount": 1}), vec![["title", "/title", short]]),
        (
            json!({"title": "", "starCount": 9}),
            vec![["starCount", "/starCount", "greater than 5"], ["title", "/title", short]],
        ),
        (json!({"title": "a", "starCount": 1, "tags": ["ab", "ab", "x"]}), vec![["tags[2]", "/tags/2", two]]),
        (
            json!({"title": "a", "starCount": 1, "author": {"fullName": "x"}}),
            vec![["author.fullName", "/author/fullName", two]],
        ),
        (
            json!({"title": "a", "starCount": 1, "links": [{"a/b~c": "https://"}, {"a/b~c": "ftp://"}]}),
            vec![["links[1].a/b~c", "/links/1/a~1b~0c", "value does not begin with \"https://\""]],
        ),
        (
            json!({"title": "a", "starCount": 1, "secret-word": "sesame"}),
            vec![["secret-word", "/secret-word", "everybody knows that one"]],
        ),
    ]
}

#[test]
fn what_is_wrong_is_listed_with_pointers() {
    let client = app().test();
    for (body, expected) in table() {
        for path in ["/json", "/pattern", "/async", "/option", "/result"] {
            let reply = client.post(path).json(&body).send();
            if expected.is_empty() {
                assert_eq!(reply.status(), 200, "{path} {body}: {}", reply.text());
                continue;
            }
            assert_eq!(reply.status(), 422, "{path} {body}: {}", reply.text());
            let document: Value = reply.json();
            let expected: Vec<[String; 4]> = expected
                .iter()
                .map(|[name, pointer, sentence]| {
                    [*name, "JSON field", *pointer, *sentence].map(str::to_owned)
                })
                .collect();
            assert_eq!(errors(&document), expected, "{path} {body}");
            assert!(!document.to_string().contains("sesame"), "{document}");
        }
    }
    assert_eq!(client.post("/option").send().text(), "none");
    // What cannot be read is a 400, and has a pointer as well.
    let body = json!({"title": "a", "starCount": 1, "author": {"fullName": 7}});
    let reply = client.post("/json").json(&body).send();
    assert_eq!(reply.status(), 400);
    assert_eq!(errors(&reply.json())[0][..3], ["author.fullName", "JSON field", "/author/fullName"]);
    assert_eq!(client.post("/not").json(&json!({"title": ""})).send().status(), 200);
    // A key of a map may look like two.
    let body = json!({"authors": {"a": {"fullName": "Ann"}, "a.b": {"fullName": "x"}}});
    let reply = client.post("/authors").json(&body).send();
    assert_eq!(errors(&reply.json())[0][2], "/authors/a.b/fullName");
}

#[test]
fn problem_documents_have_them_too() {
    let reply =
        app().problem_details(true).test().post("/json").json(&json!({"title": "", "starCount": 1})).send();
    let document: Value = reply.json();
    assert_eq!((&document["title"], &document["status"]), (&json!("Unprocessable Entity"), &json!(422)));
    assert_eq!(document["detail"], "JSON field `title`: length is lower than 1");
    assert_eq!(document["errors"][0]["pointer"], "/title");
}

#[test]
fn the_page_for_people_has_the_sentences() {
    let request = app().test().post("/form").form(&[("page", "0")]).header("accept", "text/html").send();
    assert!(request.text().contains("<li>form field page: lower than 1</li>"), "{}", request.text());
}

#[test]
fn forms_and_queries_name_their_fields() {
    let client = app().test().multi_value_headers();
    let typed = [("page", "0"), ("tag", "ab"), ("tag", "x")];
    let multipart =
        typed.iter().fold(client.post("/form"), |request, (name, value)| request.field(name, value));
    let expected = |place: &str| {
        [["page", "lower than 1"], ["tag", "length is greater than 1"], ["tag[1]", "length is lower than 2"]]
            .map(|[name, sentence]| [name, place, "-", sentence].map(str::to_owned))
    };
    for (place, request) in [
        ("form field", client.post("/form").form(&typed)),
        ("form field", multipart),
        ("query parameter", client.get("/query?page=0&tag=ab&tag=x")),
    ] {
        let reply = request.send();
        assert_eq!(reply.status(), 422, "{place}");
        assert_eq!(errors(&reply.json()), expected(place), "{place}");
    }
    let reply = client.post("/author").form(&[("fullName", "x")]).send();
    assert_eq!(errors(&reply.json()), [["fullName", "form field", "-", "length is lower than 2"]]);
    let reply = client.post("/form").json(&json!({"page": 0})).send();
    assert_eq!(errors(&reply.json())[0][..3], ["page", "JSON field", "/page"]);
    for request in [client.post("/form").form(&[("page", "1")]), client.get("/query?page=1")] {
        assert_eq!(request.send().text(), "1");
    }
}

#[test]
fn a_form_is_shown_again_with_its_status() {
    let client = app().test();
    let reply = client.post("/again").form(&[("page", "0"), ("tag", "ab"), ("tag", "x")]).send();
    assert_eq!(reply.status(), 422);
    let form: Value = reply.json();
    assert_eq!(form["texts"], json!({"page": "0", "tag": "x"}));
    assert_eq!(
        form["faults"],
        json!({"page": "lower than 1", "tag": "length is greater than 1; length is lower than 2"})
    );
    assert_eq!(client.post("/again").form(&[("page", "x")]).send().status(), 400);
    assert_eq!(client.post("/again").form(&[("page", "1")]).send().text(), "1");
}

#[test]
fn plain_arguments_are_validated() {
    let client = app().test();
    let send = |fields: &[(&str, &str)]| client.post("/plain").form(fields).send();
    assert_eq!(send(&[("title", "abc"), ("page", "1")]).text(), "abc None 1");
    let reply = send(&[("title", "a"), ("stars", "9"), ("page", "1")]);
    assert_eq!(reply.status(), 422);
    assert_eq!(
        errors(&reply.json()),
        [
            ["title", "form field", "-", "length is lower than 3"].map(str::to_owned),
            ["stars", "form field", "-", "greater than 5"].map(str::to_owned),
        ]
    );
    // Beside one that cannot be read it is a 400.
    let reply = send(&[("title", "a"), ("page", "x")]);
    assert_eq!((reply.status().as_u16(), errors(&reply.json()).len()), (400, 2));
    let reply = client.post("/plain").json(&json!({"title": "a", "page": 1})).send();
    assert_eq!(errors(&reply.json())[0][..3], ["title", "JSON field", "/title"]);
    assert_eq!(client.get("/titles/abc/5").send().text(), "abc 5");
    let reply = client.post("/by").json(&json!({"author": {"fullName": "x"}})).send();
    assert_eq!(errors(&reply.json())[0][..3], ["author.fullName", "JSON field", "/author/fullName"]);
    let reply = client.get("/titles/abc/9").send();
    assert_eq!(reply.status(), 422);
    assert_eq!(errors(&reply.json()), [["stars", "path parameter", "-", "greater than 5"]]);
    assert_eq!(client.get("/titles/abc/x").send().status(), 404);
}

#[test]
fn to_validate_a_body_takes_no_future_of_the_handlers() {
    use carafe::__private::via::*;
    assert!(!carafe::__private::waits!(Json<NewPost>, FreeInForm));
    assert!(!carafe::__private::waits!(Form<Page>, FreeInForm));
}

#[test]
fn a_report_of_the_handlers_own_is_a_422() {
    #[post("/own")]
    async fn own(request: &Request) -> Result<String> {
        let Json(page) = request.extract::<Json<Page>>().await?;
        page.validate().map_err(|report| carafe::Error::from_report(&report))?;
        Ok(page.page.to_string())
    }
    let client = App::new().routes(routes![own]).test();
    let reply = client.post("/own").json(&json!({"page": 0})).send();
    assert_eq!(reply.status(), 422);
    assert_eq!(errors(&reply.json()), [["page", "field", "/page", "lower than 1"].map(str::to_owned)]);
    assert_eq!(client.post("/own").json(&json!({"page": 1})).send().text(), "1");
    assert_eq!(FilledForm::of(&Page { page: 0, tag: vec![] }).unwrap().text("page"), "0");
}
