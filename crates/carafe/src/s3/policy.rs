//! The policy of a form, as JSON: what an upload has to be like. It is written byte by byte as botocore writes it, so that signatures
//! can be compared.

use std::fmt::Write;

/// The conditions of a policy, in their order.
pub(super) struct Policy(String);

impl Policy {
    /// Begins the policy of a form that is void at this time.
    pub(super) fn until(expiration: &str) -> Policy {
        Policy(format!(r#"{{"expiration": {}, "conditions": ["#, string(expiration)))
    }

    fn condition(mut self, condition: &str) -> Policy {
        if !self.0.ends_with('[') {
            self.0.push_str(", ");
        }
        self.0.push_str(condition);
        self
    }

    /// Requires a field to be this.
    pub(super) fn equals(self, field: &str, text: &str) -> Policy {
        self.condition(&format!("{{{}: {}}}", string(field), string(text)))
    }

    /// Requires a field to begin with this.
    pub(super) fn starts_with(self, field: &str, text: &str) -> Policy {
        self.condition(&format!(r#"["starts-with", {}, {}]"#, string(&format!("${field}")), string(text)))
    }

    /// Requires the file to have so many bytes.
    pub(super) fn length(self, least: usize, most: usize) -> Policy {
        self.condition(&format!(r#"["content-length-range", {least}, {most}]"#))
    }

    pub(super) fn into_json(mut self) -> String {
        self.0.push_str("]}");
        self.0
    }
}

/// Writes a string in ASCII.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok(character @ ('"' | '\\')) => out.extend(['\\', character]),
            Ok('\n') => out.push_str("\\n"),
            Ok('\r') => out.push_str("\\r"),
            Ok('\t') => out.push_str("\\t"),
            Ok('\u{8}') => out.push_str("\\b"),
            Ok('\u{c}') => out.push_str("\\f"),
            Ok(character @ ' '..='\u{7f}') => out.push(character),
            _ => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{Policy, string};

    #[test]
    fn strings_are_ascii_and_read_back() {
        for text in ["", "a b/$\u{7f}", "\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}", "größe €", "😀"] {
            let json = string(text);
            assert!(json.is_ascii());
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
        assert_eq!(string("é\u{1}😀"), r#""\u00e9\u0001\ud83d\ude00""#);
    }

    #[test]
    fn conditions_are_a_list() {
        let policy = Policy::until("2026-11-29T03:15:00Z").equals("key", "a\"b").length(1, 2);
        assert_eq!(
            policy.starts_with("Content-Type", "image/").into_json(),
            r#"{"expiration": "2026-11-29T03:15:00Z", "conditions": [{"key": "a\"b"}, ["content-length-range", 1, 2], ["starts-with", "$Content-Type", "image/"]]}"#
        );
    }
}
