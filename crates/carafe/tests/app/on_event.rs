//! `App::on_event`: which functions it takes, and what they get and return.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use carafe::{After, App, Context, Json, Result, State, get, routes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

struct Table(&'static str);

#[derive(Deserialize)]
struct Tick {
    time: String,
}

#[derive(Serialize)]
struct Done {
    table: &'static str,
    at: String,
}

#[get("/")]
fn index() -> &'static str {
    "Hello"
}

async fn clean(tick: Tick, table: State<Table>) -> Result<Done> {
    tokio::task::yield_now().await;
    Ok(Done { table: table.0, at: tick.time })
}

async fn failing(_: Value, context: Context) -> std::result::Result<(), String> {
    Err(format!("no such queue, {}", context.request_id))
}

fn answer(app: App) -> Value {
    app.routes(routes![index]).state(Table("posts")).test().event(&json!({"time": "noon"}))
}

#[test]
fn functions_of_many_shapes() {
    assert_eq!(answer(App::new().on_event(clean)), json!({"table": "posts", "at": "noon"}));
    assert_eq!(answer(App::new().on_event(|event: Value| event)), json!({"time": "noon"}));
    assert_eq!(answer(App::new().on_event(|event: Value| async move { event })), json!({"time": "noon"}));
    assert_eq!(answer(App::new().on_event(|tick: Tick| Json(tick.time))), "noon");
    assert_eq!(answer(App::new().on_event(|_: Tick| ())), json!(null));
    assert_eq!(answer(App::new().on_event(async |_: Tick| Ok::<_, std::io::Error>(7))), 7);
    assert_eq!(answer(App::new().on_event(|tick: Tick| tick.time)), "noon");
    assert_eq!(answer(App::new().on_event(async |tick: Tick| Some(vec![tick.time]))), json!(["noon"]));
    let counted = |tick: Tick| HashMap::from([(tick.time, (1, 2.5))]);
    assert_eq!(answer(App::new().on_event(counted)), json!({"noon": [1, 2.5]}));
    let captured = String::from("mine");
    assert_eq!(answer(App::new().on_event(move |_: Value| Json(captured.clone()))), "mine");
    let four = |_: Value, table: State<Table>, context: Context, bytes: carafe::Bytes, _: After| {
        Json(format!("{} {} {}", table.0, context.request_id, bytes.len()))
    };
    assert_eq!(answer(App::new().on_event(four)), "posts test 15");
}

#[test]
fn requests_do_not_come_to_it() {
    let client = App::new().routes(routes![index]).on_event(|_: Value| json!("event")).test();
    assert_eq!(client.get("/").send().text(), "Hello");
    assert_eq!(client.get("/lost").send().status(), 404);
    assert_eq!(client.post("/").body(r#"{"Records": []}"#).send().status(), 405);
    // Not even one that cannot be read.
    let broken = json!({"requestContext": {"elb": {}}, "path": "/", "headers": {}});
    assert_eq!(client.event(&broken)["statusCode"], 400);
    assert_eq!(client.event(&json!({"Records": [{"eventSource": "aws:sqs"}]})), "event");
    // Escapes are decoded where they stand; the function gets what came.
    let echo = App::new().on_event(|event: Value| event).test();
    let escaped = json!({"body": "a\"b\\c\n", "headers": {"x": "\u{1}"}, "path": "/\t"});
    assert_eq!(echo.event(&escaped), escaped);
}

/// Returns what a panic of the test client says.
fn problem(app: &App, event: &Value) -> String {
    let client = std::panic::AssertUnwindSafe(app.test());
    let panic = std::panic::catch_unwind(|| client.event(event)).unwrap_err();
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn errors_fail_the_invocation() {
    let event = json!({"time": 7});
    assert_eq!(
        problem(&App::new().on_event(failing), &event),
        "no answer: Handler.Error: no such queue, test"
    );
    let lost = |_: Value| Err::<(), _>(carafe::abort(404, "No such post"));
    assert_eq!(problem(&App::new().on_event(lost), &event), "no answer: Handler.Error: No such post");
    let panics = |_: Value| -> Value { panic!("oh") };
    assert_eq!(problem(&App::new().on_event(panics), &event), "no answer: Handler.Panic: oh");
    let misfit = problem(&App::new().on_event(|tick: Tick| Json(tick.time)), &event);
    assert!(misfit.starts_with("no answer: Event.Unreadable: the event does not fit `"), "{misfit}");
    assert!(misfit.contains("Tick`: time: invalid type: integer `7`, expected a string"), "{misfit}");
    let without =
        problem(&App::new().routes(routes![index]), &json!({"Records": [{"eventSource": "aws:sqs"}]}));
    assert!(without.starts_with("no answer: Event.Unreadable: this looks like an SQS event"), "{without}");
}

#[test]
fn what_it_requires_is_checked() {
    let told = App::new().on_event(clean).check().unwrap_err().to_string();
    assert!(told.contains("Table") && told.contains("on_event.rs:"), "{told}");
    let twice = App::new().on_event(|_: Value| ()).on_event(|_: Value| ());
    let told = twice.check().unwrap_err().to_string();
    assert!(
        told.starts_with("two functions for events: ") && told.matches("on_event.rs:").count() == 2,
        "{told}"
    );
}

#[test]
fn its_work_after_the_answer_is_run() {
    let notes: Arc<Mutex<Vec<&str>>> = Arc::default();
    let own = Arc::clone(&notes);
    let spawns = move |_: Value, after: After| {
        let notes = Arc::clone(&own);
        after.spawn(async move { notes.lock().unwrap().push("after") });
    };
    assert_eq!(App::new().on_event(spawns).test().event(&json!({})), json!(null));
    assert_eq!(*notes.lock().unwrap(), ["after"]);
}
