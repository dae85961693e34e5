use carafe::{get, route, routes};

#[get("/a/<x>")]
#[route(POST, GET, "/a/<x>")]
fn twice(x: &str) -> String {
    x.to_owned()
}

fn main() {
    let _ = routes![twice];
}
