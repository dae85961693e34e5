//! How far values reach, and what need not be tried again: what keeps a hostile path from taking quadratic time.

use crate::Filter;
use crate::path::Path;

/// Where values may end.
pub(crate) struct Ends<'p> {
    path: &'p Path<'p>,
    segment: Run,
    digits: Run,
    digits_behind_dot: Run,
}

impl<'p> Ends<'p> {
    pub(crate) fn new(path: &'p Path<'p>) -> Ends<'p> {
        Ends { path, segment: Run::default(), digits: Run::default(), digits_behind_dot: Run::default() }
    }

    /// The first and the last place where a value may end that begins at `at`, an expression's say left out. All places
    /// between are right as well; if the first is behind the last, there is none.
    pub(crate) fn of(&mut self, filter: &Filter, at: usize) -> (usize, usize) {
        let bytes = self.path.text.as_bytes();
        let is_digit = |byte: &u8| byte.is_ascii_digit();
        let number = at + usize::from(bytes.get(at) == Some(&b'-'));
        match filter {
            Filter::Path | Filter::Re(_) => (at + 1, bytes.len()),
            // Where all slashes are real, to look for one is faster than to know them all.
            Filter::None if self.path.is_raw() => (at + 1, self.segment.end(bytes, at, |byte| *byte != b'/')),
            Filter::None => (at + 1, self.path.segment_end(at)),
            Filter::Int => (number + 1, self.digits.end(bytes, number, is_digit)),
            Filter::Float => {
                let whole = self.digits.end(bytes, number, is_digit);
                let has_dot = bytes.get(whole) == Some(&b'.');
                let last =
                    if has_dot { self.digits_behind_dot.end(bytes, whole + 1, is_digit) } else { whole };
                // One digit at least, behind the dot when there is none before it.
                (if whole == number { whole + 2 } else { number + 1 }, last)
            }
        }
    }
}

/// A stretch of bytes of one sort, as far as it was looked at.
struct Run {
    from: usize,
    end: usize,
}

impl Default for Run {
    fn default() -> Run {
        Run { from: usize::MAX, end: 0 }
    }
}

impl Run {
    /// Where the stretch ends that `at` is in; `at` itself if it is in none.
    fn end(&mut self, bytes: &[u8], at: usize, belongs: impl Fn(&u8) -> bool) -> usize {
        if at < self.from || at > self.end {
            let known = if at < self.from { self.from } else { usize::MAX };
            let unknown = bytes.get(at..known.min(bytes.len())).unwrap_or_default();
            let end = at + unknown.iter().take_while(|byte| belongs(byte)).count();
            // When it reaches what is known, that is where it goes on.
            *self = Run { from: at, end: if end == known { self.end } else { end } };
        }
        self.end
    }
}

/// For each parameter, a range of places behind which the rest does not fit, wherever the value begins. One range is
/// enough, because a parameter is tried from beginnings that move one way.
#[derive(Default)]
pub(crate) struct Dead {
    few: [Places; 4],
    more: Vec<Places>,
}

/// The first and the last, both in it; none when they are 0, where no value ends.
type Places = (usize, usize);

impl Dead {
    /// The first place from `end` on that may be alive; when none is, the one next to the range.
    pub(crate) fn skip(&self, index: usize, end: usize, forwards: bool) -> usize {
        let known = self.few.get(index).or_else(|| self.more.get(index.checked_sub(self.few.len())?));
        match known {
            Some((first, last)) if (first..=last).contains(&&end) && *first > 0 => {
                if forwards {
                    last + 1
                } else {
                    first - 1
                }
            }
            _ => end,
        }
    }

    /// Notes that all places from the first to the last were tried in vain.
    pub(crate) fn note(&mut self, index: usize, first: usize, last: usize) {
        let place = match index.checked_sub(self.few.len()) {
            None => self.few.get_mut(index),
            Some(index) => {
                if self.more.len() <= index {
                    self.more.resize(index + 1, Places::default());
                }
                self.more.get_mut(index)
            }
        };
        if let Some(known) = place {
            let touch = known.0 > 0 && first <= known.1 + 1 && known.0 <= last + 1;
            *known = if touch { (first.min(known.0), last.max(known.1)) } else { (first, last) };
        }
    }
}
