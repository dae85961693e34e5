//! One pattern against one path.

use std::collections::BTreeSet;

use regex_lite::Regex;

use crate::path::Path;
use crate::{Filter, Segment};

/// The values of a path's parameters: ranges of the raw path, or text of their own where something was decoded.
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
    /// The decoded value of the parameter at `index`; `raw_path` is the path that was looked up.
    #[must_use]
    pub fn get<'a>(&'a self, index: usize, raw_path: &'a str) -> Option<&'a str> {
        let value = self.few.get(index).or_else(|| self.more.get(index.checked_sub(self.few.len())?))?;
        match value {
            Value::Nothing => None,
            Value::Range(start, end) => raw_path.get(*start..*end),
            Value::Text(text) => Some(text),
        }
    }

    pub(crate) fn new(ranges: &[(usize, usize)], path: &Path<'_>) -> Captures {
        let mut captures = Captures::default();
        for (index, (start, end)) in ranges.iter().copied().enumerate() {
            let value = if path.is_raw() {
                Value::Range(start, end)
            } else {
                Value::Text(path.text.get(start..end).unwrap_or_default().into())
            };
            match captures.few.get_mut(index) {
                Some(place) => *place = value,
                None => captures.more.push(value),
            }
        }
        captures
    }
}

/// The first way to read the path as the pattern: each plain parameter as long as it can be, each `path` as short.
pub(crate) fn find(
    segments: &[Segment],
    expressions: &[Option<Regex>],
    path: &Path<'_>,
    ranges: &mut Vec<(usize, usize)>,
) -> bool {
    ranges.clear();
    let mut search = Search { segments, expressions, path, ranges, failed: BTreeSet::new() };
    search.from(0, 0)
}

struct Search<'s> {
    segments: &'s [Segment],
    expressions: &'s [Option<Regex>],
    path: &'s Path<'s>,
    ranges: &'s mut Vec<(usize, usize)>,
    /// Where it was tried in vain: without this a hostile path would be tried in every combination.
    failed: BTreeSet<(usize, usize)>,
}

impl Search<'_> {
    fn from(&mut self, segment: usize, at: usize) -> bool {
        match self.segments.get(segment) {
            None | Some(Segment::Query(_)) => at == self.path.text.len(),
            Some(Segment::Text(text)) => {
                let fits = self.path.text.get(at..).is_some_and(|rest| rest.starts_with(&**text))
                    && text
                        .bytes()
                        .enumerate()
                        .all(|(offset, byte)| byte != b'/' || self.path.is_slash(at + offset));
                fits && self.from(segment + 1, at + text.len())
            }
            Some(Segment::Param(param)) => {
                if self.failed.contains(&(segment, at)) {
                    return false;
                }
                let found = self.param(segment, at, &param.filter);
                if !found {
                    self.failed.insert((segment, at));
                }
                found
            }
        }
    }

    fn param(&mut self, segment: usize, at: usize, filter: &Filter) -> bool {
        let len = self.path.text.len();
        let limit = if filter.crosses() { len } else { self.path.segment_end(at) };
        let is_last = !matches!(self.segments.get(segment + 1), Some(Segment::Text(_) | Segment::Param(_)));
        if is_last {
            return limit == len && limit > at && self.take(segment, at, limit, filter);
        }
        if *filter == Filter::Path {
            (at + 1..=limit).any(|end| self.take(segment, at, end, filter))
        } else {
            (at + 1..=limit).rev().any(|end| self.take(segment, at, end, filter))
        }
    }

    fn take(&mut self, segment: usize, at: usize, end: usize, filter: &Filter) -> bool {
        let Some(value) = self.path.text.get(at..end) else { return false };
        // The text behind has to follow: cheaper to see than the filter.
        if let Some(Segment::Text(text)) = self.segments.get(segment + 1)
            && !self.path.text.get(end..).is_some_and(|rest| rest.starts_with(&**text))
        {
            return false;
        }
        if !filter.accepts(value) {
            return false;
        }
        let index = self.ranges.len();
        if let Filter::Re(_) = filter
            && !self
                .expressions
                .get(index)
                .is_some_and(|one| one.as_ref().is_some_and(|one| one.is_match(value)))
        {
            return false;
        }
        self.ranges.push((at, end));
        if self.from(segment + 1, end) {
            return true;
        }
        self.ranges.truncate(index);
        false
    }
}
