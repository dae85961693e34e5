//! Extractors that others read: `Request::extract`, everywhere, and what an optional one needs of the app.

use web::{
    App, FromRequest, Next, OptionalFromRequest, Request, Requirements, Response, Result, State, abort, get,
    routes,
};

use crate::support::told;

/// Borrows, and waits.
struct Agent<'r>(&'r str);

impl<'r> FromRequest<'r> for Agent<'r> {
    async fn from_request(request: &'r Request) -> Result<Self> {
        tokio::task::yield_now().await;
        request.header("user-agent").map(Agent).ok_or_else(|| abort(418, "Who asks?"))
    }
}

/// Reads another, whichever it is.
struct Wrap<T>(T);

impl<'r, T: FromRequest<'r>> FromRequest<'r> for Wrap<T> {
    async fn from_request(request: &'r Request) -> Result<Self> {
        T::from_request(request).await.map(Wrap)
    }
}

/// Owns what it reads.
struct Path(String);

impl FromRequest<'_> for Path {
    async fn from_request(request: &Request) -> Result<Self> {
        tokio::task::yield_now().await;
        Ok(Path(request.path().to_owned()))
    }
}

/// Reads others, as an author would.
struct Both<'r>(Wrap<Agent<'r>>, Path);

impl<'r> FromRequest<'r> for Both<'r> {
    async fn from_request(request: &'r Request) -> Result<Self> {
        let agent = request.extract::<Wrap<Agent<'_>>>().await?;
        Ok(Both(agent, request.extract::<Wrap<Path>>().await?.0))
    }
}

/// The same for any two.
struct Pair<A, B>(A, B);

impl<'r, A: FromRequest<'r> + 'r, B: FromRequest<'r> + 'r> FromRequest<'r> for Pair<A, B> {
    async fn from_request(request: &'r Request) -> Result<Self> {
        Ok(Pair(request.extract().await?, request.extract().await?))
    }
}

async fn everything(request: &Request) -> Result<String> {
    let agent: Agent<'_> = request.extract().await?;
    let Wrap(again) = request.extract::<Wrap<Agent<'_>>>().await?;
    let Both(Wrap(both), path) = request.extract::<Both<'_>>().await?;
    let Pair(Wrap(one), other) = request.extract::<Pair<Wrap<Path>, Agent<'_>>>().await?;
    assert_eq!((agent.0, both.0, one.0.as_str()), (again.0, other.0, path.0.as_str()));
    Ok(format!("{} {}", agent.0, path.0))
}

#[get("/handler", crate = web)]
async fn handler(request: &Request) -> Result<String> {
    let Both(Wrap(agent), path) = request.extract::<Both<'_>>().await?;
    let again = request.extract::<Wrap<Agent<'_>>>().await?;
    assert_eq!(agent.0, again.0.0);
    let text = everything(request).await?;
    assert_eq!(text, format!("{} {}", agent.0, path.0));
    Ok(text)
}

#[get("/arguments", crate = web)]
async fn arguments(agent: Wrap<Agent<'_>>, both: Both<'_>, pair: Pair<Agent<'_>, Wrap<Path>>) -> String {
    assert_eq!((agent.0.0, both.0.0.0), (pair.0.0, pair.0.0));
    tokio::task::yield_now().await;
    format!("{} {}", agent.0.0, pair.1.0.0)
}

#[get("/maybe", crate = web)]
async fn maybe(agent: Result<Wrap<Agent<'_>>>) -> String {
    agent.map_or_else(|error| error.message().to_owned(), |agent| format!("{} /maybe", agent.0.0))
}

#[derive(Clone)]
struct Noted(String);

async fn route(request: &Request) -> Result<String> {
    let Wrap(agent) = request.extract::<Wrap<Agent<'_>>>().await?;
    let text = everything(request).await?;
    assert!(text.starts_with(agent.0));
    Ok(text)
}

#[get("/noted", crate = web)]
fn noted(request: &Request) -> Option<String> {
    request.get().map(|Noted(text)| text)
}

#[test]
fn one_is_read_in_handlers_routes_and_other_extractors() {
    let client = App::new().routes(routes![handler, arguments, maybe]).route("GET", "/route", route).test();
    for target in ["/handler", "/arguments", "/maybe", "/route"] {
        let reply = client.get(target).header("user-agent", "curl").send();
        assert_eq!(told(&reply), (200, format!("curl {target}").as_str()));
    }
    for target in ["/handler", "/arguments", "/route"] {
        assert_eq!(client.get(target).send().status(), 418, "{target}");
    }
    assert_eq!(told(&client.get("/maybe").send()), (200, "Who asks?"));
}

#[test]
fn one_is_read_in_middleware_and_hooks() {
    async fn around(request: &Request, next: Next<'_>) -> Result<Response> {
        let Wrap(agent) = request.extract::<Wrap<Agent<'_>>>().await?;
        let Agent(again) = request.extract().await?;
        assert_eq!(agent.0, again);
        request.insert(Noted(everything(request).await?));
        Ok(next.run(request).await)
    }
    async fn before(request: &Request) -> Result {
        let Wrap(agent) = request.extract::<Wrap<Agent<'_>>>().await?;
        request.extract::<Agent<'_>>().await?;
        assert!(!agent.0.is_empty());
        request.insert(Noted(everything(request).await?));
        Ok(())
    }
    async fn after(request: &Request, response: &mut Response) {
        if let Ok(Wrap(path)) = request.extract::<Wrap<Path>>().await {
            response.headers_mut().insert("x-path", path.0.try_into().unwrap());
        }
    }
    for app in [App::new().around(around), App::new().before(before)] {
        let client = app.after(after).routes(routes![noted]).test();
        let reply = client.get("/noted").header("user-agent", "curl").send();
        assert_eq!((told(&reply), reply.header("x-path")), ((200, "curl /noted"), Some("/noted")));
        assert_eq!(client.get("/noted").send().status(), 418);
    }
}

// --- what an optional one needs -----------------------------------------------------------------------------------

struct Users(&'static str);

struct User(String);

impl FromRequest<'_> for User {
    async fn from_request(request: &Request) -> Result<Self> {
        User::from_request_optional(request).await?.ok_or_else(|| abort(401, "Sign in"))
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<State<Users>>();
    }
}

impl OptionalFromRequest<'_> for User {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        let users = request.extract::<State<Users>>().await?;
        Ok(request.header("x-user").map(|name| User(format!("{name} of {}", users.0))))
    }
}

#[get("/user", crate = web)]
fn optional(user: Option<User>) -> String {
    user.map_or("nobody".to_owned(), |user| user.0)
}

#[test]
fn an_optional_one_needs_the_same_of_the_app() {
    let problems = App::new().routes(routes![optional]).check().unwrap_err();
    assert_eq!(problems.iter().count(), 1, "{problems}");
    let text = problems.to_string();
    assert!(text.contains("fn optional") && text.contains("Users"), "{text}");
    let app = App::new().routes(routes![optional]).state(Users("us"));
    assert_eq!(app.check(), Ok(()));
    let client = app.test();
    assert_eq!(client.get("/user").send().text(), "nobody");
    assert_eq!(client.get("/user").header("x-user", "ann").send().text(), "ann of us");
}
