use carafe::get;

struct Users;

impl Users {
    #[get("/users")]
    fn list() -> String {
        String::new()
    }
}

fn main() {
    let _ = Users::list();
}
