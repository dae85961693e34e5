//! A feature room written against public items only: keys for an API.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use web::http::HeaderValue;
use web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use web::{
    App, Feature, FromRequest, Middleware, Next, OptionalFromRequest, Request, Requirements, Response,
    Result, State, StatusCode, abort, delete, get, post, routes,
};

use crate::support::told;

/// Where keys are looked up: in a table as a rule.
trait Store: Send + Sync {
    fn owner(&self, key: &str) -> impl Future<Output = Result<Option<String>>> + Send;
}

/// The same as a trait object.
trait DynStore: Send + Sync {
    fn owner<'s>(
        &'s self,
        key: &'s str,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<String>>> + Send + 's>>;
}

impl<S: Store> DynStore for S {
    fn owner<'s>(
        &'s self,
        key: &'s str,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<String>>> + Send + 's>> {
        Box::pin(Store::owner(self, key))
    }
}

/// Attached, it tells who calls by the key in `authorization`, and refuses keys that it does not know.
struct ApiKeys {
    store: Arc<dyn DynStore>,
    realm: &'static str,
}

struct Realm(&'static str);

impl Feature for ApiKeys {
    fn attach(self, app: App) -> App {
        let app = app
            .state_arc::<dyn DynStore>(self.store)
            .state(Realm(self.realm))
            .around(Identify)
            .mount("/keys", routes![whoami]);
        if self.realm.contains('"') { app.problem("a realm has no quotes") } else { app }
    }
}

/// Who calls; kept beside the request.
#[derive(Clone, Debug, Serialize)]
struct Caller {
    name: String,
}

struct Identify;

impl Middleware for Identify {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        let key = request.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        if let Some(key) = key {
            let store = request.state::<dyn DynStore>().ok_or_else(|| abort(500, "not attached"))?;
            match store.owner(key).await? {
                Some(name) => request.insert(Caller { name }),
                None => return Err(refused(request, "This key is not known")),
            }
        }
        Ok(next.run(request).await)
    }
}

fn refused(request: &Request, message: &'static str) -> web::Error {
    let realm = request.state::<Realm>().map_or("api", |realm| realm.0);
    let challenge = HeaderValue::try_from(format!("Bearer realm=\"{realm}\""));
    let error = abort(401, message);
    match challenge {
        Ok(challenge) => error.with_header(WWW_AUTHENTICATE, challenge),
        Err(_) => error,
    }
}

impl FromRequest<'_> for Caller {
    async fn from_request(request: &Request) -> Result<Self> {
        Caller::from_request_optional(request).await?.ok_or_else(|| refused(request, "A key, please"))
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.feature::<ApiKeys>();
        requirements.state::<Realm>();
    }
}

impl OptionalFromRequest<'_> for Caller {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        Ok(request.get())
    }

    fn requires_optional(requirements: &mut Requirements<'_>) {
        requirements.feature::<ApiKeys>();
    }
}

#[get("/whoami", crate = web)]
fn whoami(caller: Caller) -> Caller {
    caller
}

// --- an app that has it attached --------------------------------------------------------------------------------

struct Table(HashMap<&'static str, &'static str>);

impl Store for Table {
    async fn owner(&self, key: &str) -> Result<Option<String>> {
        tokio::task::yield_now().await;
        if key == "broken" {
            return Err(std::io::Error::other("the table is gone"))?;
        }
        Ok(self.0.get(key).map(|name| (*name).to_owned()))
    }
}

#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

#[get("/notes", crate = web)]
fn list(caller: Option<Caller>, notes: State<Notes>) -> String {
    let count = notes.0.lock().unwrap_or_else(PoisonError::into_inner).len();
    format!("{count} for {}", caller.map_or("anybody".to_owned(), |caller| caller.name))
}

#[post("/notes", crate = web)]
async fn add(caller: Caller, text: String, notes: State<Notes>) -> (StatusCode, String) {
    tokio::task::yield_now().await;
    let note = format!("{}: {text}", caller.name);
    notes.0.lock().unwrap_or_else(PoisonError::into_inner).push(note.clone());
    (StatusCode::CREATED, note)
}

#[delete("/notes", crate = web)]
fn clear(caller: Result<Caller>) -> Result<String> {
    Ok(format!("cleared by {}", caller?.name))
}

fn keys(realm: &'static str) -> ApiKeys {
    ApiKeys { store: Arc::new(Table(HashMap::from([("k1", "ann")]))), realm }
}

fn app() -> App {
    App::new().state(Notes::default()).routes(routes![list, add, clear])
}

#[test]
fn it_works_once_it_is_attached() {
    let client = app().attach(keys("notes")).test();
    let with_key = |method: &str, target: &str, key: &str| {
        client.request(method, target).header("authorization", &format!("Bearer {key}"))
    };
    assert_eq!(told(&client.get("/notes").send()), (200, "0 for anybody"));
    let reply = client.post("/notes").form(&[("text", "Hi")]).send();
    assert_eq!(
        (reply.status().as_u16(), reply.header("www-authenticate")),
        (401, Some("Bearer realm=\"notes\""))
    );
    assert_eq!(told(&with_key("POST", "/notes", "k1").form(&[("text", "Hi")]).send()), (201, "ann: Hi"));
    assert_eq!(told(&with_key("GET", "/notes", "k1").send()), (200, "1 for ann"));
    assert_eq!(told(&with_key("DELETE", "/notes", "k1").send()), (200, "cleared by ann"));
    assert_eq!(client.delete("/notes?caller=ann").send().status(), 401);
    assert_eq!(told(&with_key("GET", "/keys/whoami", "k1").send()), (200, "{\"name\":\"ann\"}"));
    // Wherever it goes, an unknown key is refused, and a store that fails is a bare 500.
    for target in ["/notes", "/keys/whoami", "/nothing"] {
        assert_eq!(with_key("GET", target, "k2").send().status(), 401, "{target}");
        let reply = with_key("GET", target, "broken").send();
        assert_eq!(reply.status(), 500, "{target}");
        assert!(!reply.text().contains("table"), "{}", reply.text());
    }
}

#[test]
fn what_it_needs_is_told_where_it_is_missing() {
    let problems = app().check().unwrap_err();
    let functions: Vec<_> =
        ["list", "add", "clear"].iter().filter(|name| problems.to_string().contains(*name)).collect();
    assert_eq!(functions.len(), 3, "{problems}");
    assert!(
        problems.iter().all(|problem| problem.contains("ApiKeys") || problem.contains("Realm")),
        "{problems}"
    );
    let problems = app().attach(keys("my \"notes\"")).check().unwrap_err();
    assert_eq!(problems.iter().collect::<Vec<_>>(), ["a realm has no quotes"]);
    assert_eq!(app().attach(keys("notes")).check(), Ok(()));
}
