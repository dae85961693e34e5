//! A page with a form, and a cookie that remembers what was filled in: what a browser is sent to.

use carafe::{App, Cookies, Html, Redirect, get, post, routes};

#[get("/")]
fn page(cookies: Cookies) -> Html<String> {
    // The cookie is this program's own, and holds letters.
    let name: String =
        cookies.get("name").unwrap_or("nobody").chars().filter(|char| char.is_alphabetic()).collect();
    Html(format!(
        "<!DOCTYPE html><title>Visits</title><p id=\"last\">Last: {name}</p>\
         <form method=\"post\" action=\"/visit\" enctype=\"multipart/form-data\">\
         <input name=\"name\"><input type=\"file\" name=\"picture\"><button>Send</button></form>\
         <form id=\"short\" method=\"post\" action=\"/visit\"><input name=\"name\"><button>Send</button></form>"
    ))
}

#[post("/visit")]
fn visit(name: String, cookies: Cookies) -> carafe::Result<Redirect> {
    cookies.set(("name", name))?;
    Ok(Redirect::to(page::url()))
}

fn main() -> carafe::Result {
    carafe::run(App::new().routes(routes![page, visit]))
}
