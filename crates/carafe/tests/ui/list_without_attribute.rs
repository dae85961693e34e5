//! A function without an attribute in a list, here and in another module.
use carafe::{catchers, routes};

mod posts {
    pub(super) fn list() -> &'static str {
        "none"
    }
}

fn index() -> &'static str {
    "hi"
}

fn lost() -> &'static str {
    "lost"
}

fn main() {
    let _ = routes![index, posts::list];
    let _ = catchers![lost];
    let _ = (index(), posts::list(), lost());
}
