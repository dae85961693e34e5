use carafe::{State, get, routes};

struct Db;

#[get("/")]
fn index(db: &State<Db>) -> &'static str {
    let _ = db;
    "hi"
}

fn main() {
    let _ = routes![index];
}
