//! Groups: whom a guard meets, who owns a 404, a 405 and OPTIONS, and what a body may have.

use web::{App, Next, Request, Response, Result, Routes, abort, catch, catchers, get, post, put, routes};

use crate::support::{Met, met, told};

async fn guard(request: &Request, next: Next<'_>) -> Result<Response> {
    match request.header("x-user") {
        Some("ann") => Ok(next.run(request).await),
        _ => Err(abort(401, "Sign in")),
    }
}

#[get("/x", crate = web)]
fn secret() -> String {
    "secret".to_owned()
}

#[get("/posts/<id>", crate = web)]
fn number(id: u32) -> String {
    format!("post {id}")
}

#[get("/open", crate = web)]
fn open() -> String {
    "open".to_owned()
}

#[catch(404, crate = web)]
fn admins_lost(request: &Request) -> String {
    format!("admins: nothing at {}", request.path())
}

#[catch(404, crate = web)]
fn lost(request: &Request) -> String {
    format!("nothing at {}", request.path())
}

fn admin() -> Routes {
    routes![secret, number].around(guard).catch(catchers![admins_lost])
}

fn app() -> App {
    App::new().routes(routes![open]).mount("/admin", admin()).around(Met("app")).catch(catchers![lost])
}

/// All spellings of a path under `/admin`, known and unknown ones.
const BELOW: [&str; 16] = [
    "/admin/x",
    "/%61dmin/x",
    "/admin/%78",
    "/%61%64%6d%69%6e/%78",
    "/%61%64%6D%69%6E/x",
    "/admi%6e/x",
    "/admi%6E/x",
    "/admin/x?next=/open",
    "/admin/nothing",
    "/%61dmin/nothing",
    "/admin/x/y",
    "/admin/posts/7",
    "/admin/posts/seven",
    "/admin/",
    "/admin",
    "/admin/%2e%2e/open",
];

#[test]
fn a_guard_meets_every_spelling_and_every_method() {
    let client = app().test();
    for target in BELOW {
        for method in ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "BREW"] {
            let reply = client.request(method, target).send();
            assert_eq!(reply.status(), 401, "{method} {target}");
            assert_eq!(met(&reply), "app", "{method} {target}");
        }
    }
}

#[test]
fn who_may_pass_gets_what_is_there() {
    let client = app().test();
    let as_ann = |method: &str, target: &str| client.request(method, target).header("x-user", "ann").send();
    for target in BELOW.iter().take(8) {
        assert_eq!(told(&as_ann("GET", target)), (200, "secret"), "{target}");
        assert_eq!(told(&as_ann("HEAD", target)), (200, ""), "{target}");
        let reply = as_ann("POST", target);
        assert_eq!((reply.status().as_u16(), reply.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
        let reply = as_ann("OPTIONS", target);
        assert_eq!((reply.status().as_u16(), reply.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
    }
    assert_eq!(told(&as_ann("GET", "/admin/posts/7")), (200, "post 7"));
    for target in ["/admin/nothing", "/admin/posts/seven", "/admin/", "/admin"] {
        let text = format!("admins: nothing at {target}");
        assert_eq!(told(&as_ann("GET", target)), (404, text.as_str()));
    }
    assert_eq!(as_ann("GET", "/%61dmin/n%6fthing").text(), "admins: nothing at /admin/nothing");
}

#[test]
fn a_guard_meets_nobody_else() {
    let client = app().test();
    for target in ["/administrator", "/admin-x", "/admi", "/x", "/admin%2Fx", "/Admin/x", "/open/admin/x"] {
        let reply = client.get(target).send();
        assert_eq!(told(&reply), (404, format!("nothing at {target}").as_str()));
        assert_eq!(met(&reply), "app");
    }
    assert_eq!(told(&client.get("/open").send()), (200, "open"));
    // A path that is no text has no canonical spelling: the app answers it.
    let reply = client.get("/admin/%FF").send();
    assert_eq!((reply.status().as_u16(), met(&reply)), (400, "app".to_owned()));
}

#[test]
fn a_prefix_may_need_escapes() {
    let client = App::new().mount("/für uns", admin()).catch(catchers![lost]).test();
    for target in ["/f%C3%BCr%20uns/x", "/f%c3%bcr%20uns/x", "/f%C3%BCr%20uns/nothing", "/f%C3%BCr%20uns"] {
        assert_eq!(client.get(target).send().status(), 401, "{target}");
    }
    let reply = client.get("/f%c3%bcr%20%75ns/nothing").header("x-user", "ann").send();
    assert_eq!(reply.text(), "admins: nothing at /f%C3%BCr%20uns/nothing");
    assert_eq!(client.get("/f%C3%BCr/x").send().status(), 404);
}

#[test]
fn only_a_mounted_group_owns_what_is_not_there() {
    let client = App::new().routes(admin()).catch(catchers![lost]).test();
    assert_eq!(client.get("/x").send().status(), 401);
    assert_eq!(told(&client.get("/nothing").send()), (404, "nothing at /nothing"));
    // A mount at the root owns all of it.
    let client = App::new().mount("/", admin()).catch(catchers![lost]).test();
    assert_eq!(client.get("/x").send().status(), 401);
    assert_eq!(client.get("/nothing").send().status(), 401);
    assert_eq!(client.get("/nothing").header("x-user", "ann").send().text(), "admins: nothing at /nothing");
    // A list without anything around it is no group.
    let client = App::new().mount("/v1", routes![open]).catch(catchers![lost]).test();
    assert_eq!(told(&client.get("/v1/nothing").send()), (404, "nothing at /v1/nothing"));
}

#[test]
fn a_list_below_a_group_of_another_owns_its_404s() {
    for app in [
        App::new().mount("/api", admin()).mount("/api/public", routes![open]),
        App::new().mount("/api/public", routes![open]).mount("/api", admin()),
    ] {
        let client = app.around(Met("app")).catch(catchers![lost]).test();
        assert_eq!(told(&client.get("/api/public/open").send()), (200, "open"));
        for target in ["/api/public/lost", "/api/public", "/api/public/"] {
            let reply = client.get(target).send();
            let text = format!("nothing at {target}");
            assert_eq!((told(&reply), met(&reply).as_str()), ((404, text.as_str()), "app"), "{target}");
        }
        for target in ["/api/lost", "/api/x", "/api/publicly", "/api"] {
            assert_eq!(client.get(target).send().status(), 401, "{target}");
        }
        let reply = client.get("/api/lost").header("x-user", "ann").send();
        assert_eq!(told(&reply), (404, "admins: nothing at /api/lost"));
    }
}

// --- nested -----------------------------------------------------------------------------------------------------

#[catch(404, crate = web)]
fn deep_lost() -> String {
    "deep: nothing".to_owned()
}

fn nested() -> App {
    let deep = routes![open].around(Met("deep")).catch(catchers![deep_lost]);
    let plain = routes![number];
    let outer = routes![secret]
        .around(Met("outer"))
        .mount("/deep", deep.clone())
        .mount("/plain", plain)
        .routes(routes![put_x].around(Met("beside")));
    App::new().around(Met("app")).mount("/a", outer).mount("/a/b", deep).catch(catchers![lost])
}

#[put("/y", crate = web)]
fn put_x() -> String {
    "put".to_owned()
}

#[test]
fn groups_nest() {
    let client = nested().test();
    let reached = |target: &str| {
        let reply = client.get(target).send();
        (reply.status().as_u16(), reply.text().to_owned(), met(&reply))
    };
    let of = |status, text: &str, met: &str| (status, text.to_owned(), met.to_owned());
    assert_eq!(reached("/a/x"), of(200, "secret", "outer app"));
    assert_eq!(reached("/a/deep/open"), of(200, "open", "deep outer app"));
    assert_eq!(reached("/a/plain/posts/1"), of(200, "post 1", "outer app"));
    assert_eq!(reached("/a/b/open"), of(200, "open", "deep app"));
    assert_eq!(reached("/a/deep/nothing"), of(404, "deep: nothing", "deep outer app"));
    assert_eq!(reached("/a/deeper"), of(404, "nothing at /a/deeper", "outer app"));
    assert_eq!(reached("/a/plain/nothing"), of(404, "nothing at /a/plain/nothing", "outer app"));
    assert_eq!(reached("/a/b/nothing"), of(404, "deep: nothing", "deep app"));
    assert_eq!(reached("/open"), of(404, "nothing at /open", "app"));
    let reply = client.put("/a/y").send();
    assert_eq!((reply.text(), met(&reply).as_str()), ("put", "beside outer app"));
}

#[get("/shared", crate = web)]
fn read_shared() -> String {
    "read".to_owned()
}

#[post("/shared", crate = web)]
fn write_shared(text: String) -> String {
    text
}

#[test]
fn a_405_passes_what_all_routes_of_its_path_have_in_common() {
    let readers = routes![read_shared].around(Met("readers"));
    let writers = routes![write_shared].around(Met("writers"));
    let outer = || routes![].around(Met("outer"));
    let client = App::new()
        .around(Met("app"))
        .mount("/one", outer().routes(readers.clone()).routes(writers.clone()))
        .mount("/two", outer().routes(readers.clone()))
        .mount("/two", outer().routes(writers))
        .mount("/three", outer().routes(readers))
        .test();
    for (target, common) in [("/one/shared", "outer app"), ("/two/shared", "app")] {
        let reply = client.put(target).send();
        assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (405, common), "{target}");
        assert_eq!(reply.header("allow"), Some("GET, HEAD, OPTIONS, POST"));
        let reply = client.options(target).send();
        assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (204, common), "{target}");
        assert_eq!(reply.header("allow"), Some("GET, HEAD, OPTIONS, POST"));
    }
    let reply = client.put("/three/shared").send();
    assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (405, "readers outer app"));
}

// --- limits -----------------------------------------------------------------------------------------------------

#[catch(413, crate = web)]
fn too_much(error: &web::Error) -> String {
    format!("too much: {}", error.message())
}

#[test]
fn a_group_limits_bodies() {
    let small = routes![write_shared].body_limit(10).around(Met("small"));
    let smaller = routes![write_shared].body_limit(7).catch(catchers![too_much]);
    let client = App::new()
        .mount("/small", small.mount("/smaller", smaller))
        .mount("/free", routes![write_shared])
        .test();
    let sent = |target: &str, text: &str| client.post(target).form(&[("text", text)]).send();
    assert_eq!(told(&sent("/small/shared", "12345")), (200, "12345"));
    let reply = sent("/small/shared", "123456");
    assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (413, "small"));
    let document: serde_json::Value = reply.json();
    assert_eq!((&document["status"], &document["error"]), (&413.into(), &"The body is over 10 bytes".into()));
    let call = client.post("/small/shared").form(&[("text", "123456")]);
    let page = call.header("accept", "text/html").send();
    assert_eq!(
        (page.status().as_u16(), page.header("content-type")),
        (413, Some("text/html; charset=UTF-8"))
    );
    assert!(page.text().contains("The body is over 10 bytes"));
    assert_eq!(told(&sent("/small/smaller/shared", "12")), (200, "12"));
    assert_eq!(told(&sent("/small/smaller/shared", "123")), (413, "too much: The body is over 7 bytes"));
    assert_eq!(sent("/free/shared", &"1".repeat(1000)).status(), 200);
}
