use carafe::{route, routes};

#[route(GTE, PSOT, "/a")]
fn misspelt() {}

#[route(get, "/b")]
fn small() {}

#[route(ANY, "/c")]
fn any_method() {}

#[route(GET, GET, "/d")]
fn twice() {}

#[route(BREW, "/e")]
fn unknown() {}

#[route(GET, POST)]
fn no_path() {}

fn main() {
    let _ = routes![misspelt, small, any_method, twice, unknown, no_path];
}
