//! `Session<T>` over a store.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use carafe::testing::Client;
use carafe::{App, MemoryStore, Result, Session, SessionStore, abort, get, post, routes};
use serde_json::json;

use super::outside::{SECRET, opened, sealed, second};

#[post("/login/<name>")]
fn login(name: String, session: Session<String>) -> Result {
    session.set(name)
}

#[get("/who")]
fn who(session: Session<String>) -> String {
    format!("{:?}", session.get())
}

#[post("/rename/<name>")]
fn rename(name: String, session: Session<String>) -> Result {
    session.update(|own| *own = name)
}

#[post("/logout")]
fn logout(session: Session<String>) -> Result {
    session.clear()
}

#[post("/slow/<name>")]
fn slow(name: String, session: Session<String>, store: carafe::State<MemoryStore>) -> Result {
    session.update(|own| *own = name)?;
    store.clear(); // another request logs out meanwhile
    Ok(())
}

#[post("/panic")]
fn panics(session: Session<String>) -> Result {
    session.set("Eve".to_owned())?;
    panic!("half way")
}

fn app(store: impl SessionStore) -> App {
    App::new()
        .secret_from("CARAFE_TEST_SECRET")
        .session_store(store)
        .routes(routes![login, who, rename, logout, panics])
}

fn id(client: &Client) -> String {
    let value = client.cookie("__Host-session").unwrap();
    let content = opened(SECRET, "carafe session id 1", "__Host-session", &value);
    content["data"]["carafe session id"].as_str().unwrap().to_owned()
}

#[test]
fn the_cookie_has_only_an_id() {
    let store = MemoryStore::default();
    let client = app(store.clone()).test();
    let reply = client.post("/login/Ann").send();
    let line = reply.header("set-cookie").unwrap();
    assert!(line.ends_with("; Path=/; Max-Age=1209600; SameSite=Lax; HttpOnly; Secure"), "{line}");
    assert_eq!((client.get("/who").send().text(), store.len()), ("Some(\"Ann\")", 1));
    assert!(!store.is_empty() && MemoryStore::default().is_empty());
    // 128 random bits are 22 characters.
    assert_eq!(id(&client).len(), 22);
    // Nothing has to be sent for what only the store has.
    let reply = client.post("/rename/Bob").send();
    assert_eq!((reply.header("set-cookie"), client.get("/who").send().text()), (None, "Some(\"Bob\")"));
    assert_eq!(client.get("/who").send().header("set-cookie"), None);
    // What has no room in a cookie has it here.
    let long = "x".repeat(5_000);
    assert_eq!(client.post(&format!("/rename/{long}")).send().status(), 204);
    assert_eq!(client.get("/who").send().text(), format!("{:?}", Some(long)));
}

#[test]
fn a_logout_ends_every_copy_of_the_cookie() {
    let store = MemoryStore::default();
    let client = app(store.clone()).test();
    client.post("/login/Ann").send();
    let copy = client.cookie("__Host-session").unwrap();
    let elsewhere = app(store.clone()).test();
    let who = || elsewhere.get("/who").cookie("__Host-session", &copy).send().text().to_owned();
    assert_eq!(who(), "Some(\"Ann\")");
    client.post("/logout").send();
    assert_eq!((who().as_str(), store.len(), client.cookie("__Host-session")), ("None", 0, None));
}

#[test]
fn ids_cannot_be_planted() {
    let store = MemoryStore::default();
    let (attacker, victim) = (app(store.clone()).test(), app(store.clone()).test());
    attacker.post("/login/Eve").send();
    let planted = attacker.cookie("__Host-session").unwrap();
    // The victim logs in with the attacker's session in the browser: the attacker's cookie is worth nothing then.
    let reply = victim.post("/login/Ann").cookie("__Host-session", &planted).send();
    assert_ne!(reply.cookie("__Host-session"), Some(planted.as_str()));
    assert_eq!(
        (victim.get("/who").send().text(), attacker.get("/who").send().text()),
        ("Some(\"Ann\")", "None")
    );
    assert_eq!(store.len(), 1);
    // An id that nobody made is never made, whoever encrypted it.
    let invented = sealed(
        SECRET,
        "carafe session id 1",
        "__Host-session",
        &json!({"expires": second(600), "data": {"carafe session id": "invented"}}),
    );
    let client = app(store.clone()).test();
    assert_eq!(client.get("/who").cookie("__Host-session", &invented).send().text(), "None");
    client.post("/rename/Eve").cookie("__Host-session", &invented).send();
    assert_eq!(store.len(), 1);
    client.post("/login/Bob").cookie("__Host-session", &invented).send();
    assert_eq!(id(&client).len(), 22);
    // Sessions in cookies are none here.
    let data = json!({"expires": second(600), "data": "Ann"});
    let in_cookie = sealed(SECRET, "carafe session 1", "__Host-session", &data);
    client.forget_cookies();
    assert_eq!(client.get("/who").cookie("__Host-session", &in_cookie).send().text(), "None");
}

#[test]
fn an_id_is_no_data_after_the_store_is_gone() {
    #[get("/any")]
    fn any(session: Session<std::collections::BTreeMap<String, String>>) -> String {
        format!("{:?}", session.get())
    }

    let content = json!({"expires": second(600), "data": {"carafe session id": "known"}});
    let client = App::new().secret_from("CARAFE_TEST_SECRET").routes(routes![any]).test();
    for (purpose, expected) in
        [("carafe session id 1", "None"), ("carafe session 1", r#"Some({"carafe session id": "known"})"#)]
    {
        let value = sealed(SECRET, purpose, "__Host-session", &content);
        assert_eq!(client.get("/any").cookie("__Host-session", &value).send().text(), expected);
    }
}

#[test]
fn what_was_ended_meanwhile_stays_ended() {
    let store = MemoryStore::default();
    let client = app(store.clone()).state(store.clone()).routes(routes![slow]).test();
    client.post("/login/Ann").send();
    let reply = client.post("/slow/Bob").send();
    assert_eq!((reply.status().as_u16(), reply.header("set-cookie"), store.len()), (204, None, 0));
    assert_eq!(client.get("/who").send().text(), "None");
}

#[test]
fn a_panic_changes_nothing() {
    let store = MemoryStore::default();
    let client = app(store.clone()).test();
    client.post("/login/Ann").send();
    assert_eq!(client.post("/panic").send().status(), 500);
    assert_eq!((client.get("/who").send().text(), store.len()), ("Some(\"Ann\")", 1));
}

/// What the store was asked for, which id, and a time.
type Asked = (&'static str, String, SystemTime);

/// A store that writes down what it is asked, knows one session, and takes only the ids that it is told.
#[derive(Clone, Default)]
struct Told {
    asked: Arc<Mutex<Vec<Asked>>>,
    taken: usize,
    fails: bool,
}

impl Told {
    fn note(&self, what: &'static str, id: &str, at: SystemTime) -> Result<usize> {
        if self.fails {
            return Err(abort(503, "No store"));
        }
        let mut asked = self.asked.lock().unwrap();
        asked.push((what, id.to_owned(), at));
        Ok(asked.iter().filter(|(own, ..)| *own == what).count())
    }

    fn asked(&self) -> Vec<&'static str> {
        self.asked.lock().unwrap().iter().map(|(what, ..)| *what).collect()
    }
}

impl SessionStore for Told {
    async fn load(&self, id: &str) -> Result<Option<String>> {
        self.note("load", id, SystemTime::now())?;
        Ok((id == "known").then(|| "\"Ann\"".to_owned()))
    }

    async fn create(&self, id: &str, _: &str, expires: SystemTime) -> Result<bool> {
        Ok(self.note("create", id, expires)? > self.taken)
    }

    async fn save(&self, id: &str, _: &str, expires: SystemTime) -> Result<bool> {
        self.note("save", id, expires)?;
        Ok(true)
    }

    async fn delete(&self, id: &str) -> Result {
        self.note("delete", id, SystemTime::now()).map(drop)
    }
}

/// A cookie of the known session that ends so far away.
fn known(away: i64) -> String {
    let content = json!({"expires": second(away), "data": {"carafe session id": "known"}});
    sealed(SECRET, "carafe session id 1", "__Host-session", &content)
}

#[test]
fn ids_do_not_collide() {
    let store = Told { taken: 2, ..Told::default() };
    assert_eq!(app(store.clone()).test().post("/login/Ann").send().status(), 204);
    assert_eq!(store.asked(), ["create", "create", "create"]);
    let asked = store.asked.lock().unwrap();
    assert!(asked[0].1 != asked[1].1 && asked[1].1 != asked[2].1);
    let full = Told { taken: usize::MAX, ..Told::default() };
    let reply = app(full).test().post("/login/Ann").send();
    assert_eq!((reply.status().as_u16(), reply.header("set-cookie")), (500, None));
}

#[test]
fn a_store_that_fails_is_an_error_of_its_own() {
    let client = app(Told { fails: true, ..Told::default() }).test();
    // Without a cookie nobody asks the store.
    assert_eq!(client.get("/who").send().status(), 200);
    assert_eq!(client.get("/who").cookie("__Host-session", &known(600)).send().status(), 503);
    let reply = client.post("/login/Ann").send();
    assert_eq!((reply.status().as_u16(), reply.header("set-cookie")), (503, None));
}

#[test]
fn it_is_asked_no_more_than_needed() {
    let life = Duration::from_secs(1000);
    let asked = |call: &dyn Fn(&Client)| {
        let store = Told::default();
        let client = app(store.clone()).session_lifetime(life).test();
        call(&client);
        store.asked()
    };
    let cookie = |away| {
        move |client: &Client, path: &str| {
            let method = if path == "/who" { "GET" } else { "POST" };
            client.request(method, path).cookie("__Host-session", &known(away)).send()
        }
    };
    let (young, old) = (cookie(900), cookie(400));
    assert_eq!(asked(&|client| drop(client.get("/who").send())), Vec::<&str>::new());
    assert_eq!(asked(&|client| drop(young(client, "/who"))), ["load"]);
    assert_eq!(asked(&|client| drop(old(client, "/who"))), ["load", "save"]);
    assert_eq!(asked(&|client| drop(young(client, "/rename/Ann"))), ["load"]);
    assert_eq!(asked(&|client| drop(young(client, "/rename/Bob"))), ["load", "save"]);
    assert_eq!(asked(&|client| drop(young(client, "/login/Bob"))), ["load", "create", "delete"]);
    assert_eq!(asked(&|client| drop(young(client, "/logout"))), ["load", "delete"]);
    // A change leaves the end where it is, so that the cookie can stay; at half of its life both get a new one.
    for (away, end) in [(900, 900), (400, 1000)] {
        let store = Told::default();
        let client = app(store.clone()).session_lifetime(life).test();
        let reply = cookie(away)(&client, "/rename/Bob");
        assert_eq!(reply.header("set-cookie").is_some(), away == 400);
        let (what, id, expires) = store.asked.lock().unwrap()[1].clone();
        assert_eq!((what, id.as_str()), ("save", "known"));
        let seconds = expires.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert!((second(end - 20)..=second(end)).contains(&seconds), "{away}");
    }
    // Of one that has ended nobody asks.
    let store = Told::default();
    app(store.clone()).test().get("/who").cookie("__Host-session", &known(0)).send();
    assert!(store.asked().is_empty());
}
