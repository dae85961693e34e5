//! The guard, the way to the login page and back, and where nobody is to be led.

use carafe::{
    App, LoggedIn, LoginRequired, Redirect, Result, Routes, Session, StatusCode, catch, catchers, get, post,
    routes,
};

#[get("/login?<next>")]
fn login_page(next: Option<String>) -> String {
    format!("log in for {next:?}")
}

#[post("/login?<next>")]
fn login(name: String, next: Option<String>, session: Session<String>) -> Result<Redirect> {
    session.set(name)?;
    Ok(Redirect::to_local(next, home::url()))
}

#[get("/home")]
fn home(name: LoggedIn<String>) -> String {
    format!("home of {}", *name)
}

#[get("/maybe")]
fn maybe(name: Option<LoggedIn<String>>) -> String {
    format!("{:?}", name.map(|name| name.0))
}

#[get("/report/<id>")]
fn report(id: &str) -> String {
    format!("report {id}")
}

#[post("/report")]
fn create() -> &'static str {
    "created"
}

fn guarded() -> Routes {
    routes![home, report, create].around(LoginRequired::<String>::at(login_page::url()))
}

fn app() -> App {
    App::new().secret_from("CARAFE_TEST_SECRET").routes(routes![login_page, login, maybe]).routes(guarded())
}

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

#[test]
fn browsers_are_sent_to_the_login_page_and_back() {
    let client = app().test();
    for (path, next) in [
        ("/report/7", "/login?next=%2Freport%2F7"),
        ("/report/a%20b?x=1&y=%26", "/login?next=%2Freport%2Fa%2520b%3Fx%3D1%26y%3D%2526"),
        ("/home", "/login?next=%2Fhome"),
    ] {
        let reply = client.get(path).header("accept", HTML).send();
        assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some(next)));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let page = client.get(path).header("accept", HTML).follow_redirects().send();
        assert_eq!(page.text(), format!("log in for {:?}", Some(path)));
        let reply = client.post(next).form(&[("name", "Ann")]).send();
        assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some(path)));
        assert_eq!(client.get(path).header("accept", HTML).send().status(), 200);
        client.forget_cookies();
    }
    // What was posted cannot be asked for again.
    let reply = client.post("/report").header("accept", HTML).send();
    assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some("/login")));
    let reply = client.head("/home").header("accept", HTML).send();
    assert_eq!(reply.header("location"), Some("/login?next=%2Fhome"));
}

#[test]
fn a_page_may_be_for_those_who_are_not_logged_in_too() {
    let client = app().test();
    assert_eq!(client.get("/maybe").send().text(), "None");
    client.post("/login").form(&[("name", "Ann")]).send();
    assert_eq!(client.get("/maybe").send().text(), "Some(\"Ann\")");
}

#[catch(401)]
fn who() -> &'static str {
    "who are you?"
}

#[test]
fn other_clients_get_a_401() {
    let client = app().catch(catchers![who]).test();
    for accept in ["application/json", "*/*", ""] {
        let reply = client.get("/home").header("accept", accept).send();
        assert_eq!((reply.status(), reply.text()), (StatusCode::UNAUTHORIZED, "who are you?"));
    }
    assert_eq!(client.get("/home").send().status(), 401);
    assert_eq!(client.post("/report").send().status(), 401);
    client.post("/login").form(&[("name", "Ann")]).send();
    assert_eq!(client.get("/home").send().text(), "home of Ann");
    assert_eq!(client.post("/report").send().text(), "created");
}

#[test]
fn the_login_page_may_stand_in_the_group_and_under_a_prefix() {
    let group = routes![login_page, login, home].around(LoginRequired::<String>::at(login_page::url()));
    let client = App::new().secret_from("CARAFE_TEST_SECRET").mount("/admin", group).test();
    let reply = client.get("/admin/home").header("accept", HTML).send();
    assert_eq!(reply.header("location"), Some("/admin/login?next=%2Fadmin%2Fhome"));
    assert_eq!(client.get("/admin/login").header("accept", HTML).send().text(), "log in for None");
    let reply = client.post("/admin/login").header("accept", HTML).form(&[("name", "Ann")]).send();
    assert_eq!(reply.header("location"), Some("/admin/home"));
    assert_eq!(client.get("/admin/home").send().text(), "home of Ann");
    // A page elsewhere, with a query of its own.
    let group = routes![home].around(LoginRequired::<String>::at("https://login.example.com/?app=x"));
    let client = App::new().secret_from("CARAFE_TEST_SECRET").routes(group).test();
    let reply = client.get("/home").header("accept", HTML).send();
    assert_eq!(reply.header("location"), Some("https://login.example.com/?app=x&next=%2Fhome"));
}

#[test]
fn the_login_page_is_known_however_its_path_is_spelt() {
    #[get("/größe")]
    fn page() -> &'static str {
        "log in"
    }

    let app = |page_at: &'static str| {
        let group = routes![page, home].around(LoginRequired::<String>::at(page_at));
        App::new().secret_from("CARAFE_TEST_SECRET").routes(group)
    };
    for page_at in ["/größe", "/gr%C3%B6%c3%9fe", "/gr%C3%B6%C3%9Fe?app=x", "/größe#form"] {
        let reply = app(page_at).test().get("/home").header("accept", HTML).follow_redirects().send();
        assert_eq!((reply.status().as_u16(), reply.text()), (200, "log in"), "{page_at}");
    }
    for page_at in ["", "?app=x", "#form"] {
        let problems = app(page_at).check().unwrap_err().to_string();
        assert!(problems.contains("the address of the login page has no path"), "{problems}");
    }
}

#[test]
fn nobody_is_led_to_another_host() {
    let client = app().test();
    let back = |next: &str| {
        let reply = client.post("/login").query("next", next).form(&[("name", "Ann")]).send();
        reply.header("location").unwrap().to_owned()
    };
    for next in ["/", "/report/7", "/a?x=//b", "/a#b", "/a/..//b", "/%2F/b", "/@b", "/.//b", "/a:80"] {
        assert_eq!(back(next), next);
    }
    for next in [
        "",
        "//example.com",
        "///example.com",
        "/\\example.com",
        "\\\\example.com",
        "\\/example.com",
        "/\t/example.com",
        "/\n/example.com",
        "\t//example.com",
        " //example.com",
        "/\r\n//example.com",
        "https://example.com",
        "HTTPS:example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "example.com",
        "report",
        "?x",
        "#x",
        "@example.com",
        "/a\\..\\b",
        "/\0/example.com",
        "/\u{85}/example.com",
    ] {
        assert_eq!(back(next), "/home", "{next:?}");
    }
    // And a path that looks like a host does not lead there on the way back.
    let guarded = App::new()
        .secret_from("CARAFE_TEST_SECRET")
        .routes(routes![login_page, login])
        .route("GET", "/<any:path>", |_: &carafe::Request| "any")
        .around(LoginRequired::<String>::at("/login"))
        .test();
    let reply = guarded.get("//example.com/").header("accept", HTML).send();
    assert_eq!(reply.header("location"), Some("/login?next=%2F%2Fexample%2Ecom%2F"));
    assert_eq!(back("//example.com/"), "/home");
}
