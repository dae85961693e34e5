//! Guesses at the types of values that serde buffers before it knows them.
//!
//! A form is text, and a buffered text is refused where a number is wanted. Each refusal says which text was wanted as
//! what; from it one field learns to be handed out as the number, switch or list that it looks like. The struct is then
//! read once more, until nothing more is to be learned.

use std::collections::BTreeSet;

use super::deserialize;
use super::field::{Field, List, Looks};
use super::groups::Groups;
use super::handover;
use super::mismatch::Hint;

/// The most guesses at one struct. Each costs one more reading.
const MOST: usize = 64;

/// The most fields whose files are hidden one after the other. Each costs one more reading.
const MOST_HIDDEN_ONE_BY_ONE: usize = 8;

/// What was learned about fields.
#[derive(Default)]
pub(super) struct Guesses {
    /// In the order of their names.
    fields: Vec<(String, Guess)>,
    /// The field that was last handed out as a list.
    last_list: Option<String>,
    count: usize,
    /// The fields whose files nobody wants.
    without_files: BTreeSet<String>,
}

/// The guess at one field.
#[derive(Clone, Copy, Default)]
struct Guess {
    list: List,
    kind: Kind,
    /// Set where an empty text is handed out as nothing.
    is_left_out: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// Text, until something else is wanted.
    #[default]
    Unknown,
    /// A number, as it looks.
    Typed,
    /// A switch, in whatever word.
    Switch,
    /// Text, because it did not fit as what it looks like.
    Text,
}

impl Guesses {
    fn of(&self, name: &str) -> Guess {
        self.place(name)
            .ok()
            .and_then(|place| self.fields.get(place))
            .map(|(_, guess)| *guess)
            .unwrap_or_default()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.fields.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }

    fn set(&mut self, name: &str, change: impl FnOnce(&mut Guess)) {
        let place = self.place(name).unwrap_or_else(|place| {
            self.fields.insert(place, (name.to_owned(), Guess::default()));
            place
        });
        if let Some((_, guess)) = self.fields.get_mut(place) {
            change(guess);
        }
    }

    /// Returns a field as it is to be handed out. `buffers` says that serde does not know the types.
    pub(super) fn applied_to<'r>(&self, field: Field<'r>, buffers: bool) -> Field<'r> {
        let field = if self.hides_files_of(field) { field.with_files(false) } else { field };
        let guess = self.of(field.name());
        if guess.is_left_out {
            return Field::one(field.name(), None);
        }
        // Of a field that did not come, a checkbox is the only one that can be buffered.
        let is_absent = buffers && field.last().is_none() && !field.hands_files();
        let looks = match guess.kind {
            _ if is_absent => Looks::Switch,
            Kind::Switch => Looks::Switch,
            Kind::Typed => Looks::Number,
            Kind::Unknown | Kind::Text => Looks::Text,
        };
        // A buffered list does not say later whose it was, so that only a wanted one is handed out.
        let list = if buffers && guess.list == List::Unknown { List::No } else { guess.list };
        field.guessed(looks, list)
    }

    fn hides_files_of(&self, field: Field<'_>) -> bool {
        !self.without_files.is_empty() && self.without_files.contains(field.name())
    }

    /// Returns whether the field is one of files that nobody wants.
    pub(super) fn passes_over(&self, field: Field<'_>) -> bool {
        self.hides_files_of(field) && field.is_only_files()
    }

    /// Hides the files of the field that could not be read, or all that no type has taken; `false` where none is left. A map
    /// of texts, or an `Option` of one, has no use for files that came with them.
    pub(super) fn hide_files(&mut self, current: Option<Field<'_>>, fields: Groups<'_, '_>) -> bool {
        let before = self.without_files.len();
        if before < MOST_HIDDEN_ONE_BY_ONE
            && let Some(field) = current.filter(|field| field.hands_files())
        {
            self.without_files.insert(field.name().to_owned());
        } else {
            let unwanted =
                fields.filter(|field| field.hands_files() && !field.files().any(handover::is_taken));
            self.without_files.extend(unwanted.map(|field| field.name().to_owned()));
        }
        self.without_files.len() > before
    }

    /// Leaves an empty field out; `false` where it is already.
    pub(super) fn leave_out(&mut self, field: Field<'_>) -> bool {
        let before = self.of(field.name()).is_left_out;
        self.set(field.name(), |guess| guess.is_left_out = true);
        !before
    }

    /// Hands out the last of several values from now on, where they were a list; `false` where it is so already.
    pub(super) fn take_last(&mut self, field: Field<'_>) -> bool {
        let was_list = self.of(field.name()).list == List::Unknown && field.has_several();
        if was_list {
            self.set(field.name(), |guess| guess.list = List::No);
        }
        was_list
    }

    /// Draws a conclusion from the first refusal that allows one; `false` where none does.
    pub(super) fn learn(&mut self, hints: &[Hint], fields: Groups<'_, '_>) -> bool {
        self.count += usize::from(!hints.is_empty());
        self.count <= MOST && hints.iter().any(|hint| self.learn_one(hint, fields))
    }

    fn learn_one(&mut self, hint: &Hint, mut fields: Groups<'_, '_>) -> bool {
        let learned = match hint {
            Hint::List(text) => {
                let found =
                    fields.find(|field| has(*field, text) && self.of(field.name()).list == List::Unknown);
                if let Some(field) = found {
                    self.last_list = Some(field.name().to_owned());
                }
                found.map(|field| self.set(field.name(), |guess| guess.list = List::Yes))
            }
            // It was another field that is wanted as a list.
            Hint::NotList => self.last_list.take().map(|name| self.set(&name, |guess| guess.list = List::No)),
            Hint::Text(text) if looks_typed(text) => fields
                .find(|field| has(*field, text) && self.of(field.name()).kind == Kind::Unknown)
                .map(|field| self.set(field.name(), |guess| guess.kind = Kind::Typed)),
            Hint::Text(_) => None,
            Hint::Switch(text) => fields
                .find(|field| has(*field, text) && self.of(field.name()).kind == Kind::Unknown)
                .map(|field| self.set(field.name(), |guess| guess.kind = Kind::Switch)),
            Hint::Typed(text) => fields
                .find(|field| {
                    matches!(self.of(field.name()).kind, Kind::Typed | Kind::Switch)
                        && has_typed(*field, text)
                })
                .map(|field| self.set(field.name(), |guess| guess.kind = Kind::Text)),
        };
        learned.is_some()
    }
}

/// Returns whether a text is among a field's values.
pub(super) fn has(field: Field<'_>, text: &str) -> bool {
    field.all().any(|value| value == text)
}

/// Returns whether a number or switch, as serde prints it, is among a field's values.
fn has_typed(field: Field<'_>, printed: &str) -> bool {
    let number = printed.parse::<f64>().ok();
    field.all().any(|value| match (number, value.parse::<f64>().ok()) {
        (Some(one), Some(other)) => one == other || one.is_nan() && other.is_nan(),
        (None, _) => deserialize::switch(value).is_some_and(|switch| switch.to_string() == printed),
        (Some(_), None) => false,
    })
}

/// Returns whether a text can be a number.
fn looks_typed(text: &str) -> bool {
    text.parse::<i128>().is_ok() || text.parse::<f64>().is_ok()
}
