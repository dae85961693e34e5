//! Routes that pages of other origins may call and others that they may not, a long page and one with a password: what
//! browsers and curl are sent to. `ORIGIN` is the origin that may call.

use std::sync::Mutex;

use carafe::http::HeaderValue;
use carafe::http::header::HeaderName;
use carafe::{
    App, Basic, Cookies, Cors, Gzip, Headers, RequestId, SecurityHeaders, State, get, post, routes,
};

/// What was ordered.
#[derive(Default)]
struct Orders(Mutex<Vec<String>>);

#[get("/")]
fn page() -> &'static str {
    "<!DOCTYPE html><title>Sites</title><p>A page"
}

#[get("/long")]
fn long() -> String {
    "<p>All work and no play makes Jack a dull boy. Größe\n".repeat(1000)
}

#[get("/who")]
fn who(login: Basic) -> String {
    format!("Hello {}", login.user())
}

#[get("/prices")]
fn prices() -> Vec<u32> {
    vec![3, 5]
}

#[get("/visit")]
fn visit(cookies: Cookies) -> carafe::Result<String> {
    cookies.set(("visitor", "ann"))?;
    Ok("visited".to_owned())
}

#[get("/orders")]
fn list(cookies: Cookies, orders: State<Orders>) -> (Headers, String) {
    let orders = orders.0.lock().map(|orders| orders.join(" ")).unwrap_or_default();
    let mut headers = Headers::new();
    headers.insert("x-total", HeaderValue::from_static("7"));
    headers.insert("x-hidden", HeaderValue::from_static("7"));
    (headers, format!("{} {orders}", cookies.get("visitor").unwrap_or("nobody")))
}

#[post("/orders")]
fn order(body: carafe::Bytes, orders: State<Orders>) -> String {
    let text = String::from_utf8_lossy(&body).into_owned();
    if let Ok(mut orders) = orders.0.lock() {
        orders.push(text.clone());
    }
    text
}

fn main() -> carafe::Result {
    let origin = std::env::var("ORIGIN").unwrap_or_else(|_| "https://nobody.example".to_owned());
    let named = Cors::origins([origin.as_str()]).credentials().expose([HeaderName::from_static("x-total")]);
    let app = App::new()
        .state(Orders::default())
        .after(Gzip)
        .after(RequestId)
        .after(SecurityHeaders::new())
        .routes(routes![page, long, visit])
        .mount("/staff", routes![who].around(Basic::users([("zoë", "sésame")])))
        .mount("/any", routes![prices].around(Cors::any()))
        .mount("/named", routes![list, order].around(named))
        .mount("/closed", routes![prices, order]);
    carafe::run(app)
}
