use carafe::{catch, catchers};

#[catch(404)]
fn one() {}

#[catch(404)]
fn two() {}

#[catch(default)]
fn three() {}

#[catch(default)]
fn four() {}

fn main() {
    let _ = catchers![one, two, three, four];
}
