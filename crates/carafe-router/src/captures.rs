//! The values of a path's parameters.

use crate::path::Path;

/// The values of a path's parameters: ranges of the raw path, or decoded text if the path has escapes.
///
/// Up to four values of a path without escapes need no allocation.
///
/// ```
/// use carafe_router::{Found, Pattern, RouterBuilder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut builder = RouterBuilder::new();
/// builder.insert("GET", Pattern::parse("/<year:int>/<slug>")?, "post");
/// let router = builder.build()?;
///
/// let path = "/2026/caf%C3%A9";
/// let Found::Route { captures, .. } = router.find("GET", path, |_, _, _| true) else { panic!("no route") };
/// assert_eq!((captures.get(0, path), captures.get(1, path)), (Some("2026"), Some("café")));
/// assert_eq!(captures.get(2, path), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Captures {
    few: [Value; 4],
    more: Vec<Value>,
}

#[derive(Clone, Debug, Default)]
enum Value {
    #[default]
    Nothing,
    Range(usize, usize),
    Text(Box<str>),
}

impl Captures {
    /// Returns the decoded value of the parameter at `index`; `raw_path` has to be the path that was matched.
    #[must_use]
    pub fn get<'a>(&'a self, index: usize, raw_path: &'a str) -> Option<&'a str> {
        let value = self.few.get(index).or_else(|| self.more.get(index.checked_sub(self.few.len())?))?;
        match value {
            Value::Nothing => None,
            Value::Range(start, end) => raw_path.get(*start..*end),
            Value::Text(text) => Some(text),
        }
    }

    /// Sets the range of the decoded text that is the value of the parameter at `index`.
    // Called for each parameter, which is worth it.
    #[inline(always)]
    pub(crate) fn set(&mut self, index: usize, start: usize, end: usize) {
        if let Some(place) = self.few.get_mut(index) {
            *place = Value::Range(start, end);
            return;
        }
        let index = index - self.few.len();
        if self.more.len() <= index {
            self.more.resize(index + 1, Value::Nothing);
        }
        if let Some(place) = self.more.get_mut(index) {
            *place = Value::Range(start, end);
        }
    }

    /// Copies the values out of the decoded text, if that is not the raw path.
    pub(crate) fn finish(&mut self, path: &Path<'_>) {
        if path.is_raw() {
            return;
        }
        for value in self.few.iter_mut().chain(&mut self.more) {
            if let Value::Range(start, end) = *value {
                *value = Value::Text(path.text.get(start..end).unwrap_or_default().into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_only_what_was_decoded() {
        let finished = |raw: &str| {
            let mut captures = Captures::default();
            for index in 0..6 {
                captures.set(index, 1, 2);
            }
            captures.finish(&Path::decode(raw).unwrap());
            captures
        };
        let plain = finished("/ab");
        assert!(plain.few.iter().chain(&plain.more).all(|value| matches!(value, Value::Range(1, 2))));
        let decoded = finished("/%61b");
        assert!(decoded.few.iter().chain(&decoded.more).all(|value| matches!(value, Value::Text(_))));
        for (captures, raw) in [(plain, "/ab"), (decoded, "/%61b")] {
            assert_eq!(
                (captures.get(0, raw), captures.get(5, raw), captures.get(6, raw)),
                (Some("a"), Some("a"), None)
            );
        }
    }
}
