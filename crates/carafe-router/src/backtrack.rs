//! Where values can end, and which ends were tried before: this keeps a hostile path from taking quadratic time.

use crate::filter::Filter;
use crate::path::Path;
use crate::work;

/// Where values can end.
pub(crate) struct Spans<'p> {
    path: &'p Path<'p>,
    segment: Run,
    digits: Run,
    digits_behind_dot: Run,
}

impl<'p> Spans<'p> {
    pub(crate) fn new(path: &'p Path<'p>) -> Spans<'p> {
        Spans { path, segment: Run::default(), digits: Run::default(), digits_behind_dot: Run::default() }
    }

    /// Returns the first and the last place where a value that begins at `at` can end, regular expressions left out. All
    /// places between are possible as well; if the first is behind the last, there is none.
    pub(crate) fn of(&mut self, filter: &Filter, at: usize) -> (usize, usize) {
        let bytes = self.path.text.as_bytes();
        let is_digit = |byte: &u8| byte.is_ascii_digit();
        let number = at + usize::from(bytes.get(at) == Some(&b'-'));
        match filter {
            Filter::Path | Filter::Re(_) => (at + 1, bytes.len()),
            Filter::None => (at + 1, self.segment.end(self.path.separators(), at, |byte| *byte != b'/')),
            Filter::Int => (number + 1, self.digits.end(bytes, number, is_digit)),
            Filter::Float => {
                let whole = self.digits.end(bytes, number, is_digit);
                let has_dot = bytes.get(whole) == Some(&b'.');
                let last =
                    if has_dot { self.digits_behind_dot.end(bytes, whole + 1, is_digit) } else { whole };
                // At least one digit, behind the dot if there is none before it.
                (if whole == number { whole + 2 } else { number + 1 }, last)
            }
        }
    }
}

/// A stretch of bytes of one kind, as far as it is known.
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
    /// Returns the end of the stretch that `at` is in; `at` itself if it is in none.
    fn end(&mut self, bytes: &[u8], at: usize, belongs: impl Fn(&u8) -> bool) -> usize {
        if at < self.from || at > self.end {
            let known = if at < self.from { self.from } else { usize::MAX };
            let unknown = bytes.get(at..known.min(bytes.len())).unwrap_or_default();
            let end = at + unknown.iter().take_while(|byte| belongs(byte)).count();
            work::add(end - at);
            // Where it reaches the known stretch, both are one.
            *self = Run { from: at, end: if end == known { self.end } else { end } };
        }
        self.end
    }
}

/// For each parameter, a range of ends behind which the rest does not match, wherever the value begins. One range is
/// enough, because the beginnings from which a parameter is tried move in one direction.
#[derive(Default)]
pub(crate) struct Memo {
    few: [Places; 4],
    more: Vec<Places>,
}

/// The first and the last place of a range, both included; `(0, 0)` is no range, because no value ends at 0.
type Places = (usize, usize);

impl Memo {
    /// Returns `end`, or the place next to the range if `end` is in it.
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

    /// Adds a range of places where the rest does not match.
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

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn places_that_are_known_are_skipped_in_both_directions() {
        for index in [0, 3, 4, 7] {
            let mut memo = Memo::default();
            assert_eq!((memo.skip(index, 0, true), memo.skip(index, 4, false)), (0, 4));
            memo.note(index, 3, 5);
            for (end, forwards, backwards) in [(2, 2, 2), (3, 6, 2), (4, 6, 2), (5, 6, 2), (6, 6, 6)] {
                assert_eq!(memo.skip(index, end, true), forwards, "{index} {end}");
                assert_eq!(memo.skip(index, end, false), backwards, "{index} {end}");
            }
            assert_eq!(memo.skip(index + 1, 4, true), 4, "{index}");
        }
    }

    #[test]
    fn ranges_that_touch_become_one_and_of_others_the_last_counts() {
        for (ranges, known) in [
            (&[(1, 2)][..], (1, 2)),
            (&[(3, 5), (6, 8)], (3, 8)),
            (&[(3, 5), (4, 4)], (3, 5)),
            (&[(6, 8), (3, 5)], (3, 8)),
            (&[(6, 8), (4, 9)], (4, 9)),
            (&[(3, 5), (7, 8)], (7, 8)),
            (&[(7, 8), (3, 5)], (3, 5)),
        ] {
            let mut memo = Memo::default();
            for (first, last) in ranges {
                memo.note(0, *first, *last);
            }
            let (first, last) = known;
            assert_eq!(
                (memo.skip(0, first, true), memo.skip(0, last, false)),
                (last + 1, first - 1),
                "{ranges:?}"
            );
            assert_eq!((memo.skip(0, last + 1, false), memo.skip(0, first - 1, true)), (last + 1, first - 1));
        }
    }
}
