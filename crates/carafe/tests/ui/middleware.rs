//! What only changes answers is no middleware.
use carafe::{App, SecurityHeaders};

fn main() {
    let _ = App::new().around(SecurityHeaders::new());
}
