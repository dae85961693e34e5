use carafe::{get, route, routes};

#[get("/users/<id>")]
fn by_id(id: &str) -> String {
    id.to_owned()
}

#[get("/users/<name>")]
fn by_name(name: String) -> String {
    name
}

#[get("/users/<id>")]
fn by_number(id: u32) -> String {
    id.to_string()
}

#[route(POST, GET, "/users/<number>")]
fn by_other_number(number: u64) -> String {
    number.to_string()
}

fn main() {
    let _ = routes![by_id, by_number, by_name, by_other_number];
}
