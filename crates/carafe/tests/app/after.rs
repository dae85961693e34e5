//! `After`: who can take it, what its work may return, and who runs the work.

use std::io;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use carafe::http::Request as HttpRequest;
use carafe::{
    After, App, Body, Next, Request, Response, Result, State, abort, catch, catchers, get, post, routes,
};
use tower_service::Service as _;

/// What has happened, in its order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, what: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(what.to_owned());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn mail(log: impl Deref<Target = Log> + Send, what: &'static str) -> io::Result<()> {
    tokio::task::yield_now().await;
    log.note(what);
    Ok(())
}

#[get("/mail")]
fn send(after: After, log: State<Log>) -> &'static str {
    after.spawn(mail(log.clone(), "mail"));
    log.note("handler");
    "sent"
}

#[get("/late")]
async fn late(after: After, log: State<Log>) -> &'static str {
    tokio::task::yield_now().await;
    after.spawn(mail(log.clone(), "one"));
    after.clone().spawn(mail(log.clone(), "two"));
    "sent"
}

#[post("/fails")]
fn fails(after: After, log: State<Log>) -> Result<String> {
    after.spawn(mail(log.clone(), "mail"));
    Err(abort(409, "Not today"))
}

#[get("/panics")]
fn panics(after: After, log: State<Log>) -> String {
    after.spawn(mail(log.clone(), "mail"));
    panic!("oh")
}

async fn sunk() {
    panic!("oh")
}

#[get("/outputs")]
fn outputs(after: After, log: State<Log>) {
    let log = log.clone();
    after.spawn(async {});
    after.spawn(async { Ok::<u32, io::Error>(7) });
    after.spawn(async { Err::<(), _>("text") });
    after.spawn(async { Err::<(), _>(String::from("text")) });
    after.spawn(async { Err::<(), Box<dyn std::error::Error + Send + Sync>>("text".into()) });
    after.spawn(async { Err::<(), _>(abort(404, "No such mail")) });
    after.spawn(sunk());
    after.spawn(async move { log.note("last") });
}

#[catch(404)]
fn lost(after: After, log: State<Log>) -> &'static str {
    after.spawn(mail(log.clone(), "lost"));
    "lost"
}

async fn around(request: &Request, next: Next<'_>) -> Result<Response> {
    let after: After = request.extract().await?;
    let log = request.state::<Log>().ok_or_else(|| abort(500, "no log"))?;
    after.spawn(mail(Arc::clone(&log), "around"));
    let response = next.run(request).await;
    log.note("answered");
    Ok(response)
}

fn app(log: &Log) -> App {
    App::new().state(log.clone()).routes(routes![send, late, fails, panics, outputs]).catch(catchers![lost])
}

#[test]
fn the_test_client_runs_the_work_when_it_has_the_answer() {
    let log = Log::default();
    for app in [app(&log), app(&log).layer(tower_layer::layer_fn(|service: carafe::Service| service))] {
        let client = app.around(around).test();
        let told = |path, method: &str| {
            let reply = client.request(method, path).send();
            (reply.status().as_u16(), log.take())
        };
        assert_eq!(told("/mail", "GET"), (200, owned(&["handler", "answered", "around", "mail"])));
        assert_eq!(told("/late", "GET"), (200, owned(&["answered", "around", "one", "two"])));
        assert_eq!(told("/fails", "POST"), (409, owned(&["answered", "around", "mail"])), "errors, too");
        assert_eq!(told("/panics", "GET"), (500, owned(&["answered", "around", "mail"])), "panics, too");
        assert_eq!(told("/nothing", "GET"), (404, owned(&["answered", "around", "lost"])));
        assert_eq!(told("/outputs", "GET"), (204, owned(&["answered", "last", "around"])));
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn get_mail() -> HttpRequest<Body> {
    HttpRequest::get("/mail").body(Body::empty()).unwrap()
}

#[test]
fn another_server_runs_the_work_itself_or_leaves_it_to_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let log = Log::default();
    for app in [app(&log), app(&log).layer(tower_layer::layer_fn(|service: carafe::Service| service))] {
        let mut service = app.into_service().unwrap();
        runtime.block_on(async {
            let after = After::new();
            let mut request = get_mail();
            request.extensions_mut().insert(after.clone());
            assert_eq!(service.call(request).await.unwrap().status(), 200);
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            assert_eq!(log.take(), ["handler"], "it is the caller's to run");
            after.run().await;
            assert_eq!(log.take(), ["mail"]);

            assert_eq!(service.call(get_mail()).await.unwrap().status(), 200);
            assert_eq!(log.take(), ["handler"]);
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            assert_eq!(log.take(), ["mail"], "tokio runs it");
        });
        // Without tokio the work is dropped, and the log says so.
        let mut task = std::task::Context::from_waker(std::task::Waker::noop());
        let answering = std::pin::pin!(service.call(get_mail())).poll(&mut task);
        assert!(answering.is_ready());
        assert_eq!(log.take(), ["handler"]);
    }
}

#[test]
fn an_after_runs_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (after, log) = (After::new(), Log::default());
    after.spawn(mail(Arc::new(log.clone()), "first"));
    runtime.block_on(async { after.run().await });
    // Its event is done with: this is refused, and logged.
    after.spawn(mail(Arc::new(log.clone()), "second"));
    runtime.block_on(async { after.run().await });
    assert_eq!(log.take(), ["first"]);
}
