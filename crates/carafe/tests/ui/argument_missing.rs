use carafe::{get, routes};

#[get("/hello/<name>")]
fn hello() -> &'static str {
    "hi"
}

fn main() {
    let _ = routes![hello];
    let _ = hello();
}
