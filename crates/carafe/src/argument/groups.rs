//! The fields of a query or form, each name once, and behind them those that did not come.

use std::ffi::OsStr;

use super::field::Field;
use super::holder::Holder;
use super::mismatch::VARIABLE;
use crate::request::{Pair, Part};

/// The place that a struct's fields come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Query,
    Form,
    Environment,
}

impl Source {
    pub(super) fn place(self) -> &'static str {
        match self {
            Source::Query => "query parameter",
            Source::Form => "form field",
            Source::Environment => VARIABLE,
        }
    }

    fn holder(self) -> Holder {
        match self {
            Source::Query => Holder::QueryField,
            Source::Form => Holder::FormField,
            Source::Environment => Holder::Variable,
        }
    }
}

/// The fields, as an iterator. It is one type whatever they come from, so that the code that reads a user's struct is
/// compiled once.
#[derive(Clone, Copy)]
pub(crate) struct Groups<'a, 'r> {
    values: Values<'r>,
    source: Source,
    absent: &'a [&'static str],
}

/// Values in the order of their names: each name's own are side by side, so that ten thousand parameters are not looked
/// through ten thousand times.
#[derive(Clone, Copy)]
enum Values<'r> {
    Pairs(&'r [Pair]),
    Parts(&'r [Part]),
    Variables(&'r [Setting]),
}

/// The value of a variable, under the name of the field that it is for.
pub(crate) struct Setting {
    pub(crate) name: String,
    text: String,
    is_text: bool,
    /// The text as a list.
    each: Vec<Pair>,
}

impl Setting {
    pub(crate) fn new(name: String, value: &OsStr) -> Setting {
        let text = value.to_string_lossy().into_owned();
        let each = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
        let pair = |piece: &str| Pair::new(&name, piece, true);
        Setting { each: each.map(pair).collect(), is_text: value.to_str().is_some(), text, name }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

impl<'r> Groups<'static, 'r> {
    /// The fields of pairs that stand in the order of their names.
    pub(crate) fn of_pairs(source: Source, pairs: &'r [Pair]) -> Self {
        Groups { values: Values::Pairs(pairs), source, absent: &[] }
    }

    /// The fields of a multipart form whose parts stand in the order of their names.
    pub(crate) fn of_parts(parts: &'r [Part]) -> Self {
        Groups { values: Values::Parts(parts), source: Source::Form, absent: &[] }
    }

    /// The fields of variables that stand in the order of their names.
    pub(crate) fn of_settings(settings: &'r [Setting]) -> Self {
        Groups { values: Values::Variables(settings), source: Source::Environment, absent: &[] }
    }
}

impl<'r> Groups<'_, 'r> {
    /// Adds fields that did not come.
    pub(super) fn with<'a>(self, absent: &'a [&'static str]) -> Groups<'a, 'r> {
        Groups { values: self.values, source: self.source, absent }
    }

    /// Where the fields come from.
    pub(super) fn source(&self) -> Source {
        self.source
    }

    fn next_group(&mut self) -> Option<Field<'r>> {
        match &mut self.values {
            Values::Pairs(pairs) => {
                let name = pairs.first()?.name();
                let group = split(pairs, |pair| pair.name() == name);
                Some(Field::of_own(name, group))
            }
            Values::Variables(settings) => {
                let (Setting { name, text, is_text, each }, rest) = settings.split_first()?;
                *settings = rest;
                Some(Field::variable(name, Some(text), each, *is_text))
            }
            Values::Parts(parts) => {
                let name = parts.first()?.name();
                let group = split(parts, |part| part.name() == name);
                Some(Field::parts(name, group).with_files(true))
            }
        }
    }
}

impl<'r> Iterator for Groups<'_, 'r> {
    type Item = Field<'r>;

    fn next(&mut self) -> Option<Field<'r>> {
        let field = self.next_group().or_else(|| {
            let (name, rest) = self.absent.split_first()?;
            self.absent = rest;
            Some(match self.source {
                Source::Environment => Field::variable(name, None, &[], true),
                Source::Query | Source::Form => Field::one(name, None),
            })
        })?;
        Some(field.held_by(self.source.holder()))
    }
}

/// Takes off the values at the start that belong together.
fn split<'r, T>(values: &mut &'r [T], belongs: impl Fn(&T) -> bool) -> &'r [T] {
    let length = values.iter().position(|value| !belongs(value)).unwrap_or(values.len());
    let (group, rest) = values.split_at(length);
    *values = rest;
    group
}
