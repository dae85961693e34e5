//! Settings from the environment of a process, and how one ends that cannot be started without them.

#![expect(clippy::unwrap_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::process::{Command, Output};

use carafe::{App, Result, Secret, State, get, routes};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Settings {
    table_name: String,
    #[serde(default = "ten")]
    page_size: u32,
    stage: Option<Stage>,
    #[serde(rename = "DATABASE_URL")]
    database: Secret<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stage {
    Test,
    Live,
}

fn ten() -> u32 {
    10
}

#[get("/")]
fn index(settings: State<Settings>) -> String {
    format!("{:?} {}", *settings, settings.database.reveal())
}

async fn app() -> Result<App> {
    let settings: Settings = carafe::settings()?;
    assert!(
        !settings.table_name.is_empty()
            && settings.page_size > 0
            && !matches!(settings.stage, Some(Stage::Live))
    );
    Ok(App::new().state(settings).routes(routes![index]))
}

const CHILD: &str = "SETTINGS_TEST_IS_CHILD";

/// Runs this test once more as a process that makes the app, with these variables and no others.
fn started(test: &str, variables: &[(&str, &str)]) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env_clear()
        .envs(variables.iter().copied())
        .env(CHILD, "1")
        .output()
        .unwrap()
}

fn answer() -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    match runtime.block_on(app()) {
        Ok(app) => app.test().get("/").send().text().to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn the_environment_fills_a_struct_or_one_error_tells_all() {
    if std::env::var_os(CHILD).is_some() {
        println!("<{}>", answer());
        return;
    }
    let test = "the_environment_fills_a_struct_or_one_error_tells_all";
    let fine = [("TABLE_NAME", "posts"), ("DATABASE_URL", "postgres://ann:hunter2@db"), ("STAGE", "test")];
    for (variables, expected) in [
        (
            &fine[..],
            "<Settings { table_name: \"posts\", page_size: 10, stage: Some(Test), database: Secret(***) } \
             postgres://ann:hunter2@db>",
        ),
        (
            &[("PAGE_SIZE", "ten"), ("STAGE", "prod")],
            "<the settings cannot be read from the environment: \
             `PAGE_SIZE`: expected a whole number from 0 to 4294967295, got `ten`; \
             `STAGE`: expected `test` or `live`, got `prod`; `TABLE_NAME` is not set: expected text; \
             `DATABASE_URL` is not set: expected a secret (String)>",
        ),
    ] {
        let out = started(test, variables);
        let out = String::from_utf8(out.stdout).unwrap();
        assert!(out.contains(expected), "{out}");
    }
}
