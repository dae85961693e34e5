//! `App::on_event`: which functions it takes, and what they get and return.

use std::collections::HashMap;
use std::error::Error;
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

#[derive(Clone, Serialize)]
enum Outcome {
    Copied { files: u8 },
    Moved(u8),
    Pair(u8, u8),
    Nothing,
}

#[derive(Serialize)]
struct Marker;

#[derive(Serialize)]
struct Meters(f32);

#[derive(Serialize)]
struct Halves(u8, u8);

#[derive(Serialize)]
struct Steps {
    first: std::result::Result<u8, String>,
    second: std::result::Result<u8, String>,
}

/// Returns what a function answers that returns this.
fn of<T: Serialize + Clone + Send + Sync + 'static>(value: &T) -> Value {
    let value = value.clone();
    answer(App::new().on_event(move |_: Value| value.clone()))
}

#[test]
fn what_can_be_serialized_is_the_answer() {
    let done = |tick: Tick| Done { table: "posts", at: tick.time };
    assert_eq!(answer(App::new().on_event(done)), json!({"table": "posts", "at": "noon"}));
    let waited = async |tick: Tick, table: State<Table>| Done { table: table.0, at: tick.time };
    assert_eq!(answer(App::new().on_event(waited)), json!({"table": "posts", "at": "noon"}));
    assert_eq!(answer(App::new().on_event(|_: Value| Marker)), json!(null));
    assert_eq!(answer(App::new().on_event(|_: Value| Meters(1.5))), 1.5);
    assert_eq!(answer(App::new().on_event(|_: Value| Halves(1, 2))), json!([1, 2]));
    assert_eq!(of(&Outcome::Copied { files: 2 }), json!({"Copied": {"files": 2}}));
    assert_eq!(of(&Outcome::Moved(3)), json!({"Moved": 3}));
    assert_eq!(of(&Outcome::Pair(3, 4)), json!({"Pair": [3, 4]}));
    assert_eq!(of(&Outcome::Nothing), "Nothing");
    assert_eq!(of(&[Outcome::Nothing]), json!(["Nothing"]));
    assert_eq!(of(&Some(u64::MAX)), u64::MAX);
    assert_eq!(of(&None::<u8>), json!(null));
    assert_eq!(of(&(true, 'x')), json!([true, "x"]));
    assert_eq!(of(&true), true);
    assert_eq!(of(&'x'), "x");
    assert_eq!(of(&-7_i8), -7);
    assert_eq!(of(&"text"), "text");
    assert_eq!(of(&u128::from(u64::MAX)), u64::MAX);
    assert_eq!(of(&HashMap::from([(1, 2)])), json!({"1": 2}));
}

#[test]
fn the_ok_of_a_result_is_the_answer() {
    type Text<T> = std::result::Result<T, String>;
    let text = async |tick: Tick| Text::Ok(Done { table: "posts", at: tick.time });
    assert_eq!(answer(App::new().on_event(text)), json!({"table": "posts", "at": "noon"}));
    assert_eq!(answer(App::new().on_event(|_: Value| Ok::<_, &str>(()))), json!(null));
    assert_eq!(answer(App::new().on_event(|_: Value| Ok::<_, Marker>(Some(7)))), 7);
    assert_eq!(answer(App::new().on_event(|_: Value| Ok::<_, carafe::Error>(Json(Marker)))), json!(null));
    let boxed = |_: Value| -> std::result::Result<u8, Box<dyn Error + Send + Sync>> { Ok("7".parse()?) };
    assert_eq!(answer(App::new().on_event(boxed)), 7);
    let here = |_: Value| -> std::result::Result<u8, Box<dyn Error>> { Ok("7".parse()?) };
    assert_eq!(answer(App::new().on_event(here)), 7);
    let shared = |_: Value| -> std::result::Result<u8, Arc<dyn Error + Send + Sync>> { Ok(7) };
    assert_eq!(answer(App::new().on_event(shared)), 7);
    // As a task's: its panic outside, its own error inside.
    let task = async |_: Value| tokio::spawn(async { Text::Ok(7) }).await;
    assert_eq!(answer(App::new().on_event(task)), 7);
}

#[test]
fn a_result_inside_the_data_is_data() {
    let steps = |_: Value| Steps { first: Ok(1), second: Err("lost".to_owned()) };
    assert_eq!(answer(App::new().on_event(steps)), json!({"first": {"Ok": 1}, "second": {"Err": "lost"}}));
    let list = |_: Value| vec![Ok(1), Err("lost")];
    assert_eq!(answer(App::new().on_event(list)), json!([{"Ok": 1}, {"Err": "lost"}]));
    let wrapped = |_: Value| Json(Err::<(), _>("lost"));
    assert_eq!(answer(App::new().on_event(wrapped)), json!({"Err": "lost"}));
    let wrapped = |_: Value| Ok::<_, carafe::Error>(Json(Err::<(), _>("lost")));
    assert_eq!(answer(App::new().on_event(wrapped)), json!({"Err": "lost"}));
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
    let refused = |error: App| problem(&error, &event);
    assert_eq!(
        refused(App::new().on_event(|_: Value| Err::<(), _>("lost"))),
        "no answer: Handler.Error: lost"
    );
    let (lost, gone) =
        (async |_: Value| Err::<Done, _>(Outcome::Nothing), |_: Value| Err::<(), _>(Halves(1, 2)));
    assert_eq!(refused(App::new().on_event(lost)), "no answer: Handler.Error: Nothing");
    assert_eq!(refused(App::new().on_event(gone)), "no answer: Handler.Error: [1,2]");
    let (inner, perhaps) =
        (|_: Value| Ok::<_, Marker>(Err::<u8, _>("inner")), |_: Value| Some(Err::<u8, _>("inner")));
    assert_eq!(refused(App::new().on_event(inner)), "no answer: Handler.Error: inner");
    assert_eq!(refused(App::new().on_event(perhaps)), "no answer: Handler.Error: inner");
    let task = async |_: Value| tokio::spawn(async { Err::<u8, _>("inner") }).await;
    assert_eq!(refused(App::new().on_event(task)), "no answer: Handler.Error: inner");
    let number = "no answer: Handler.Error: invalid digit found in string";
    let digits = async |_: Value| "x".parse::<u8>();
    assert_eq!(refused(App::new().on_event(digits)), number);
    let boxed =
        async |_: Value| -> std::result::Result<u8, Box<dyn Error + Send + Sync>> { Ok("x".parse()?) };
    assert_eq!(refused(App::new().on_event(boxed)), number);
    let here = |_: Value| -> std::result::Result<u8, Box<dyn Error>> { Ok("x".parse()?) };
    assert_eq!(refused(App::new().on_event(here)), number);
    let shared = |_: Value| -> std::result::Result<u8, Arc<dyn Error + Send + Sync>> {
        Err(Box::<dyn Error + Send + Sync>::from("lost").into())
    };
    assert_eq!(refused(App::new().on_event(shared)), "no answer: Handler.Error: lost");
    let unwritable = |_: Value| HashMap::from([((1, 2), 3)]);
    assert_eq!(refused(App::new().on_event(unwritable)), "no answer: Handler.Error: key must be a string");
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
