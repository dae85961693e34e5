//! A trait object that does not say that threads can share it.
use carafe::{State, get, routes};

trait Store {
    fn title(&self) -> String;
}

#[get("/")]
fn index(store: State<dyn Store>) -> String {
    store.title()
}

fn main() {
    let _ = routes![index];
}
