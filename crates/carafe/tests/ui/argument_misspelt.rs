use carafe::{get, routes};

#[get("/items/<id>/<name>")]
fn item(idd: u32, name: &str) -> String {
    format!("{idd}{name}")
}

fn main() {
    let _ = routes![item];
    let _ = item(1, "one");
}
