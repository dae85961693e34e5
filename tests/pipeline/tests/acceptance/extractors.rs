//! Extractors: async, borrowing, optional, refused, and what they need of the app.

use std::time::Duration;

use serde::Deserialize;
use web::{
    App, Feature, FromRequest, OptionalFromRequest, Query, Request, Requirements, Result, State, abort,
    catch, catchers, get, post, routes,
};

use crate::support::told;

/// Waits, and borrows.
struct Agent<'r>(&'r str);

impl<'r> FromRequest<'r> for Agent<'r> {
    async fn from_request(request: &'r Request) -> Result<Self> {
        let before = tokio::time::Instant::now();
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(before.elapsed() >= Duration::from_millis(2), "it did not wait");
        request.header("User-Agent").map(Agent).ok_or_else(|| abort(418, "Who asks?"))
    }
}

/// Borrows as well, from the path of the same request.
struct Path<'r>(&'r str);

impl<'r> FromRequest<'r> for Path<'r> {
    async fn from_request(request: &'r Request) -> Result<Self> {
        Ok(Path(request.path()))
    }
}

#[get("/agent/<name>", crate = web)]
async fn agent(name: &str, agent: Agent<'_>, path: Path<'_>) -> String {
    tokio::time::sleep(Duration::from_millis(1)).await;
    format!("{name} {} {}", agent.0, path.0)
}

#[get("/maybe", crate = web)]
fn maybe(agent: Result<Agent<'_>>) -> String {
    match agent {
        Ok(agent) => agent.0.to_owned(),
        Err(error) => format!("refused: {} {}", error.status().as_u16(), error.message()),
    }
}

#[test]
fn they_wait_and_borrow() {
    let client = App::new().routes(routes![agent]).test();
    let call = client.get("/agent/Ann").header("user-agent", "curl");
    assert_eq!(told(&call.send()), (200, "Ann curl /agent/Ann"));
    let reply = client.get("/agent/Ann").send();
    assert_eq!(reply.status(), 418);
    assert!(reply.text().contains("Who asks?"));
}

#[test]
fn a_result_hands_over_the_refusal() {
    let client = App::new().routes(routes![maybe]).test();
    assert_eq!(client.get("/maybe").header("user-agent", "curl").send().text(), "curl");
    assert_eq!(told(&client.get("/maybe").send()), (200, "refused: 418 Who asks?"));
}

/// Could be read from a query, and must not be.
#[derive(Debug, Deserialize)]
struct User(String);

impl FromRequest<'_> for User {
    async fn from_request(request: &Request) -> Result<Self> {
        User::from_request_optional(request).await?.ok_or_else(|| abort(401, "Sign in"))
    }
}

impl OptionalFromRequest<'_> for User {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        tokio::task::yield_now().await;
        match request.header("x-user") {
            None => Ok(None),
            Some("?") => Err(abort(400, "No name")),
            Some(name) => Ok(Some(User(name.to_owned()))),
        }
    }
}

#[get("/user", crate = web)]
#[post("/user", crate = web)]
fn optional(user: Option<User>) -> String {
    user.map_or("nobody".to_owned(), |user| user.0)
}

#[get("/needed", crate = web)]
#[post("/needed", crate = web)]
fn needed(user: User) -> String {
    user.0
}

#[get("/refused", crate = web)]
#[post("/refused", crate = web)]
fn refused(user: Result<User>) -> String {
    user.map_or_else(|error| error.message().to_owned(), |user| user.0)
}

/// Reads its user from the query, since its author says so.
#[derive(Deserialize)]
struct Filter {
    user: User,
}

#[get("/filter", crate = web)]
fn filter(filter: Query<Filter>) -> String {
    filter.0.user.0
}

#[catch(404, crate = web)]
fn lost(user: Option<User>) -> String {
    user.map_or("nobody is lost".to_owned(), |user| format!("{} is lost", user.0))
}

fn users() -> App {
    App::new().routes(routes![optional, needed, refused, filter]).catch(catchers![lost])
}

#[test]
fn an_option_is_none_where_the_extractor_says_so() {
    let client = users().test();
    assert_eq!(told(&client.get("/user").send()), (200, "nobody"));
    assert_eq!(told(&client.get("/user").header("x-user", "ann").send()), (200, "ann"));
    let reply = client.get("/user").header("x-user", "?").send();
    assert_eq!(reply.status(), 400);
    assert!(reply.text().contains("No name"));
}

#[test]
fn they_are_never_read_from_query_or_form() {
    let client = users().test();
    for target in ["/user?user=admin", "/user?User=admin&0=admin", "/user?user[]=admin"] {
        assert_eq!(client.get(target).send().text(), "nobody", "{target}");
        assert_eq!(client.get(target).header("x-user", "ann").send().text(), "ann", "{target}");
    }
    for (target, answer) in [("/user", (200, "nobody")), ("/refused", (200, "Sign in"))] {
        assert_eq!(told(&client.post(target).form(&[("user", "admin")]).send()), answer);
        assert_eq!(told(&client.post(target).json(&serde_json::json!({"user": "admin"})).send()), answer);
        assert_eq!(told(&client.post(target).field("user", "admin").send()), answer);
        assert_eq!(told(&client.post(&format!("{target}?user=admin")).send()), answer);
    }
    assert_eq!(client.get("/needed?user=admin").send().status(), 401);
    assert_eq!(client.post("/needed").form(&[("user", "admin")]).send().status(), 401);
    assert_eq!(told(&client.get("/lost?user=admin").send()), (404, "nobody is lost"));
    assert_eq!(told(&client.get("/lost?user=admin").header("x-user", "ann").send()), (404, "ann is lost"));
    assert_eq!(told(&client.get("/filter?user=admin").send()), (200, "admin"));
}

// --- what they need of the app ------------------------------------------------------------------------------

struct Key(&'static str);

/// Needs state.
struct Signed(String);

impl FromRequest<'_> for Signed {
    async fn from_request(request: &Request) -> Result<Self> {
        let key = State::<Key>::from_request(request).await?;
        Ok(Signed(format!("{} by {}", request.path(), key.0)))
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<State<Key>>();
    }
}

/// Needs what [`Signed`] needs, and a feature.
struct Session(String);

struct Sessions;

impl Feature for Sessions {
    fn attach(self, app: App) -> App {
        app.around(async |request: &Request, next: web::Next<'_>| {
            request.insert(Opened("opened"));
            next.run(request).await
        })
    }
}

#[derive(Clone)]
struct Opened(&'static str);

impl FromRequest<'_> for Session {
    async fn from_request(request: &Request) -> Result<Self> {
        let signed = Signed::from_request(request).await?;
        let opened = request.get::<Opened>().ok_or_else(|| abort(500, "not attached"))?;
        Ok(Session(format!("{}, {}", signed.0, opened.0)))
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Signed>();
        requirements.feature::<Sessions>();
    }
}

#[get("/session", crate = web)]
fn session(session: Session) -> String {
    session.0
}

#[get("/tried", crate = web)]
fn tried(session: Result<Session>) -> String {
    session.map_or_else(|error| error.to_string(), |session| session.0)
}

#[catch(404, crate = web)]
fn lost_session(session: Session) -> String {
    session.0
}

fn problems(app: App) -> Vec<String> {
    app.check().err().map(|problems| problems.iter().map(str::to_owned).collect()).unwrap_or_default()
}

#[test]
fn what_they_need_is_asked_when_the_app_is_assembled() {
    let told = problems(App::new().routes(routes![session]));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("fn session") && told[0].contains("extractors.rs:") && told[0].contains("Key"),
        "{told:?}"
    );
    assert!(told[1].contains("fn session") && told[1].contains("Sessions"), "{told:?}");
    assert!(told[1].contains(".attach("), "{told:?}");

    let told = problems(App::new().routes(routes![session]).state(Key("k")));
    assert!(told.len() == 1 && told[0].contains("Sessions"), "{told:?}");
    let told = problems(App::new().routes(routes![session]).attach(Sessions));
    assert!(told.len() == 1 && told[0].contains("Key"), "{told:?}");
    let app = App::new().routes(routes![session, tried]).state(Key("k")).attach(Sessions);
    assert_eq!(told_of(&app, "/session"), "/session by k, opened");
    assert_eq!(told_of(&app, "/tried"), "/tried by k, opened");
}

#[test]
fn results_groups_and_catchers_need_the_same() {
    let told = problems(App::new().routes(routes![tried]));
    assert!(told.len() == 2 && told.iter().all(|problem| problem.contains("fn tried")), "{told:?}");
    let told = problems(App::new().catch(catchers![lost_session]));
    assert!(told.len() == 2 && told.iter().all(|problem| problem.contains("fn lost_session")), "{told:?}");
    let group = routes![].catch(catchers![lost_session]).routes(routes![session]);
    assert_eq!(problems(App::new().mount("/x", group.clone())).len(), 4);
    let app = App::new().mount("/x", group).state(Key("k")).attach(Sessions);
    assert_eq!(told_of(&app, "/x/nothing"), "/x/nothing by k, opened");
}

fn told_of(app: &App, target: &str) -> String {
    app.test().get(target).send().text().to_owned()
}
