use carafe::{catch, catchers};

struct Opaque;

#[catch]
fn nothing() {}

#[catch(200)]
fn fine() {}

#[catch(4004)]
fn too_long() {}

#[catch(defualt)]
fn misspelt() {}

#[catch("404")]
fn quoted() {}

#[catch(404)]
fn of_types<T>() {}

#[catch(405)]
struct NotAFunction;

fn main() {
    let _ = catchers![nothing, fine, too_long, misspelt, quoted, of_types];
}
