//! carafe under another name, and handed on by a crate of one's own.

use crate::facade::{self, App, Error, StatusCode};
use crate::support::told;

/// Every attribute by `crate = path`, behind whatever else it says.
mod renamed {
    use web::{any, catch, delete, get, head, options, patch, post, put, route};

    #[get("/get/<id>?<q>", crate = web)]
    pub(super) fn read(id: u32, q: Option<String>) -> String {
        format!("{id} {q:?}")
    }

    #[head("/head", crate = web)]
    pub(super) fn head_only() {}

    #[post("/many", crate = web)]
    #[put("/many", crate = web)]
    #[patch("/many", crate = web)]
    #[delete("/many", crate = web)]
    #[options("/many", crate = web)]
    pub(super) fn many(request: &web::Request) -> String {
        request.method().to_string()
    }

    #[any("/any", crate = web)]
    pub(super) async fn any_method(method: &web::Request) -> String {
        method.method().to_string()
    }

    #[route(GET, DELETE, "/route", crate = web)]
    pub(super) fn routed() -> &'static str {
        "routed"
    }

    #[catch(404, crate = web)]
    pub(super) fn lost(error: &web::Error) -> String {
        format!("lost: {}", error.message())
    }
}

/// The same from a crate that does `pub use carafe::*`.
mod handed_on {
    use crate::facade::{Json, State, catch, get, post};

    #[get("/get/<id>?<q>", crate = crate::facade)]
    pub(super) fn read(id: u32, q: Option<String>, state: State<u8>) -> String {
        format!("{id} {q:?} {}", *state)
    }

    #[post("/sum", crate = crate::facade)]
    pub(super) async fn sum(numbers: Json<Vec<u32>>) -> crate::facade::Result<String, std::fmt::Error> {
        Ok(numbers.iter().sum::<u32>().to_string())
    }

    #[catch(default, crate = crate::facade)]
    pub(super) fn all(error: &crate::facade::Error, status: crate::facade::StatusCode) -> String {
        format!("{}: {}", status.as_u16(), error.message())
    }
}

#[test]
fn routes_and_catchers_by_another_name() {
    let list = web::routes![
        renamed::read,
        renamed::head_only,
        renamed::many,
        renamed::any_method,
        #[cfg(any())]
        renamed::not_there,
        renamed::routed,
    ];
    let client = App::new().routes(list).catch(web::catchers![renamed::lost]).test();
    assert_eq!(told(&client.get("/get/7?q=x").send()), (200, "7 Some(\"x\")"));
    assert_eq!(told(&client.head("/head").send()), (204, ""));
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        assert_eq!(client.request(method, "/many").send().text(), method);
        assert_eq!(client.request(method, "/any").send().text(), method);
    }
    assert_eq!(told(&client.delete("/route").send()), (200, "routed"));
    assert_eq!(told(&client.get("/nothing").send()), (404, "lost: Not Found"));
    assert_eq!(renamed::read::url(7), "/get/7");
}

#[test]
fn routes_and_catchers_of_a_crate_that_hands_carafe_on() {
    let app = App::new()
        .routes(facade::routes![handed_on::read, handed_on::sum])
        .catch(facade::catchers![handed_on::all])
        .state(9_u8);
    let client = app.test();
    assert_eq!(told(&client.get("/get/7?q=x").send()), (200, "7 Some(\"x\") 9"));
    assert_eq!(told(&client.post("/sum").json(&[1, 2, 3]).send()), (200, "6"));
    assert_eq!(told(&client.get("/nothing").send()), (404, "404: Not Found"));
    let _: fn(StatusCode, &'static str) -> Error = Error::new;
}

#[test]
fn a_folder_built_in_by_any_name() {
    for folder in [web::embed!("src"), facade::embed!("src", gzip = off)] {
        let client = App::new().files("/src", folder).test();
        assert_eq!(told(&client.get("/src/lib.rs").send()), (200, include_str!("../../src/lib.rs")));
    }
}

/// Names that the attributes could stumble over.
mod clashes {
    use web::get;

    #[allow(dead_code, reason = "it only has to be in scope")]
    pub(super) trait Tap: Sized {
        fn read(&self) {}
        fn fits(&self) {}
        fn need(&self) {}
        fn requires(&self) {}
        fn layer(self) {}
        fn peel(self) {}
        fn leaf(&self) {}
        fn respond(self) {}
        fn respond_to(self) {}
        fn cause(&self) {}
        fn split(self) {}
        fn failure(&self) {}
        fn into_option(self) {}
    }

    impl<T> Tap for T {}

    #[get("/clash/<id>", crate = web)]
    pub(super) fn handler(
        id: u32,
        q: Option<String>,
        #[cfg(any())] gone: NotThere,
        #[cfg(not(any()))] kept: Vec<u8>,
    ) -> Result<String, (web::StatusCode, String)> {
        Ok(format!("{id} {q:?} {kept:?}"))
    }
}

#[test]
fn traits_of_ones_own_and_cfg_do_not_disturb() {
    let client = App::new().routes(web::routes![clashes::handler]).test();
    assert_eq!(told(&client.get("/clash/1?kept=2").send()), (200, "1 None [2]"));
}
