//! Files of a folder and of the program.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use carafe::testing::Client;
use carafe::{App, File, Mime, Request, Responder as _, StatusCode, get, routes};

/// A directory of this test run.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("files-{}", std::process::id()))
}

fn link(to: impl AsRef<Path>, name: &Path) {
    if name.symlink_metadata().is_err() {
        std::os::unix::fs::symlink(to, name).unwrap();
    }
}

/// A folder with a file, one beside it, and links from one to the other, in a circle and to nowhere.
fn folder() -> PathBuf {
    let root = root();
    let folder = root.join("static");
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(folder.join("a b.TXT"), "text").unwrap();
    std::fs::write(folder.join("sub/x.png"), b"\x89PNG").unwrap();
    std::fs::write(root.join("secret"), "secret").unwrap();
    link(root.join("secret"), &folder.join("link"));
    link("loop", &folder.join("loop"));
    link("one", &folder.join("other"));
    link("other", &folder.join("one"));
    link("gone", &folder.join("nowhere"));
    folder
}

fn app() -> App {
    let folder = folder();
    App::new().route("GET", "/static/<name:path>", move |request: &Request| {
        File::under(&folder, request.param("name").unwrap_or_default())
    })
}

fn client() -> Client {
    app().test()
}

#[test]
fn files_of_a_folder() {
    let client = client();
    let reply = client.get("/static/a%20b.TXT").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (200, "text"));
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=UTF-8"));
}

#[test]
fn nothing_outside_the_folder() {
    let client = client();
    for name in [
        "none",
        "sub",
        "",
        "link",
        "loop",
        "loop/x",
        "one",
        "nowhere",
        "../secret",
        "sub/../../secret",
        "..%2Fsecret",
        "%2Fetc%2Fpasswd",
        "a%20b.TXT/x",
        "./a%20b.TXT",
        "a%20b.TXT%00",
        "sub//..//..//secret",
        &"long".repeat(1000),
    ] {
        let reply = client.get(&format!("/static/{name}")).send();
        assert_eq!(reply.status(), 404, "{name}: {}", reply.text());
    }
}

#[get("/report")]
fn report() -> File {
    File::new("Bericht für \"Ann\".csv", "a,b\n").download()
}

#[get("/typed")]
fn typed() -> (Mime, File) {
    (Mime::from_str("text/css").unwrap(), File::new("style", "a {}"))
}

#[get("/source")]
fn source() -> File {
    File::new("lib.rs", include_bytes!("../../src/lib.rs"))
}

#[test]
fn files_of_the_program() {
    let client = App::new().routes(routes![report, typed, source]).test();
    let reply = client.get("/report").send();
    let disposition = reply.header("content-disposition").unwrap();
    assert_eq!(
        disposition,
        "attachment; filename=\"Bericht f_r _Ann_.csv\"; filename*=UTF-8''Bericht%20f%C3%BCr%20%22Ann%22%2Ecsv"
    );
    assert_eq!(client.get("/typed").send().header("content-type"), Some("text/css"));
    assert_eq!(&client.get("/source").send().bytes()[..], include_bytes!("../../src/lib.rs"));
}

#[get("/")]
fn failing(request: &Request) -> (StatusCode, String) {
    let error = File::under("no/such/folder", "x").respond_to(request).unwrap_err();
    (error.status(), format!("{error:?}"))
}

#[test]
fn a_folder_that_is_not_there_is_no_404() {
    let reply = App::new().routes(routes![failing]).test().get("/").send();
    assert_eq!(reply.status(), 500);
    let (here, told) = (std::env::current_dir().unwrap(), reply.text());
    assert!(told.contains("no/such/folder") && told.contains(here.to_str().unwrap()), "{told}");
}
