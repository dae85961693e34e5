use carafe::{get, routes};

#[get("users")]
fn no_slash() {}

#[get("/users/<id")]
fn not_closed() {}

#[get("/users/<1d>")]
fn not_a_name() {}

#[get("/users/<>")]
fn no_name() {}

#[get("/<a>/<a>")]
fn twice(a: u32) {
    let _ = a;
}

#[get("/<id:integer>")]
fn unknown_filter(id: u32) {
    let _ = id;
}

#[get("/<id:itn>")]
fn misspelt_filter(id: u32) {
    let _ = id;
}

#[get("/<id:re:[a-z>")]
fn broken_expression(id: &str) {
    let _ = id;
}

#[get(r"/<id:re:\b[a-z]+>-<n>")]
fn expression_beside_others(id: &str, n: u32) {
    let _ = (id, n);
}

#[get("/<a><b>")]
fn nothing_between(a: &str, b: &str) {
    let _ = (a, b);
}

#[get("/x?<page:int>")]
fn filter_in_query(page: u32) {
    let _ = page;
}

#[get("")]
fn empty() {}

#[get("/a/<b>>")]
fn stray(b: &str) {
    let _ = b;
}

fn main() {
    let _ = routes![
        no_slash, not_closed, not_a_name, no_name, twice, unknown_filter, misspelt_filter, broken_expression,
        expression_beside_others, nothing_between, filter_in_query, empty, stray
    ];
}
