use carafe::{get, routes};

struct Money(u64);

#[get("/pay/<amount>?<tip>")]
async fn pay(amount: Money, tip: Money) -> String {
    (amount.0 + tip.0).to_string()
}

fn main() {
    let _ = routes![pay];
}
