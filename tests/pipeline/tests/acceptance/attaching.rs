//! Features that are attached because something needs them.

use std::sync::Mutex;

use web::http::HeaderValue;
use web::{
    App, Error, Feature, FromRequest, Middleware, Next, Request, Requirements, Response, Result, Routes,
    catch, catchers, get, routes,
};

use crate::support::told;

/// Counts what it sees, and says so on the answer.
#[derive(Default)]
struct Counting;

struct Counted(Mutex<u32>);

impl Feature for Counting {
    fn attach(self, app: App) -> App {
        app.state(Counted(Mutex::new(0))).routes(routes![counted]).around(count).after(mark)
    }
}

#[get("/counted", crate = web)]
fn counted(request: &Request) -> Option<String> {
    request.state::<Counted>().map(|counted| counted.0.lock().unwrap().to_string())
}

async fn count(request: &Request, next: Next<'_>) -> Response {
    if let Some(counted) = request.state::<Counted>() {
        *counted.0.lock().unwrap() += 1;
    }
    passed(next.run(request).await, "counting")
}

fn mark(_: &Request, response: &mut Response) {
    note(response, "counting's after");
}

/// Notes on the answer whom it has passed: the innermost is first.
fn note(response: &mut Response, name: &str) {
    let before = response.headers().get("x-passed").map_or("", |value| value.to_str().unwrap());
    let all = if before.is_empty() { name.to_owned() } else { format!("{before}, {name}") };
    response.headers_mut().insert("x-passed", HeaderValue::try_from(all).unwrap());
}

fn passed(mut response: Response, name: &str) -> Response {
    note(&mut response, name);
    response
}

async fn own(request: &Request, next: Next<'_>) -> Response {
    passed(next.run(request).await, "own")
}

async fn second(request: &Request, next: Next<'_>) -> Response {
    passed(next.run(request).await, "second")
}

fn own_after(_: &Request, response: &mut Response) {
    note(response, "own after");
}

struct Needy;

impl FromRequest<'_> for Needy {
    async fn from_request(_: &Request) -> Result<Self> {
        Ok(Needy)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.attach::<Counting>();
    }
}

#[get("/needy", crate = web)]
fn needy(_needy: Needy) -> String {
    "needy".to_owned()
}

#[get("/plain", crate = web)]
fn plain() -> String {
    "plain".to_owned()
}

fn order(app: App, target: &str) -> String {
    app.test().get(target).send().header("x-passed").unwrap_or_default().to_owned()
}

#[test]
fn one_route_that_needs_it_attaches_it_to_the_whole_app() {
    let client = App::new().routes(routes![plain]).mount("/a", routes![needy]).test();
    assert_eq!(told(&client.get("/plain").send()), (200, "plain"));
    assert_eq!(client.get("/lost").send().status(), 404);
    assert_eq!(told(&client.get("/counted").send()), (200, "3"));
}

#[test]
fn an_app_that_does_not_need_it_has_nothing_of_it() {
    let client = App::new().routes(routes![plain]).test();
    let reply = client.get("/plain").send();
    assert_eq!(reply.header("x-passed"), None);
    assert_eq!(client.get("/counted").send().status(), 404);
}

#[test]
fn it_stands_outside_of_all_that_the_app_was_given() {
    let app = || App::new().routes(routes![needy, plain]).around(own).around(second).after(own_after);
    let outermost = "second, own, counting, own after, counting's after";
    assert_eq!(order(app(), "/plain"), outermost);
    // Attached by hand it stands where it is put, and only there.
    assert_eq!(order(app().attach(Counting), "/plain"), "counting, second, own, counting's after, own after");
}

#[test]
fn catchers_and_middleware_attach_what_they_need() {
    #[catch(404, crate = web)]
    fn lost(_error: &Error, _needy: Needy) -> String {
        "lost".to_owned()
    }

    struct NeedyToo;

    impl Middleware for NeedyToo {
        async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
            Ok(next.run(request).await)
        }

        fn requires(&self, requirements: &mut Requirements<'_>) {
            requirements.attach::<Counting>();
        }
    }

    let attached = "counting, counting's after";
    assert_eq!(order(App::new().catch(catchers![lost]), "/plain"), attached);
    assert_eq!(order(App::new().around(NeedyToo), "/plain"), attached);
    let inner: Routes = routes![plain].around(NeedyToo);
    assert_eq!(order(App::new().routes(Routes::default().mount("/a", inner)), "/lost"), attached);
    assert_eq!(order(App::new().routes(routes![plain]), "/plain"), "");
}

#[test]
fn what_an_attached_feature_needs_is_attached_and_checked() {
    /// Has a route of its own that needs another feature, and a layer.
    #[derive(Default)]
    struct Outer;

    impl Feature for Outer {
        fn attach(self, app: App) -> App {
            app.routes(routes![needy]).layer(tower_layer::Identity::new()).problem_details(true)
        }
    }

    #[derive(Default)]
    struct Broken;

    impl Feature for Broken {
        fn attach(self, app: App) -> App {
            app.problem("`Broken` is broken")
        }
    }

    struct Wants<F>(std::marker::PhantomData<F>);

    impl<F: Feature + Default + Send> FromRequest<'_> for Wants<F> {
        async fn from_request(_: &Request) -> Result<Self> {
            Ok(Wants(std::marker::PhantomData))
        }

        fn requires(requirements: &mut Requirements<'_>) {
            requirements.attach::<F>();
        }
    }

    #[get("/outer", crate = web)]
    fn outer(_wants: Wants<Outer>) -> String {
        "outer".to_owned()
    }

    #[get("/broken", crate = web)]
    fn broken(_wants: Wants<Broken>) {}

    let client = App::new().routes(routes![outer]).test();
    assert_eq!(told(&client.get("/needy").send()), (200, "needy"));
    assert_eq!(told(&client.get("/counted").send()), (200, "2"));
    let lost = client.get("/lost").send();
    assert_eq!(
        lost.header("content-type"),
        Some("application/problem+json"),
        "a switch of the feature counts"
    );
    let problems = App::new().routes(routes![broken, outer]).check().unwrap_err();
    assert_eq!(problems.to_string(), "`Broken` is broken");
    assert!(App::new().routes(routes![broken]).into_service().is_err());
}

#[test]
fn middleware_is_told_its_route_and_who_else_is_on_the_way() {
    struct Team(&'static str);

    impl Middleware for Team {
        async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
            Ok(next.run(request).await)
        }
    }

    async fn tell(request: &Request, next: Next<'_>) -> Response {
        let route = next
            .route()
            .map_or("no route".to_owned(), |route| format!("{} {}", route.method(), route.pattern()));
        let teams: Vec<&str> = next.all::<Team>().map(|team| team.0).collect();
        let told = HeaderValue::try_from(format!("{route} {}", teams.join("+"))).unwrap();
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-told", told);
        response
    }

    let group = routes![plain].around(Team("inner")).around(Team("innermost"));
    let client = App::new().around(Team("app")).around(tell).routes(routes![needy]).mount("/g", group).test();
    let told = |method: &str, target: &str| {
        client.request(method, target).send().header("x-told").map(str::to_owned)
    };
    assert_eq!(told("GET", "/g/plain").unwrap(), "GET /plain app+inner+innermost");
    assert_eq!(told("HEAD", "/needy").unwrap(), "GET /needy app");
    assert_eq!(told("POST", "/needy").unwrap(), "no route app");
    assert_eq!(told("GET", "/lost").unwrap(), "no route app");
}
