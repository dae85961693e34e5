//! The template of `carafe-alb new` under `cargo lambda new`, whose Liquid is the real one.

use std::path::Path;
use std::process::Command;

use super::local::{built, place};

/// What both make.
const FILES: [&str; 5] = [".gitignore", "Cargo.toml", "README.md", "events/hello.json", "src/main.rs"];

#[test]
#[ignore = "needs cargo-lambda: .ci/run installs it"]
fn both_make_the_same_project() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("it is there");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{}", std::process::id()));
    let (own, others) = (folder.join("own"), folder.join("others"));
    std::fs::create_dir_all(&own).expect("a folder");
    std::fs::create_dir_all(&others).expect("a folder");
    let run = |command: &mut Command| {
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(Command::new(built("carafe-alb")).args(["new", "my-app"]).current_dir(&own));
    let template = root.join("templates/app");
    run(Command::new(place("CLIENTS_CARGO_LAMBDA"))
        .args(["lambda", "new", "--no-interactive", "my-app", "--template"])
        .arg(&template)
        .current_dir(&others));
    for file in FILES {
        let text = |folder: &Path| {
            let text = std::fs::read_to_string(folder.join("my-app").join(file)).expect(file);
            // The version there, this very repository and a workspace of its own here.
            let text = text.split("\n# It is inside").next().unwrap_or_default().to_owned();
            let lines = text.lines().filter(|line| !line.starts_with("carafe = "));
            lines.map(|line| format!("{line}\n")).collect::<String>()
        };
        assert_eq!(text(&own), text(&others), "{file}");
    }
    let manifest = std::fs::read_to_string(others.join("my-app/Cargo.toml")).expect("it is there");
    assert!(manifest.contains("\ncarafe = \"0.1\"\n"), "{manifest}");
    assert!(!others.join("my-app/CargoLambda.toml").exists());
    std::fs::remove_dir_all(&folder).expect("it is there");
}
