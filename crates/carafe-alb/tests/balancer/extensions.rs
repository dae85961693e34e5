//! Internal extensions: they register, wait, and keep a copy from being frozen as long as they do not.

use super::local::{Local, Work, is_frozen, until};
use super::puppet;

#[test]
fn a_copy_is_frozen_when_its_extensions_wait_as_well() {
    let gate = Work::new("extension");
    let environment = [("PUPPET", "extension"), ("PUPPET_FILE", &*gate.path())];
    let local = Local::of(&["--max-concurrency", "1"], &puppet::command(), &environment);
    let function: u32 = local.get("/pid").text().parse().expect("a number");
    assert_eq!(local.get("/pid").text(), function.to_string());
    // It has asked for its next event by now, or is about to.
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!is_frozen(function), "its extension is at work");
    gate.begin();
    until("it is frozen", || is_frozen(function));
    assert_eq!(local.get("/pid").text(), function.to_string());
    until("it is frozen again", || is_frozen(function));
}

#[test]
fn what_lambda_refuses() {
    let local = Local::with(&["--max-concurrency", "1"]);
    let ask = |target: &str, headers: &str| {
        let length = headers.len();
        let request = format!(
            "POST {target} HTTP/1.1\r\nhost: local\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n\r\n{headers}"
        );
        local.raw(request).text().to_owned()
    };
    let late = ask("/register", "lambda-extension-name: x\r\n");
    assert!(late.starts_with("HTTP/1.1 403") && late.contains("Extension.RegistrationClosed"), "{late}");
    let nobody = ask("/wait", "lambda-extension-identifier: x\r\n");
    assert!(nobody.starts_with("HTTP/1.1 403"), "{nobody}");
    assert!(nobody.contains("Extension.UnknownExtensionIdentifier"), "{nobody}");
    let missing = ask("/wait", "x: y\r\n");
    assert!(missing.contains("Extension.MissingHeader"), "{missing}");
}
