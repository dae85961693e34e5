//! JSON pointers (RFC 6901) from the paths that people read, such as `posts[2].title`.

use std::fmt;

/// The way to a value in a JSON document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(String),
}

/// Returns the way that a path names.
pub(crate) fn of(path: &str) -> Pointer {
    let mut pointer = Pointer::default();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, further) = first(rest);
        pointer.0.extend(step);
        rest = further;
    }
    pointer
}

/// Splits off the first step of a path; `None` where it has no name.
pub(super) fn first(path: &str) -> (Option<Step>, &str) {
    if let Some((index, rest)) = path.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (Some(Step::Index(index.to_owned())), rest);
    }
    let path = path.strip_prefix('.').unwrap_or(path);
    // A bracket that is never closed is part of the name.
    let end = path.char_indices().find(|(place, letter)| match letter {
        '.' => true,
        '[' => *place > 0 && path.get(*place..).is_some_and(|rest| rest.contains(']')),
        _ => false,
    });
    let (name, rest) = path.split_at(end.map_or(path.len(), |(place, _)| place));
    ((!name.is_empty()).then(|| Step::Key(name.to_owned())), rest)
}

impl Pointer {
    /// Adds the key of an object.
    pub(crate) fn below(mut self, key: &str) -> Pointer {
        self.0.push(Step::Key(key.to_owned()));
        self
    }

    #[cfg(feature = "garde")]
    pub(super) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Returns the path that people read.
    #[cfg(feature = "garde")]
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.0 {
            match step {
                Step::Index(index) => path.extend(["[", index, "]"]),
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.extend([".", key]),
            }
        }
        path
    }
}

/// The most bytes of a pointer in an answer.
const LONGEST: usize = 300;

impl Pointer {
    /// Returns the pointer as text; `None` for one that is longer than a client has use for. Cut, it would point elsewhere.
    pub(crate) fn told(&self) -> Option<String> {
        Some(self.to_string()).filter(|text| text.len() <= LONGEST)
    }
}

/// Writes the pointer.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            let (Step::Key(text) | Step::Index(text)) = step;
            write!(f, "/{}", text.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn paths_become_pointers() {
        for (path, pointer) in [
            ("", ""),
            (".", ""),
            ("title", "/title"),
            ("tags[2]", "/tags/2"),
            ("[0]", "/0"),
            ("[0][1].a", "/0/1/a"),
            ("posts[2].author.name", "/posts/2/author/name"),
            ("a/b~c", "/a~1b~0c"),
            ("a[b", "/a[b"),
            ("[", "/["),
            ("a]", "/a]"),
            ("a..b", "/a/b"),
            ("ü[10]", "/ü/10"),
            ("a.[0]", "/a/[0]"),
        ] {
            assert_eq!(of(path).to_string(), pointer, "{path}");
        }
    }
}
