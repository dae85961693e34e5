use carafe::{Json, get, post, route, routes};

struct Opaque;

#[get("/x")]
fn on_get(page: Option<u32>, thing: Opaque) -> String {
    let _ = (page, thing);
    String::new()
}

#[post("/x")]
async fn on_post(thing: Option<Opaque>, _: Opaque) -> String {
    let _ = thing;
    String::new()
}

#[post("/y")]
fn as_json(thing: Json<Opaque>) -> String {
    let _ = thing;
    String::new()
}

#[post("/z")]
fn as_body(thing: Opaque) -> String {
    let _ = thing;
    String::new()
}

#[route(GET, PUT, "/z")]
fn on_both(thing: Opaque) -> String {
    let _ = thing;
    String::new()
}

fn main() {
    let _ = routes![on_get, on_post, as_json, as_body, on_both];
}
