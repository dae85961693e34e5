//! What templates have without a handler's doing.

use super::{functions, lists};
use crate::context::States;

/// What the app gives all templates. It is there in an app without templates, too: `App::files` gives a function. So nothing of it
/// leads to MiniJinja's environment but a pointer, which the first template sets, and a program without any does not carry it.
#[derive(Clone, Default)]
pub(super) struct Given {
    pub(super) lists: Vec<lists::Prepare>,
    pub(super) functions: Vec<functions::Prepare>,
    /// Tells the templates the names.
    pub(super) tell: Option<fn(&mut States, &Given)>,
}

impl Given {
    /// Forgets what had a name that is given again.
    pub(super) fn forget(&mut self, name: &str) {
        self.lists.retain(|(own, _)| *own != name);
        self.functions.retain(|(own, _)| *own != name);
    }
}
