//! From the paths in files to arrows between modules.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::Path;

use crate::circle::Graph;
use crate::source::{Module, modules};
use crate::uses::Used;

/// A re-export of a re-export is followed so often.
const MOST_STEPS: usize = 8;

/// The modules of one crate.
#[derive(Clone, Debug)]
pub struct Crate {
    modules: BTreeMap<Vec<String>, Module>,
}

/// One module uses another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The path of the module that uses.
    pub from: Vec<String>,
    /// The path of the module that defines what is used.
    pub to: Vec<String>,
    /// Where: file and line.
    pub place: String,
    /// The path as it is written.
    pub written: String,
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from.join("::"), self.to.join("::"));
        write!(f, "{from} -> {to} (`{}`, {})", self.written, self.place)
    }
}

impl Crate {
    /// Reads the crate whose sources are in `src`.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or is not Rust.
    pub fn read(src: &Path) -> Result<Crate, Box<dyn Error>> {
        Ok(Crate::new(modules(src)?))
    }

    /// Makes a crate of its modules.
    #[must_use]
    pub fn new(modules: Vec<Module>) -> Crate {
        Crate { modules: modules.into_iter().map(|module| (module.path.clone(), module)).collect() }
    }

    /// Returns all modules.
    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.modules.values()
    }

    /// Returns the arrows from module to module. What a module hands on from a child (`pub use`) is none, since the two are
    /// one module for all others; and what the root of the crate uses neither: it is there to hand on.
    #[must_use]
    pub fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for module in self.modules.values().filter(|module| !module.path.is_empty()) {
            for used in &module.uses.used {
                let Some(to) = self.target(module, used, MOST_STEPS) else { continue };
                let is_handed_on = used.is_public && to.starts_with(&module.path);
                if to != module.path && !is_handed_on {
                    let place = format!("{}:{}", module.file.display(), used.line);
                    let written = used.path.join("::");
                    arrows.push(Arrow { from: module.path.clone(), to, place, written });
                }
            }
        }
        arrows
    }

    /// Returns the arrows between the rooms of the crate: its top-level modules.
    #[must_use]
    pub fn rooms(&self) -> Graph {
        self.graph(&[])
    }

    /// Returns, for the root and each module with modules of its own, the arrows between those and itself. An arrow from deep
    /// inside one to deep inside another is one between the two.
    #[must_use]
    pub fn graphs(&self) -> Vec<Graph> {
        let parents = self.modules.keys().filter(|path| self.modules.keys().any(|own| is_child(own, path)));
        parents.map(|path| self.graph(path)).collect()
    }

    fn graph(&self, parent: &[String]) -> Graph {
        let name = |path: &[String]| {
            path.starts_with(parent)
                .then(|| path.get(parent.len()).map_or("(itself)", String::as_str).to_owned())
        };
        let mut graph = Graph::default();
        for arrow in self.arrows() {
            if let (Some(from), Some(to)) = (name(&arrow.from), name(&arrow.to))
                && from != to
                && !(parent.is_empty() && to == "(itself)")
            {
                graph.add(&from, &to, arrow.to_string());
            }
        }
        graph
    }

    /// Returns what a module uses of this crate outside of its own room and is hidden from users of the crate: place and path.
    #[must_use]
    pub fn hidden(&self, module: &Module) -> Vec<(String, Vec<String>)> {
        let foreign = module.uses.used.iter().filter_map(|used| {
            let path = absolute(module, used)?;
            let is_own = !path.is_empty() && path.first() == module.path.first();
            (!is_own && !self.is_shown(&path))
                .then(|| (format!("{}:{}", module.file.display(), used.line), path))
        });
        foreign.collect()
    }

    /// Returns whether a user of the crate can write this path: its first name is shown by the root, and each name behind that of a
    /// module by the module.
    fn is_shown(&self, path: &[String]) -> bool {
        let shows = |module: &[String], name: &String| {
            self.modules.get(module).is_none_or(|module| module.uses.shown.contains(name))
        };
        let mut parts = path.iter().enumerate();
        !path.is_empty() && parts.all(|(place, name)| shows(path.get(..place).unwrap_or_default(), name))
    }

    /// Returns the module that defines what a path names; `None` where it is none of this crate's.
    fn target(&self, module: &Module, used: &Used, steps: usize) -> Option<Vec<String>> {
        let here: Vec<String> = module.path.iter().chain(&used.inside).cloned().collect();
        let first = used.path.first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (Vec::new(), used.path.get(1..)?),
            "self" => (here, used.path.get(1..)?),
            "super" => (here, used.path.as_slice()),
            _ if self.modules.contains_key(&join(&here, first)) => (here, used.path.as_slice()),
            _ => return None,
        };
        while let [first, after @ ..] = rest {
            if first == "super" {
                at.pop();
            } else if self.modules.contains_key(&join(&at, first)) {
                at.push(first.clone());
            } else {
                break;
            }
            rest = after;
        }
        // A module inside a file is that file's.
        while !self.modules.contains_key(&at) {
            at.pop()?;
        }
        let Some(item) = rest.first() else { return Some(at) };
        let owner = self.modules.get(&at)?;
        let handed_on = |used: &&Used| {
            used.inside.is_empty()
                && used.name.as_ref() == Some(item)
                && used.path.last().is_some_and(|last| last != "*")
        };
        match owner.uses.used.iter().find(handed_on) {
            Some(next) if steps > 0 => self.target(owner, next, steps - 1),
            _ => Some(at),
        }
    }
}

/// Returns a path from the root of the crate; `None` where it leads out of the crate, or to what is in the same file.
fn absolute(module: &Module, used: &Used) -> Option<Vec<String>> {
    let mut at: Vec<String> = module.path.iter().chain(&used.inside).cloned().collect();
    let mut rest = used.path.as_slice();
    match rest.first()?.as_str() {
        "crate" => (at, rest) = (Vec::new(), rest.get(1..)?),
        "self" => rest = rest.get(1..)?,
        "super" => {}
        _ => return None,
    }
    while let [first, after @ ..] = rest
        && first == "super"
    {
        at.pop();
        rest = after;
    }
    at.extend(rest.iter().cloned());
    Some(at)
}

fn join(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

fn is_child(path: &[String], parent: &[String]) -> bool {
    path.len() == parent.len() + 1 && path.starts_with(parent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::circle::circle;
    use crate::uses::Uses;

    fn of(files: &[(&str, &str)]) -> Crate {
        let module = |(path, text): &(&str, &str)| Module {
            path: path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            file: format!("{path}.rs").into(),
            uses: Uses::parse(text).unwrap(),
        };
        Crate::new(files.iter().map(module).collect())
    }

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        of(files)
            .arrows()
            .iter()
            .map(|arrow| format!("{} {}", arrow.from.join("::"), arrow.to.join("::")))
            .collect()
    }

    #[test]
    fn paths_lead_to_what_defines_the_name() {
        let files = [
            ("", "mod a; mod b; pub use a::Deep; pub use std::fmt;"),
            ("a", "mod inner; mod other; pub use inner::Deep; use crate::b::B;"),
            ("a::inner", "use super::{B, Own, other::Other}; use crate::fmt::Display;"),
            ("a::other", "mod small { use super::super::inner::Deep; }"),
            ("b", "fn f() { crate::Deep::new(); unknown::g(); }"),
        ];
        assert_eq!(
            arrows(&files),
            ["a b", "a::inner b", "a::inner a", "a::inner a::other", "a::other a::inner", "b a::inner"]
        );
    }

    #[test]
    fn what_the_root_does_not_show_is_hidden() {
        let crate_ = of(&[
            ("", "mod a; mod b; pub mod c; pub use a::A; pub use std::fmt;"),
            (
                "b",
                "use crate::{A, a::Hidden}; use crate::a::A as B; use crate::c::{Seen, Unseen, deep::D}; use super::Own;
                 use crate::fmt::Display; use std::io; mod small { use super::In; use super::super::a::Deep; } use crate::b::In2;",
            ),
            ("a", ""),
            ("c", "pub use x::Seen; pub(crate) use x::Unseen; mod deep;"),
            ("c::deep", ""),
        ]);
        let module = crate_.modules().find(|module| module.path == ["b"]).unwrap();
        let hidden: Vec<String> =
            crate_.hidden(module).into_iter().map(|(_, path)| path.join("::")).collect();
        assert_eq!(hidden, ["a::Hidden", "a::A", "c::Unseen", "c::deep::D", "Own", "a::Deep"]);
    }

    #[test]
    fn children_that_are_used_in_code_count() {
        let files = [("a", "mod b; pub use b::B; fn f() { b::g() }"), ("a::b", "use super::A;"), ("", "")];
        assert_eq!(arrows(&files), ["a a::b", "a::b a"]);
        let told = circle(&of(&files).graphs()[1]).unwrap();
        assert!(
            told.contains("a -> a::b (`b::g`, a.rs:1)") && told.contains("a::b -> a (`super::A`"),
            "{told}"
        );
    }

    #[test]
    fn circles_between_rooms_are_found_through_files_deep_inside() {
        let mut files = vec![
            ("", "pub use c::C;"),
            ("a::deep", "use crate::b::B;"),
            ("a", ""),
            ("b", "use crate::C;"),
            ("c", ""),
        ];
        assert_eq!(circle(&of(&files).rooms()), None);
        files[4] = ("c", "fn f() { crate::a::deep::g() }");
        let told = circle(&of(&files).rooms()).unwrap();
        assert_eq!(told.lines().count(), 3, "{told}");
        assert!(told.contains("c -> a::deep (`crate::a::deep::g`, c.rs:1)"), "{told}");
    }
}
