//! Every mistake of one attribute and one signature is reported in one go, and nothing else is.
use carafe::{get, routes};

#[get("/<id:itn>/<nmae>")]
#[get("users")]
fn many<T>(id: u32, name: T) -> ! {
    loop {}
}

#[get("/<first>/<second>")]
unsafe fn missing_both(frist: u32) -> String {
    frist.to_string()
}

fn main() {
    let _ = routes![many, missing_both];
}
