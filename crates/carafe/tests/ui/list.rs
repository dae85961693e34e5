use carafe::{catchers, get, routes};

fn plain() {}

#[get("/a")]
fn a() {}

fn main() {
    let _ = routes![plain];
    let _ = routes![missing];
    let _ = routes!["a"];
    let _ = routes![a()];
    let _ = catchers![a];
}
