//! Forms that are refused, shown again with what was typed and what is wrong.

use carafe::{
    App, Error, FilledForm, Form, Html, Json, Redirect, Result, Upload, abort, catch, catchers, post, routes,
};
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

/// The form as a page shows it, as JSON.
#[post("/again")]
fn again(post: Result<Form<Post>>) -> Result<Redirect> {
    let Form(post) = post.map_err(|refused| refused.show(Json))?;
    Ok(Redirect::to(format!("/{}", post.title)))
}

#[test]
fn a_refused_form_has_what_was_typed_and_what_is_wrong() {
    let client = App::new().routes(routes![again]).test();
    let fine = [("title", "a"), ("stars", "1"), ("kind", "Note"), ("address", "::1")];
    assert_eq!(client.post("/again").form(&fine).send().header("location"), Some("/a"));

    let typed = [("title", "<Ärger>"), ("stars", "many"), ("tag", "1"), ("tag", "2"), ("kind", "Note")];
    let urlencoded = client.post("/again").form(&typed);
    let multipart =
        typed.iter().fold(client.post("/again"), |request, (name, value)| request.field(name, value));
    for (what, request) in [
        ("urlencoded", urlencoded),
        ("multipart", multipart.file("picture", "a.png", "image/png", b"\x89PNG")),
    ] {
        let reply = request.send();
        assert_eq!(reply.status(), 400, "{what}");
        let form: Value = reply.json();
        assert_eq!(
            form["texts"],
            json!({"title": "<Ärger>", "stars": "many", "tag": "2", "kind": "Note"}),
            "{what}"
        );
        assert_eq!(form["lists"]["tag"], json!(["1", "2"]), "{what}");
        assert_eq!(
            form["faults"],
            json!({
                "stars": "expected a whole number from 0 to 255, got `many`",
                "address": "is missing: expected text",
            }),
            "{what}"
        );
        let message = form["message"].as_str().unwrap();
        assert!(message.contains("`stars`") && message.contains("`address`"), "{what}: {message}");
    }
    // Of JSON, too.
    let body = json!({"title": "a", "stars": 3.5, "tag": [1, 2], "draft": true, "subtitle": null});
    let form: Value = client.post("/again").json(&body).send().json();
    assert_eq!(form["texts"], json!({"title": "a", "stars": "3.5", "tag": "2", "draft": "true"}));
}

#[catch(default)]
fn caught(error: &Error) -> String {
    format!("caught {}", error.status())
}

#[post("/broken")]
fn broken(post: Result<Form<Post>>) -> Result<&'static str> {
    post.map_err(|refused| refused.show(|_| Err::<String, _>(abort(503, "No page"))))?;
    Ok("Fine")
}

#[expect(clippy::panic, reason = "it is to be caught")]
#[post("/panics")]
fn panics(post: Result<Form<Post>>) -> Result<&'static str> {
    struct Panics;
    impl carafe::Responder for Panics {
        fn respond_to(self, _: &carafe::Request) -> Result<carafe::Response> {
            panic!("on purpose")
        }
    }
    post.map_err(|refused| refused.show(|_| Panics))?;
    Ok("Fine")
}

#[post("/moved")]
fn moved(post: Result<Form<Post>>) -> Result<&'static str> {
    post.map_err(|refused| refused.show(|_| Redirect::to("/elsewhere")))?;
    Ok("Fine")
}

#[post("/plain")]
fn plain(post: Form<Post>) -> &'static str {
    let _ = post;
    "Fine"
}

#[post("/upload")]
fn upload(picture: Result<Upload>) -> Result<&'static str> {
    picture.map_err(|refused| refused.show(|form| Html(form.message().to_owned())))?;
    Ok("Fine")
}

#[test]
fn a_page_that_is_shown_goes_before_catchers_and_keeps_the_status() {
    let routes = routes![again, broken, panics, moved, plain, upload];
    let client = App::new().routes(routes).catch(catchers![caught]).test();
    let send = |path: &str| client.post(path).form(&[("title", "a")]).send();
    assert_eq!(send("/plain").text(), "caught 400 Bad Request");
    assert!(send("/again").text().starts_with("{\"message\""));
    assert_eq!(
        (send("/again").status(), send("/moved").status()),
        (400.try_into().unwrap(), 303.try_into().unwrap())
    );
    assert_eq!(send("/broken").status(), 503);
    assert_eq!(send("/panics").status(), 500);
    // Errors that are not about fields have a page as well.
    for (content_type, body, status) in
        [("text/plain", "x", 415), ("application/json", "{", 400), ("multipart/form-data", "x", 400)]
    {
        let reply = client.post("/again").header("content-type", content_type).body(body).send();
        let form: Value = reply.json();
        assert_eq!((reply.status().as_u16(), &form["texts"]), (status, &json!({})), "{content_type}");
        assert_ne!(form["message"], "", "{content_type}");
    }
    assert_eq!(client.post("/upload").form(&[("a", "b")]).send().status(), 415);
}

#[test]
fn a_form_is_filled_from_a_value() {
    let post = Post {
        title: "Hi".to_owned(),
        stars: 3,
        kind: Kind::Note,
        page: 0,
        address: [127, 0, 0, 1].into(),
        subtitle: None,
        tag: vec![1, 2],
        draft: false,
    };
    let form = FilledForm::of(&post).unwrap();
    assert_eq!(
        serde_json::to_value(&form).unwrap(),
        json!({
            "message": "",
            "texts": {"title": "Hi", "stars": "3", "kind": "Note", "page": "0", "address": "127.0.0.1", "tag": "2"},
            "lists": {
                "title": ["Hi"], "stars": ["3"], "kind": ["Note"], "page": ["0"], "address": ["127.0.0.1"],
                "tag": ["1", "2"],
            },
            "faults": {},
        })
    );
    let form = FilledForm::of(&json!({"price": 1.1, "password": "x", "nested": {"a": 1}})).unwrap();
    assert_eq!((form.text("price"), form.text("password"), form.texts("nested").len()), ("1.1", "", 0));
    #[derive(Serialize)]
    struct Price(f32);
    assert_eq!(
        FilledForm::of(&std::collections::BTreeMap::from([("price", Price(1.1))])).unwrap().text("price"),
        "1.1"
    );
    assert_eq!(FilledForm::of(&7).unwrap(), FilledForm::default());

    let refused = form.with_fault("price", "Too dear").with_fault("price", "Not round").refused();
    assert_eq!(refused.status(), 422);
    assert_eq!(refused.form().fault("price"), "Too dear; Not round");
    assert_eq!(refused.form().text("price"), "1.1");
    assert_eq!(refused.form().message(), "form field `price`: Too dear; form field `price`: Not round");
}

#[cfg(feature = "templates")]
#[test]
fn templates_ask_by_the_name_of_the_field() {
    use carafe::{Template, get};

    #[derive(Serialize)]
    struct Edit {
        form: FilledForm,
    }

    #[get("/new")]
    fn new() -> Template {
        page(FilledForm::default())
    }

    #[post("/new")]
    fn create(post: Result<Form<Post>>) -> Result<Redirect> {
        post.map_err(|refused| refused.show(page))?;
        Ok(Redirect::to("/"))
    }

    fn page(form: FilledForm) -> Template {
        Template::new("edit.html", Edit { form })
    }

    let source = "{{ form.texts.title }}|{{ form.faults.title }}|{{ form.faults.stars }}|{% if '2' in form.lists.tag %}2{% endif %}|\
        {% for name, fault in form.faults|items %}{{ name }} {% endfor %}|{% if form.message %}!{% endif %}";
    let client = App::new().template("edit.html", source).routes(routes![new, create]).test();
    assert_eq!(client.get("/new").send().text(), "|||||");
    let typed =
        [("title", "<b>"), ("stars", "x"), ("tag", "1"), ("tag", "2"), ("kind", "News"), ("address", "::1")];
    let reply = client.post("/new").form(&typed).send();
    assert_eq!(reply.status(), 400);
    let fault = "expected a whole number from 0 to 255, got `x`";
    assert_eq!(reply.text(), format!("&lt;b&gt;||{fault}|2|stars |!"));
}
