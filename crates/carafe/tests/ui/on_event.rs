// What `App::on_event` does not take: data that serde cannot write or read, and an `Err` that is no error.
use carafe::App;

struct Report;

struct Lost;

fn report(_: serde_json::Value) -> Report {
    Report
}

fn of_report(_: serde_json::Value) -> carafe::Result<Report> {
    Ok(Report)
}

fn fails(_: serde_json::Value) -> Result<u8, Lost> {
    Err(Lost)
}

fn takes(_: Report) -> u8 {
    7
}

fn main() {
    let _ = App::new().on_event(report);
    let _ = App::new().on_event(of_report);
    let _ = App::new().on_event(fails);
    let _ = App::new().on_event(takes);
    let _ = App::new().on_event(async |_: serde_json::Value| Report);
}
