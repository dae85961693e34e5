use carafe::{get, routes};

#[get("/rc")]
async fn rc() -> String {
    let one = std::rc::Rc::new(1);
    std::future::ready(()).await;
    one.to_string()
}

fn main() {
    let _ = routes![rc];
}
