//! The places that a look-up has found.

/// Places in the order: first those of routes without parameters, then those of routes with parameters. The first 16 of the
/// latter need no allocation.
#[derive(Debug, Default)]
pub(crate) struct Candidates<'i> {
    texts: &'i [usize],
    few: [usize; 16],
    len: usize,
    /// All places of routes with parameters, once there are more than 16.
    many: Vec<usize>,
}

impl<'i> Candidates<'i> {
    /// Sets the places of the routes without parameters, and returns them.
    pub(super) fn set_texts(&mut self, texts: &'i [usize]) -> &'i [usize] {
        self.texts = texts;
        texts
    }

    pub(super) fn push(&mut self, place: usize) {
        if self.many.is_empty() {
            if let Some(free) = self.few.get_mut(self.len) {
                *free = place;
                self.len += 1;
                return;
            }
            self.many.extend_from_slice(&self.few);
        }
        self.many.push(place);
    }

    /// Sorts the places of the routes with parameters, and returns them.
    pub(super) fn sort(&mut self) -> &[usize] {
        let pushed = if self.many.is_empty() { self.few.get_mut(..self.len) } else { Some(&mut *self.many) };
        let pushed = pushed.unwrap_or_default();
        pushed.sort_unstable();
        pushed
    }

    /// Returns all places, in order once they are sorted.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        let pushed = if self.many.is_empty() { self.few.get(..self.len) } else { Some(&*self.many) };
        self.texts.iter().chain(pushed.unwrap_or_default()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_few_and_many_candidates() {
        for count in 0..40 {
            let mut candidates = Candidates::default();
            candidates.set_texts(&[7]);
            (10..10 + count).rev().for_each(|place| candidates.push(place));
            assert_eq!(candidates.sort(), (10..10 + count).collect::<Vec<_>>());
            assert_eq!(candidates.iter().collect::<Vec<_>>(), [vec![7], (10..10 + count).collect()].concat());
        }
    }
}
