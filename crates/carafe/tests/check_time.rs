//! What 200 routes add to `cargo check`, in processor time: the clock on the wall also counts what else the machine does.
//!
//! Ignored in the usual run, because it builds the dependencies once more for a project of its own:
//! `cargo test -p carafe --test check_time -- --ignored --nocapture`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "all of this is a test, and one that cannot go on has to fail")]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const ROUTES: usize = 200;
const LIMIT: Duration = Duration::from_secs(5);

/// Routes of five usual kinds in turn.
fn program(routes: usize) -> String {
    let mut text = String::from(
        "use carafe::{get, post, routes, Result, State};\n\
         #[derive(serde::Serialize)] struct Item { id: u32, name: String }\n\
         struct Db;\n",
    );
    for n in 0..routes {
        let route = match n % 5 {
            0 => format!("#[get(\"/a{n}/<name>\")] fn r{n}(name: &str) -> String {{ name.to_owned() }}"),
            1 => format!(
                "#[get(\"/a{n}/<id>\")] fn r{n}(id: u32, page: Option<u32>, db: State<Db>) -> Result<Item> \
                 {{ let _ = (page, db); Ok(Item {{ id, name: String::new() }}) }}"
            ),
            2 => format!(
                "#[post(\"/a{n}\")] async fn r{n}(title: String, tag: Vec<String>, db: State<Db>) -> Result<Item> \
                 {{ let _ = (tag, db); Ok(Item {{ id: 1, name: title }}) }}"
            ),
            3 => format!("#[get(\"/a{n}\")] fn r{n}() -> &'static str {{ \"x\" }}"),
            _ => format!(
                "#[get(\"/a{n}/<id>\")] async fn r{n}(id: u32) -> Option<Item> \
                 {{ Some(Item {{ id, name: String::new() }}) }}"
            ),
        };
        let _ = writeln!(text, "{route}");
    }
    let names: Vec<String> = (0..routes).map(|n| format!("r{n}")).collect();
    let _ = writeln!(text, "fn main() {{ let _ = routes![{}].iter().count(); }}", names.join(", "));
    text
}

fn check(project: &Path, program: &str) -> Duration {
    let source = project.join("src/main.rs");
    std::fs::write(&source, program).unwrap();
    let start = time_of_children();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline"])
        .env("CARGO_TARGET_DIR", project.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(project)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    time_of_children().checked_sub(start).unwrap()
}

/// Returns the processor time of all finished child processes: fields 16 and 17 of `proc_pid_stat(5)`, in hundredths of a
/// second.
fn time_of_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The second field is a name in parentheses, in which there may be spaces.
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    let ticks: u64 = rest.split(' ').skip(13).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

#[test]
#[ignore = "builds the dependencies in a target directory of its own"]
fn two_hundred_routes_add_less_than_five_seconds() {
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check-time");
    std::fs::create_dir_all(project.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"check-time\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         carafe = {{ path = {:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::write(project.join("Cargo.toml"), manifest).unwrap();
    // The same versions as everywhere else, and no look into the index.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    std::fs::copy(lock, project.join("Cargo.lock")).unwrap();

    check(
        &project,
        &program(0).replace("use carafe::{get, post, routes, Result, State};", "use carafe::routes;"),
    );
    let few = check(&project, &program(5));
    let many = check(&project, &program(ROUTES + 5));
    println!("5 routes: {few:?}, {} routes: {many:?}", ROUTES + 5);
    let added = many.saturating_sub(few);
    assert!(added < LIMIT, "{ROUTES} routes add {added:?}");
}
