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

fn main() {
    let _ = routes![on, bare, text, twice, misspelt, both, other];
    let _ = catchers![lost];
}
