//! A comparison that does not tell by its time how much is right.

use std::hint::black_box;

/// Returns whether two texts are the same. How long that takes depends on the first, which is the guesser's own, and on
/// nothing else.
///
/// It is safe Rust without a crate: the difference of all bytes is collected, and `black_box` keeps the compiler from leaving
/// early. What an optimizer may do in the end is not promised by the language; crates such as `subtle` can promise no more.
pub(super) fn same(given: &str, expected: &str) -> bool {
    let (given, expected) = (given.as_bytes(), expected.as_bytes());
    // Of another length they differ, but are compared all the same: with themselves.
    let same_length = given.len() == expected.len();
    let other = if same_length { expected } else { given };
    let difference = given.iter().zip(other).fold(0, |sum, (one, two)| black_box(sum | (one ^ two)));
    black_box(difference == 0) & same_length
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn only_the_same_is_the_same() {
        let texts =
            ["", "a", "b", "ab", "ca", "aa", "secret", "secreT", "Secret", "secret ", "s\u{e9}cret", "\0"];
        for one in texts {
            for other in texts {
                assert_eq!(same(one, other), one == other, "{one:?} {other:?}");
            }
        }
    }
}
