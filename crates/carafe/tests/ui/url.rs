use carafe::{get, routes};

#[derive(serde::Deserialize)]
struct NoDisplay;

#[get("/x/<n>")]
fn number(n: u32) -> String {
    n.to_string()
}

#[get("/y/<thing>")]
fn silent(thing: NoDisplay) {
    let _ = thing;
}

fn main() {
    let _ = routes![number, silent];
    number::url("seven");
    number::url();
    silent::url(NoDisplay);
}
