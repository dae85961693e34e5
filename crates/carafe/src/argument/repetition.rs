//! Words of a type that give a value away: what a type says of a password, or of an address with one in it, may repeat it.

use crate::error::is_secret;

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
    // The scheme of an address is no secret, and words often name the one that is expected. A password is no address.
    let is_scheme = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(fits)
    };
    let value = match value.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) && !is_secret(name) => rest,
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
    use super::shares;

    #[test]
    fn the_scheme_of_an_address_is_no_secret_and_the_start_of_a_password_is_one() {
        let words = "it has to begin with `postgres://`";
        assert!(!shares(words, "DATABASE_URL", "postgres://db"));
        assert!(shares(words, "DATABASE_PASSWORD", "postgres://db"));
        assert!(shares("hunter2 is no port", "password", "hunter2://x"));
    }
}
