//! Characters that do something else than show up.

/// Whether a character could steer a terminal, break a line, or hide or reorder what stands around it: control
/// characters, line and paragraph separators, and the format characters of Unicode (direction marks, joiners, tags).
pub(super) fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::is_unsafe;

    const UNSAFE: &str = "\0\t\n\u{1b}\u{7f}\u{85}\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\
        \u{2066}\u{2069}\u{feff}\u{e0041}";

    #[test]
    fn characters() {
        for char in UNSAFE.chars() {
            assert!(is_unsafe(char), "{char:?}");
        }
        for char in
            " a~\u{a0}\u{ac}\u{ae}ü\u{301}\u{5d0}\u{627}\u{2010}\u{2027}\u{2030}\u{4e2d}\u{1f600}".chars()
        {
            assert!(!is_unsafe(char), "{char:?}");
        }
    }
}
