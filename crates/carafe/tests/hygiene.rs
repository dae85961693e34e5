//! Names that a careless expansion would trip over, under every lint a strict crate turns on.
#![deny(warnings)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub, unused, clippy::pedantic)]
#![warn(rust_2018_idioms, unused_qualifications, single_use_lifetimes, let_underscore_drop)]
#![allow(non_upper_case_globals, clippy::must_use_candidate, reason = "the names are the test")]

use carafe::{catch, get, post};

#[allow(dead_code)]
struct Result;
#[allow(dead_code)]
struct String;
#[allow(dead_code)]
struct Option;
#[allow(dead_code)]
struct Box;
#[allow(dead_code)]
struct Route;
#[allow(dead_code)]
struct Error;
#[allow(dead_code, non_camel_case_types)]
struct bool;
#[allow(dead_code, non_camel_case_types)]
struct str_;
#[allow(dead_code)]
enum Shadow {
    Ok,
    Err,
    Some,
    None,
}
#[allow(unused_imports)]
use Shadow::*;

// A constant in scope turns a binding of the same name into a pattern.
const out: u8 = 1;
const parts: u8 = 2;
const request: u8 = 3;
const value: u8 = 4;
const error: u8 = 5;

mod std {}
mod core {}

#[allow(unused_macros)]
macro_rules! panic {
    () => {};
}

/// Implemented for everything, with every name that the expansion could call a method by.
#[allow(dead_code)]
trait Blanket: Sized {
    fn read(&self) {}
    fn need(&self) {}
    fn fits(&self) -> u8 {
        0
    }
    fn layer(&self) {}
    fn peel(&self) {}
    fn leaf(&self) {}
    fn respond(&self) {}
    fn cause(&self) {}
    fn split(&self) {}
    fn failure(&self) {}
    fn call(&self) {}
    fn take(self) {}
    fn apply(self) {}
    fn requires(&self) {}
    fn extract(&self) {}
    fn piece(&self) {}
    fn into_error(self) {}
    fn into_option(self) {}
}

impl<T> Blanket for T {}

/// Every argument has a name that the expansion could have used.
#[get("/a/<req>?<out_>&<status_>")]
pub fn glue(req: &str, out_: u8, status_: ::std::option::Option<u8>) -> ::std::string::String {
    ::std::format!("{req}{out_}{status_:?}{out}{parts}{request}{value}{error}")
}

/// Raw identifiers in the path, in the query, and as the function's name.
#[get("/raw/<type>")]
pub fn r#fn(r#type: &str, r#match: ::std::option::Option<u8>) -> ::std::string::String {
    ::std::format!("{type}{match:?}")
}

/// Patterns instead of names, and lifetimes with names.
#[post("/lifetimes/<name>")]
pub async fn lifetimes<'a>(name: &'a str, _: &'a carafe::Request, _unused: &carafe::Request) -> &'a str {
    ::std::future::ready(()).await;
    name
}

/// Extractors, by name and taken apart.
#[post("/state")]
pub fn state(first: carafe::State<u8>, carafe::Json(second): carafe::Json<u16>) -> u16 {
    u16::from(*first) + second
}

/// A deprecated handler still is one.
#[get("/attributes")]
#[deprecated]
#[allow(dead_code)]
fn attributes() -> u8 {
    1
}

#[cfg(any())]
#[get("/off")]
fn off() -> Missing {}

/// A catcher.
#[catch(404)]
pub fn caught(status: carafe::StatusCode, failure: &carafe::Error) -> ::std::string::String {
    ::std::format!("{status}{}", failure.status())
}

macro_rules! make {
    ($name:ident, $path:literal, $type:ty) => {
        #[get($path)]
        fn $name(id: $type) -> $type {
            id
        }
    };
}
make!(made, "/made/<id>", u32);

/// Under conditions: the first argument is there, the others are not.
#[get("/conditions/<there>/<not_there>")]
pub fn conditions(
    #[cfg(not(any()))] there: u8,
    #[cfg(any())] not_there: Missing,
    #[cfg_attr(not(any()), cfg(any()))] nor_this: Missing,
    #[cfg(any())] _: carafe::State<Missing>,
    #[cfg_attr(any(), cfg(any()))] but_this: ::std::option::Option<u8>,
) -> ::std::string::String {
    ::std::format!("{there}{but_this:?}")
}

/// The same for a catcher.
#[catch(500)]
pub fn conditional(
    #[cfg(any())] _missing: Missing,
    #[cfg_attr(not(any()), cfg(not(any())))] status: carafe::StatusCode,
) -> ::std::string::String {
    ::std::string::ToString::to_string(&status)
}

#[cfg(any())]
#[catch(503)]
fn caught_off() -> Missing {}

mod nested {
    pub(crate) mod deeper {
        use carafe::get;

        #[get("/nested/<id>")]
        pub(crate) fn show(id: u64) -> u64 {
            id
        }

        #[get("/nested/super/<id>")]
        pub(in crate::nested) fn near(id: u64) -> u64 {
            id
        }
    }

    pub(super) fn near() -> carafe::Routes {
        carafe::routes![deeper::near]
    }
}

#[test]
fn all_of_it_is_listed() {
    #[get("/local/<id>")]
    fn local(id: u64) -> u64 {
        id
    }
    let list = carafe::routes![glue, r#fn, lifetimes, state, made, nested::deeper::show, local];
    assert_eq!(list.iter().count(), 7);
    let conditional_list = carafe::routes![
        #[cfg(any())]
        off,
        #[cfg(not(any()))]
        made,
        #[cfg_attr(not(any()), cfg(any()))]
        missing::off,
        conditions,
    ];
    assert_eq!(conditional_list.iter().count(), 2);
    let conditional_catchers = carafe::catchers![
        #[cfg(any())]
        caught_off,
        #[cfg(not(any()))]
        conditional,
    ];
    assert_eq!(conditional_catchers.iter().count(), 1);
    let client = carafe::App::new().routes(conditional_list).catch(conditional_catchers).test();
    assert_eq!(client.get("/conditions/1/x?but_this=2").send().text(), "1Some(2)");
    assert_eq!(client.get("/conditions/x/x").send().status(), 404);
    assert_eq!(nested::near().iter().count(), 1);
    assert_eq!(carafe::catchers![caught].iter().count(), 1);
    assert_eq!(made::url(3), "/made/3");
    assert_eq!(r#fn::url("a b/c"), "/raw/a%20b%2Fc");
    assert_eq!(made(3), 3);
}
