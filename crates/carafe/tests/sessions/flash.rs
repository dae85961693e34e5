//! Flash messages, in handlers and in templates.

use carafe::testing::Client;
use carafe::{App, Flash, Redirect, Result, get, post, routes};

use super::outside::{SECRET, second, signed};

#[post("/add?<text>")]
fn add(text: &str, flash: Flash) -> Result<Redirect> {
    flash.add("note", text)?;
    Ok(Redirect::to("/"))
}

#[get("/")]
fn index(flash: Flash) -> String {
    flash.take().iter().map(|message| format!("{}:{} ", message.kind, message.text)).collect()
}

#[get("/unread")]
fn unread(flash: Flash) -> &'static str {
    drop(flash);
    "unread"
}

#[post("/all")]
fn all(flash: Flash) -> Result {
    flash.success("s")?;
    flash.info("i")?;
    flash.warning("w")?;
    flash.error("e")
}

#[post("/now")]
fn now(flash: Flash) -> Result<String> {
    flash.error("Wrong password")?;
    Ok(format!("{:?}", flash.take()))
}

#[post("/panic")]
fn panics(flash: Flash) -> String {
    let read = flash.take();
    panic!("{} read", read.len())
}

#[post("/long/<bytes>")]
fn long(bytes: usize, flash: Flash) -> Result<String> {
    flash.info("short")?;
    Ok(flash.info("x".repeat(bytes)).map_or_else(|error| error.to_string(), |()| "added".to_owned()))
}

fn app() -> App {
    App::new().secret_from("CARAFE_TEST_SECRET").routes(routes![add, index, unread, all, now, panics, long])
}

fn with_message(app: &App) -> Client {
    let client = app.test();
    client.post("/add?text=Saved").send();
    assert!(client.cookie("__Host-flash").is_some());
    client
}

#[test]
fn it_is_read_once() {
    let client = with_message(&app());
    let reply = client.get("/").send();
    assert_eq!((reply.text(), reply.header("cache-control")), ("note:Saved ", Some("no-store")));
    assert_eq!(client.cookie("__Host-flash"), None);
    let reply = client.get("/").send();
    assert_eq!((reply.text(), reply.header("cache-control"), reply.header("set-cookie")), ("", None, None));
}

#[test]
fn it_waits_until_it_is_read() {
    let client = with_message(&app());
    let reply = client.get("/unread").send();
    assert_eq!((reply.header("set-cookie"), reply.header("cache-control")), (None, None));
    client.post("/add?text=Again").send();
    // After a panic nobody can have read it.
    assert_eq!(client.post("/panic").send().status(), 500);
    assert_eq!(client.get("/").send().text(), "note:Saved note:Again ");
}

#[test]
fn it_has_a_kind() {
    let client = app().test();
    let reply = client.post("/all").send();
    let line = reply.header("set-cookie").unwrap();
    assert!(line.ends_with("; Path=/; Max-Age=300; SameSite=Lax; HttpOnly; Secure"), "{line}");
    assert_eq!(client.get("/").send().text(), "success:s info:i warning:w error:e ");
}

#[test]
fn what_is_read_at_once_is_never_sent() {
    let reply = app().test().post("/now").send();
    assert!(reply.text().contains("Wrong password") && reply.header("set-cookie").is_none());
}

#[test]
fn it_has_the_room_of_a_cookie() {
    let client = app().test();
    assert_eq!(client.post("/long/2900").send().text(), "added");
    assert!(client.get("/").send().text().starts_with("info:short info:xxx"));
    let reply = client.post("/long/3100").send();
    assert!(reply.text().starts_with("Internal Server Error: flash messages have 4"), "{}", reply.text());
    // The first of the two is kept.
    assert_eq!(client.get("/").send().text(), "info:short ");
}

#[test]
fn it_is_signed_for_its_name_and_time() {
    let client = app().test();
    let text = "W3sia2luZCI6ImEiLCJ0ZXh0IjoiYiJ9XQ"; // [{"kind":"a","text":"b"}]
    let of = |purpose: &str, name: &str, away| signed(SECRET, purpose, name, second(away), text);
    for (value, expected) in [
        (of("carafe flash 1", "__Host-flash", 60), "a:b "),
        (of("carafe flash 1", "__Host-flash", 0), ""),
        (of("carafe flash 1", "flash", 60), ""),
        (of("carafe signed cookie 1", "__Host-flash", 60), ""),
    ] {
        assert_eq!(client.get("/").cookie("__Host-flash", &value).send().text(), expected);
    }
    let http = app().test().plain_http();
    http.post("/add?text=Saved").send();
    assert!(http.cookie("flash").is_some());
    assert_eq!(http.get("/").send().text(), "note:Saved ");
    let named = app().session_name("shop").test();
    named.post("/add?text=Saved").send();
    assert!(named.cookie("__Host-shop-flash").is_some());
    assert_eq!(named.get("/").send().text(), "note:Saved ");
}

#[cfg(feature = "templates")]
mod in_templates {
    use carafe::Template;
    use serde_json::json;

    use super::*;

    #[get("/page/<name>")]
    fn page(name: &str) -> Template {
        Template::new(format!("{name}.html"), json!({"show": true, "own": {"flash": ["mine"]}}))
    }

    #[get("/mine")]
    fn mine() -> Template {
        Template::new("list.html", json!({"flash": [{"kind": "own", "text": "mine"}]}))
    }

    #[post("/wrong")]
    fn wrong(flash: Flash) -> Result<Template> {
        flash.error("Wrong <password>")?;
        Ok(Template::new("list.html", ()))
    }

    fn app() -> App {
        super::app()
            .routes(routes![page, mine, wrong])
            .template("list.html", "{% for m in flash %}<p class={{ m.kind }}>{{ m.text }}</p>{% endfor %}")
            .template("none.html", "nothing")
            .template("branch.html", "{% if not show %}{{ flash }}{% endif %}branch")
            .template("if.html", "{% if flash %}{{ flash|length }} {{ flash[0].text }} {{ flash|tojson }}{% else %}none{% endif %}")
            .template("outer.html", "{% include \"list.html\" %}{% import \"macro.html\" as m %}{{ m.all() }}")
            .template("macro.html", "{% macro all() %}{% for m in flash %}[{{ m.text }}]{% endfor %}{% endmacro %}")
    }

    #[test]
    fn it_is_read_only_when_the_template_uses_it() {
        let client = with_message(&app());
        for path in ["/page/none", "/page/branch", "/mine"] {
            let reply = client.get(path).send();
            assert_eq!((reply.status().as_u16(), reply.header("set-cookie")), (200, None), "{path}");
        }
        assert_eq!(client.get("/mine").send().text(), "<p class=own>mine</p>");
        let reply = client.get("/page/list").send();
        assert_eq!(
            (reply.text(), reply.header("cache-control")),
            ("<p class=note>Saved</p>", Some("no-store"))
        );
        assert_eq!(client.get("/page/list").send().text(), "");
    }

    #[test]
    fn it_is_a_list_like_others() {
        let client = with_message(&app());
        let json = r#"[{"kind": "note", "text": "Saved"}]"#;
        assert_eq!(client.get("/page/if").send().text(), format!("1 Saved {json}"));
        assert_eq!(client.get("/page/if").send().text(), "none");
        // All that the page is made of sees the same list.
        let client = with_message(&app());
        assert_eq!(client.get("/page/outer").send().text(), "<p class=note>Saved</p>[Saved]");
    }

    #[test]
    fn a_message_for_this_very_page_is_on_it() {
        let client = app().test();
        let reply = client.post("/wrong").send();
        assert_eq!(reply.text(), "<p class=error>Wrong &lt;password&gt;</p>");
        assert_eq!(reply.header("set-cookie"), None);
    }

    #[test]
    fn without_flash_in_the_app_there_is_none() {
        let client = App::new()
            .routes(routes![page])
            .template("list.html", "{% for message in flash %}x{% endfor %}.")
            .test();
        assert_eq!(client.get("/page/list").send().text(), ".");
    }
}
