use carafe::{get, routes};

#[get("/a")]
fn of_types<T: Default + serde::Serialize>() -> T {
    T::default()
}

#[get("/b")]
fn of_constants<const N: usize>() -> String {
    N.to_string()
}

#[get("/c/<x>")]
fn of_opaque(x: impl std::fmt::Display) -> String {
    x.to_string()
}

#[get("/d")]
fn never() -> ! {
    loop {}
}

#[get("/e")]
unsafe fn dangerous() {}

#[get("/f")]
struct NotAFunction;

#[get("/g")]
const NUMBER: u32 = 1;

fn main() {
    let _ = routes![of_types, of_constants, of_opaque, never, dangerous];
}
