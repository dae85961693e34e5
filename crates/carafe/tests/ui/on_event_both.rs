// An error that is data as well leaves two ways; `carafe::Result` has one.
use carafe::App;

#[derive(Debug, serde::Serialize)]
struct Both;

impl std::fmt::Display for Both {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("both")
    }
}

impl std::error::Error for Both {}

fn fails(_: serde_json::Value) -> Result<u8, Both> {
    Err(Both)
}

fn converts(event: serde_json::Value) -> carafe::Result<u8> {
    Ok(fails(event)?)
}

fn main() {
    let _ = App::new().on_event(converts);
    let _ = App::new().on_event(fails);
}
