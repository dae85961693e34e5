use carafe::{catch, catchers};

struct Opaque;

#[catch(404)]
fn not_found(id: Opaque) -> String {
    let _ = id;
    String::new()
}

#[catch(500)]
fn broken() -> Opaque {
    Opaque
}

fn main() {
    let _ = catchers![not_found, broken];
}
