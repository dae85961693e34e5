//! Words of a type that give a value away: what a type says of a password, or of an address with one in it, may repeat it.

use crate::error::may_be_secret;

/// The longest value that is searched, in bytes. Of a longer one the words count as a repetition.
const SEARCHED: usize = 4096;

/// Returns whether words repeat a value, or a piece between its commas: as it is, or escaped as types escape what they quote.
pub(super) fn quotes(words: &str, value: &str) -> bool {
    if value.len() > SEARCHED {
        return true;
    }
    // Clients and logs get only the start of the words.
    let words = &words[..words.floor_char_boundary(2 * SEARCHED)];
    let mut pieces = value.split(',').map(str::trim).chain([value]).filter(|piece| !piece.is_empty());
    pieces.any(|piece| {
        let quoted = format!("{piece:?}");
        words.contains(piece)
            || words.contains(quoted.trim_matches('"'))
            || words.contains(&piece.escape_debug().to_string())
            || words.contains(&piece.escape_default().to_string())
    })
}

/// The shortest piece of a value that counts where the words say no more of it, in characters: shorter ones are in any sentence.
const PIECE: usize = 6;

/// Returns whether a sentence has a piece of a value, such as the password of an address. Pieces of its name do not count, as in
/// "the password is too short".
pub(super) fn shares(words: &str, name: &str, value: &str) -> bool {
    if value.len() > SEARCHED {
        return true;
    }
    // The scheme of an address is public, and words often name the one that is expected. In a secret, what looks like a scheme is
    // part of the secret.
    let is_scheme = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(fits)
    };
    let value = match value.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) && !may_be_secret(name) => rest,
        Some(_) | None => value,
    };
    let name = name.to_ascii_lowercase();
    let ends = words.char_indices().map(|(at, _)| at).chain([words.len()]);
    let ends: Vec<usize> = ends.collect();
    let mut pieces = ends.iter().zip(ends.iter().skip(PIECE)).filter_map(|(&from, &to)| words.get(from..to));
    pieces.any(|piece| value.contains(piece) && !name.contains(&piece.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_of_an_address_is_no_secret_and_the_start_of_a_password_is_one() {
        let words = "it has to begin with `postgres://`";
        assert!(!shares(words, "DATABASE_URL", "postgres://db"));
        assert!(shares(words, "DATABASE_PASSWORD", "postgres://db"));
        assert!(shares("hunter2 is no port", "password", "hunter2://x"));
        assert!(shares("hunter2 is no port", "API_KEY", "hunter2://x"));
    }

    #[test]
    fn a_value_is_found_as_it_is_and_as_types_quote_it() {
        for (words, value) in [
            ("no se\\same", "se\\same"),
            ("no sesame", "x, sesame ,y"),
            ("no \"se\\\"same\"", "se\"same"),
            ("no se\\'same", "se'same"),
            ("no s\\u{e9}same", "sésame"),
        ] {
            assert!(quotes(words, value), "{words} {value}");
        }
        assert!(!quotes("no sesame", "barley"));
        assert!(!quotes("no sesame", ",, ,"));
    }

    #[test]
    fn a_long_value_counts_as_repeated_and_the_end_of_long_words_is_not_searched() {
        let value = "x".repeat(SEARCHED);
        assert!(!quotes("too long", &value) && !shares("too long", "key", &value));
        let value = "x".repeat(SEARCHED + 1);
        assert!(quotes("too long", &value) && shares("too long", "key", &value));
        let behind = |len: usize| "y".repeat(len) + "sesame";
        assert!(quotes(&behind(2 * SEARCHED - 6), "sesame") && !quotes(&behind(2 * SEARCHED), "sesame"));
    }

    #[test]
    fn a_piece_counts_unless_it_is_of_the_scheme_or_the_name() {
        for (name, words, value, found) in [
            ("DB_URL", "expected postgres", "postgres://u:sesame@h", false),
            ("DB_URL", "expected svn+ssh.2-x", "svn+ssh.2-x://u:sesame@h", false),
            ("DB_URL", "no sesame there", "postgres://u:sesame@h", true),
            ("DB_URL", "no sesam there", "postgres://u:sesame@h", false),
            ("DB_URL", "no open sesame there", "open sesame://h", true),
            ("DB_URL", "no 7sesame there", "7sesame://h", true),
            ("DB_URL", "no sésame there", "sésame://h", true),
            ("PASSWORD", "the password is short", "1password", false),
        ] {
            assert_eq!(shares(words, name, value), found, "{words} {value}");
        }
    }
}
