//! Folders that an app serves: from the disk, and built in.

use std::fs;
use std::path::PathBuf;

use carafe::testing::{Client, Reply};
use carafe::{App, Folder, Request, Result, get, routes};

fn told(reply: &Reply) -> (u16, &str) {
    (reply.status().as_u16(), reply.text())
}

#[get("/asset?<name>")]
fn asset(name: &str, request: &Request) -> Result<String> {
    request.asset(name)
}

/// The same folder, read from the disk and, where the feature is on, built in.
fn clients() -> Vec<(&'static str, Client)> {
    let folders = [
        ("disk", Folder::new("tests/static")),
        #[cfg(feature = "embed")]
        ("embedded", carafe::embed!("tests/static")),
    ];
    let app = |folder| App::new().files("/static", folder).routes(routes![asset]);
    folders.into_iter().map(|(name, folder)| (name, app(folder).test())).collect()
}

#[test]
fn files_and_indexes() {
    for (kind, client) in clients() {
        for (path, text, content_type) in [
            ("/static/app.css", "p { color: red }\n", "text/css; charset=UTF-8"),
            ("/static/", "<h1>Home</h1>\n", "text/html; charset=UTF-8"),
            ("/static/index.html", "<h1>Home</h1>\n", "text/html; charset=UTF-8"),
            ("/static/docs/", "<h1>Docs</h1>\n", "text/html; charset=UTF-8"),
            ("/static/docs/a%20b.txt", "text\n", "text/plain; charset=UTF-8"),
            ("/static/docs/%E6%96%87.txt", "漢字\n", "text/plain; charset=UTF-8"),
            ("/static/empty.txt", "", "text/plain; charset=UTF-8"),
            (
                "/static/.well-known/security.txt",
                "Contact: mailto:a@example.com\n",
                "text/plain; charset=UTF-8",
            ),
        ] {
            let reply = client.get(path).send();
            assert_eq!(told(&reply), (200, text), "{kind} {path}");
            assert_eq!(reply.header("content-type"), Some(content_type), "{kind} {path}");
            assert_eq!(reply.header("cache-control"), Some("no-cache"), "{kind} {path}");
            let head = client.head(path).send();
            assert_eq!(told(&head), (200, ""), "{kind} HEAD {path}");
            for name in ["content-type", "content-length", "etag", "cache-control", "accept-ranges", "vary"] {
                assert_eq!(head.header(name), reply.header(name), "{kind} HEAD {path}: {name}");
            }
            let tag = reply.header("etag").unwrap();
            let again = client.get(path).header("if-none-match", tag).send();
            assert_eq!(told(&again), (304, ""), "{kind} {path}");
            assert_eq!(again.header("cache-control"), Some("no-cache"), "{kind} {path}");
        }
        let png = client.get("/static/dot.png").send();
        assert_eq!(&png.bytes()[..], include_bytes!("../static/dot.png"), "{kind}");
        let piece = client.get("/static/app.css").header("range", "bytes=0-0").send();
        assert_eq!(
            (told(&piece), piece.header("content-range")),
            ((206, "p"), Some("bytes 0-0/17")),
            "{kind}"
        );
    }
}

#[test]
fn a_folder_is_sent_to_its_slash() {
    for (kind, client) in clients() {
        for (path, location) in [
            ("/static", "/static/"),
            ("/static?a=b%20c", "/static/?a=b%20c"),
            ("/static/docs", "/static/docs/"),
            ("/static/docs?a=1", "/static/docs/?a=1"),
            ("/static/%64ocs", "/static/docs/"),
        ] {
            let reply = client.get(path).send();
            assert_eq!(reply.status(), 307, "{kind} {path}");
            assert_eq!(reply.header("location"), Some(location), "{kind} {path}");
        }
    }
}

#[test]
fn what_is_not_a_file_of_the_folder_is_404() {
    for (kind, client) in clients() {
        for path in [
            "none.css",
            "app.css/",
            "app.css/x",
            "docs/none",
            "docs/index.html/",
            ".hidden",
            ".well-known",
            ".well-known/",
            "docs%2Findex.html",
            "docs%2findex.html",
            "docs%5Cindex.html",
            "docs\\index.html",
            "%2e%2e/app.rs",
            "../app.rs",
            "../../Cargo.toml",
            "docs/../app.css",
            "docs/..%2Fapp.css",
            "./app.css",
            "//app.css",
            "docs//a%20b.txt",
            "/etc/passwd",
            "%2Fetc%2Fpasswd",
            "C:/windows/web/screen/x.png",
            "C%3A%2Fwindows",
            "app.css%00",
            "app.css%00.txt",
            &"long".repeat(1000),
        ] {
            let reply = client.get(&format!("/static/{path}")).send();
            assert_eq!(reply.status(), 404, "{kind} {path}: {}", reply.text());
        }
        assert_eq!(client.get("/static/%FF").send().status(), 400, "{kind}");
        for method in ["POST", "PUT", "DELETE"] {
            let reply = client.request(method, "/static/app.css").send();
            let allow = reply.header("allow").unwrap_or_default();
            assert_eq!((reply.status().as_u16(), allow), (405, "GET, HEAD, OPTIONS"), "{kind} {method}");
        }
    }
}

#[test]
fn a_name_with_a_hash_is_right_for_good() {
    for (kind, client) in clients() {
        for (name, begins, ends) in [
            ("app.css", "/static/app.", ".css"),
            ("docs/a b.txt", "/static/docs/a%20b.", ".txt"),
            ("docs/文.txt", "/static/docs/%E6%96%87.", ".txt"),
            ("words.txt", "/static/words.", ".txt"),
        ] {
            let path = client.get("/asset").query("name", name).send().text().to_owned();
            assert!(path.starts_with(begins) && path.ends_with(ends), "{kind} {path}");
            assert_eq!(path.len(), begins.len() + 16 + ends.len(), "{kind} {path}");
            let reply = client.get(&path).send();
            let keep = Some("public, max-age=31536000, immutable");
            assert_eq!(
                (reply.status().as_u16(), reply.header("cache-control")),
                (200, keep),
                "{kind} {path}"
            );
            let plain = format!("/static/{}", name.replace(' ', "%20").replace('文', "%E6%96%87"));
            let plain = client.get(&plain).send();
            assert_eq!(reply.bytes(), plain.bytes(), "{kind} {path}");
            assert_eq!(reply.header("etag"), plain.header("etag"), "{kind} {path}");
            assert_eq!(reply.header("content-type"), plain.header("content-type"), "{kind} {path}");
            // Of an older or a newer version.
            let stale = format!("{begins}0123456789abcdef{ends}");
            let reply = client.get(&stale).send();
            assert_eq!(
                (reply.bytes(), reply.header("cache-control")),
                (plain.bytes(), Some("no-cache")),
                "{kind}"
            );
        }
        assert_eq!(client.get("/static/none.0123456789abcdef.css").send().status(), 404, "{kind}");
        for name in ["none.css", ".hidden", "../app.rs", "/app.css", ""] {
            assert_eq!(client.get("/asset").query("name", name).send().status(), 500, "{kind} {name}");
        }
    }
    let bare = App::new().routes(routes![asset]).test();
    assert_eq!(bare.get("/asset").query("name", "app.css").send().status(), 500);
}

/// A folder of its own for a test.
fn temporary(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(folder.join("static")).unwrap();
    folder
}

#[test]
fn links_do_not_lead_out_of_the_folder() {
    let root = temporary("folder-links");
    fs::write(root.join("secret.txt"), "secret").unwrap();
    fs::write(root.join("static/own.txt"), "own").unwrap();
    for (to, name) in [
        ("../secret.txt", "out.txt"),
        ("own.txt", "in.txt"),
        ("..", "up"),
        ("gone", "nowhere"),
        ("circle", "circle"),
    ] {
        let link = root.join("static").join(name);
        if link.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(to, link).unwrap();
        }
    }
    // A pipe would be waited for until somebody writes.
    let pipe = root.join("static/pipe");
    assert!(pipe.exists() || std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let client = App::new().files("/", Folder::new(root.join("static"))).test();
    for path in ["/in.txt", "/up/static/own.txt"] {
        let reply = client.get(path).send();
        assert_eq!(told(&reply), (200, "own"), "{path}");
    }
    for path in ["/out.txt", "/up/secret.txt", "/nowhere", "/circle", "/circle/x", "/pipe", "/pipe/"] {
        assert_eq!(client.get(path).send().status(), 404, "{path}");
    }
}

/// At the root of an app, beside its own routes.
#[test]
fn a_folder_at_the_root() {
    #[get("/")]
    fn home() -> &'static str {
        "Mine"
    }

    #[get("/<name>")]
    fn page(name: &str) -> String {
        format!("Page {name}")
    }

    let root = temporary("folder-root");
    fs::write(root.join("static/robots.txt"), "all").unwrap();
    fs::create_dir_all(root.join("static/a")).unwrap();
    fs::write(root.join("static/a/b.txt"), "b").unwrap();
    let folder = Folder::new(root.join("static"));
    let client = App::new().files("/", folder.clone()).routes(routes![home]).test();
    assert_eq!(told(&client.get("/").send()), (200, "Mine"));
    assert_eq!(told(&client.get("/robots.txt").send()), (200, "all"));
    assert_eq!(client.get("//robots.txt").send().status(), 404);
    // A route of the app goes first.
    let client = App::new().files("/", folder).routes(routes![page]).test();
    assert_eq!(told(&client.get("/robots.txt").send()), (200, "Page robots.txt"));
    assert_eq!(told(&client.get("/a/b.txt").send()), (200, "b"));
    let client = App::new().files("/", Folder::new("tests/static")).test();
    assert_eq!(told(&client.get("/").send()), (200, "<h1>Home</h1>\n"));
}

#[test]
fn the_first_folder_that_has_a_file_names_it() {
    let root = temporary("folder-two");
    fs::write(root.join("static/app.css"), "other").unwrap();
    fs::write(root.join("static/own.js"), "own").unwrap();
    let app = App::new()
        .files("/one", Folder::new("tests/static"))
        .files("/two/", Folder::new(root.join("static")));
    let client = app.routes(routes![asset]).test();
    for (name, prefix) in [("app.css", "/one/app."), ("own.js", "/two/own.")] {
        let path = client.get("/asset").query("name", name).send().text().to_owned();
        assert!(path.starts_with(prefix), "{path}");
        assert_eq!(client.get(&path).send().status(), 200);
    }
}

#[test]
fn a_folder_that_is_not_there_is_a_problem() {
    let problem = App::new().files("/static", Folder::new("no/such/folder")).check().unwrap_err().to_string();
    let here = std::env::current_dir().unwrap();
    assert!(problem.contains("no/such/folder") && problem.contains(here.to_str().unwrap()), "{problem}");
    for prefix in ["static", "/<name>"] {
        let problem = App::new().files(prefix, Folder::new("tests/static")).check().unwrap_err().to_string();
        assert!(problem.contains(&format!("`{prefix}`")), "{problem}");
    }
}

/// Packers give all files one date, and a new content the date of the old one.
#[test]
fn one_date_for_all_files_hides_nothing() {
    let root = temporary("folder-dates");
    let path = root.join("static/app.js");
    let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(315_532_800);
    let write = |content: &str| {
        fs::write(&path, content).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(date).unwrap();
    };
    let client = App::new().files("/s", Folder::new(root.join("static"))).routes(routes![asset]).test();
    write("old");
    let old = client.get("/s/app.js").send();
    let hashed = client.get("/asset").query("name", "app.js").send().text().to_owned();
    assert_eq!(old.header("last-modified"), None);
    write("new");
    let tag = old.header("etag").unwrap();
    let since = "Fri, 01 Jan 2100 00:00:00 GMT";
    let reply =
        client.get("/s/app.js").header("if-none-match", tag).header("if-modified-since", since).send();
    assert_eq!(told(&reply), (200, "new"));
    let reply = client.get(&hashed).header("if-none-match", tag).send();
    assert_eq!((told(&reply), reply.header("cache-control")), ((200, "new"), Some("no-cache")));
    assert_ne!(client.get("/asset").query("name", "app.js").send().text(), hashed);
}

/// The address of a file that is kept for a year is asked for again and again; an error there may not stay.
#[test]
fn errors_under_a_name_for_good_are_not_kept() {
    for (kind, client) in clients() {
        let path = client.get("/asset").query("name", "words.txt").send().text().to_owned();
        for path in [&*path, "/static/words.txt"] {
            for (name, value, status) in [
                ("range", "bytes=99999999-", 416),
                ("range", "bytes=abc", 416),
                ("if-match", "\"other\"", 412),
            ] {
                let reply = client.get(path).header(name, value).send();
                assert_eq!(reply.status(), status, "{kind} {path} {value}");
                assert_eq!(reply.header("cache-control"), Some("no-store"), "{kind} {path} {value}");
            }
        }
    }
}
