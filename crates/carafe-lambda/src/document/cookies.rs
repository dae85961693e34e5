//! Several `Set-Cookie` headers in one answer (`docs/alb.md` §3.3).

use http::header::{self, HeaderMap, HeaderValue};

/// The number of spellings of `set-cookie` that differ in letter case only: it has nine letters.
pub(super) const SPELLINGS: usize = 512;

/// Returns the cookies to send: of those with the same name, domain and path only the last, because a load balancer may
/// reverse their order.
pub(super) fn last_of_each(headers: &HeaderMap) -> Vec<&HeaderValue> {
    let all: Vec<&HeaderValue> = headers.get_all(header::SET_COOKIE).iter().collect();
    if all.len() < 2 {
        return all;
    }
    let mut seen = std::collections::HashSet::with_capacity(all.len());
    let mut kept: Vec<&HeaderValue> =
        all.into_iter().rev().filter(|cookie| seen.insert(identity(cookie.as_bytes()))).collect();
    kept.reverse();
    kept
}

/// Returns name, domain and path, which together identify a cookie (RFC 6265 §5.3, step 11).
fn identity(cookie: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut pieces = cookie.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let pair = pieces.next().unwrap_or_default();
    let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii().to_vec();
    let (mut domain, mut path) = (Vec::new(), Vec::new());
    for piece in pieces {
        let mut halves = piece.splitn(2, |byte| *byte == b'=');
        let attribute = halves.next().unwrap_or_default().trim_ascii();
        let value = halves.next().unwrap_or_default().trim_ascii();
        if attribute.eq_ignore_ascii_case(b"domain") {
            domain = value.strip_prefix(b".").unwrap_or(value).to_ascii_lowercase();
        } else if attribute.eq_ignore_ascii_case(b"path") {
            path = value.to_vec();
        }
    }
    (name, domain, path)
}

/// Returns the name that a cookie is sent under in single-value mode: `set-cookie`, with the bits of its number as
/// capitals. A JSON object has one value for each name, so only letter case makes room for several cookies.
pub(super) fn spelling(number: usize) -> String {
    let mut bit = 0;
    "set-cookie"
        .chars()
        .map(|letter| {
            if !letter.is_ascii_alphabetic() {
                return letter;
            }
            let capital = number >> bit & 1 == 1;
            bit += 1;
            if capital { letter.to_ascii_uppercase() } else { letter }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{SPELLINGS, last_of_each, spelling};
    use http::header::{HeaderMap, HeaderValue, SET_COOKIE};

    #[test]
    fn all_spellings_differ() {
        let all: std::collections::HashSet<String> = (0..SPELLINGS).map(spelling).collect();
        assert_eq!(all.len(), SPELLINGS);
        assert_eq!(spelling(0), "set-cookie");
        assert!(all.iter().all(|name| name.eq_ignore_ascii_case("set-cookie")));
    }

    #[test]
    fn the_last_of_the_same_cookie_stays() {
        let mut headers = HeaderMap::new();
        for cookie in
            ["a=1; Path=/", "b=2", "a=2; path=/x", "a=3; PATH=/; Secure", "a=4; Domain=.Example.com; Path=/"]
        {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        let kept: Vec<_> = last_of_each(&headers).iter().filter_map(|value| value.to_str().ok()).collect();
        assert_eq!(kept, ["b=2", "a=2; path=/x", "a=3; PATH=/; Secure", "a=4; Domain=.Example.com; Path=/"]);
    }
}
