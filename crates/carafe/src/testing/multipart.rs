//! A multipart form of a test (RFC 7578).

const BOUNDARY: &str = "carafe-test-boundary-7f3a9c";

/// The parts so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Multipart(Vec<u8>);

impl Multipart {
    pub(super) fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    pub(super) fn field(&mut self, name: &str, value: &[u8]) {
        self.part(&format!("name=\"{}\"\r\n", quoted(name)), value);
    }

    pub(super) fn file(&mut self, name: &str, file_name: &str, content_type: &str, content: &[u8]) {
        let (name, file_name) = (quoted(name), quoted(file_name));
        let head = format!("name=\"{name}\"; filename=\"{file_name}\"\r\ncontent-type: {content_type}\r\n");
        self.part(&head, content);
    }

    fn part(&mut self, head: &str, content: &[u8]) {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {head}\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(content);
        self.0.extend_from_slice(b"\r\n");
    }

    pub(super) fn into_body(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }
}

/// Escapes what cannot stand in a quoted name, as browsers do.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
