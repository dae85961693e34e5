use carafe::{catch, catchers, post, routes};

#[post("/on", csrf = on)]
fn on() {}

#[post("/bare", csrf)]
fn bare() {}

#[post("/text", csrf = "off")]
fn text() {}

#[post("/twice", csrf = off, csrf = off)]
fn twice() {}

#[post("/misspelt", crsf = off)]
fn misspelt() {}

#[post("/both", crate = carafe, csrf = off,)]
fn both() {}

#[post("/other", csrf = off, crate = carafe)]
fn other() {}

#[catch(404, csrf = off)]
fn lost() {}

#[carafe::get("/get", csrf = off)]
fn read() {}

#[carafe::head("/head", csrf = off)]
fn head() {}

#[carafe::options("/options", csrf = off)]
fn options() {}

#[carafe::route(GET, OPTIONS, "/safe", csrf = off)]
fn safe() {}

#[carafe::route(GET, POST, "/mixed", csrf = off)]
fn mixed() {}

#[carafe::any("/any", csrf = off)]
fn any() {}

fn main() {
    let _ = routes![on, bare, text, twice, misspelt, both, other, read, head, options, safe, mixed, any];
    let _ = catchers![lost];
}
