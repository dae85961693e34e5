//! Content negotiation by the `accept` and `accept-encoding` headers (RFC 9110 §12.5).

/// Tells whether an `accept` header asks for HTML by name, and not more so for JSON. A bare `*/*` is a program.
///
/// ```
/// use carafe_lambda::negotiate::prefers_html;
///
/// assert!(prefers_html("text/html,application/xhtml+xml,*/*;q=0.8"));
/// assert!(!prefers_html("application/json, text/html"));
/// assert!(!prefers_html("*/*"));
/// ```
pub fn prefers_html(accept: &str) -> bool {
    let json = quality(accept, "application/json").max(quality(accept, "application/problem+json"));
    match (quality(accept, "text/html"), json) {
        (Some(html), Some(json)) => html > json,
        (Some(html), None) => html > 0,
        (None, _) => false,
    }
}

/// Tells whether these `accept-encoding` headers take gzip, and not less gladly than what is not compressed
/// (RFC 9110 §12.5.3).
///
/// ```
/// use carafe_lambda::negotiate::prefers_gzip;
///
/// assert!(prefers_gzip(["gzip, deflate, br"]));
/// assert!(!prefers_gzip(["gzip;q=0, *"]));
/// assert!(!prefers_gzip([]));
/// ```
pub fn prefers_gzip<'a>(accept_encoding: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut gzip, mut identity, mut others) = (None, None, None);
    let mut x_gzip = None;
    for list in accept_encoding {
        gzip = gzip.max(quality(list, "gzip"));
        // The same by its old name (§8.4.1.3), which cannot take back what is said of the new one.
        x_gzip = x_gzip.max(quality(list, "x-gzip"));
        identity = identity.max(quality(list, "identity"));
        others = others.max(quality(list, "*"));
    }
    // The plain form is acceptable unless it is refused, but a client that names a coding prefers that.
    let gzip = gzip.or(x_gzip).or(others).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// Returns the weight of a media type or coding that is asked for by name, in thousandths.
fn quality(accept: &str, wanted: &str) -> Option<u16> {
    let mut ranges = accept.split(',').map(|range| range.split(';').map(str::trim));
    ranges.find_map(|mut parts| {
        parts.next().filter(|name| name.eq_ignore_ascii_case(wanted))?;
        let weight = parts.find_map(|part| {
            let (name, weight) = part.split_once('=').unwrap_or((part, ""));
            name.trim_end().eq_ignore_ascii_case("q").then(|| weight.trim_start())
        });
        Some(weight.map_or(1000, thousandths))
    })
}

/// Reads a weight (RFC 9110 §12.4.2); one that is malformed counts as zero. A number in floating point would bring 14 KB
/// of tables into every program.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    let fraction =
        fraction.bytes().zip([100, 10, 1]).map(|(digit, unit)| u16::from(digit - b'0') * unit).sum();
    match whole {
        "0" => fraction,
        "1" if fraction == 0 => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{prefers_gzip, prefers_html};

    #[test]
    fn clients_get_gzip_that_take_it() {
        for (accepted, gzip) in [
            (&["gzip"][..], true),
            (&["GZip"], true),
            (&["x-gzip"], true),
            (&["br, gzip;q=0.5, deflate"], true),
            (&["gzip, deflate, br, zstd"], true),
            (&["br", "gzip"], true),
            (&["*"], true),
            (&["gzip;q=0.001"], true),
            (&["gzip ; q=1.0"], true),
            (&["identity;q=0.5, gzip"], true),
            (&["identity, gzip"], true),
            (&["identity, *"], true),
            (&[], false),
            (&[""], false),
            (&["br"], false),
            (&["identity"], false),
            (&["gzip;q=0"], false),
            (&["gzip;q=0.000, *"], false),
            (&["gzip;Q=0"], false),
            (&["gzip;q=much"], false),
            (&["gzip;q=1.5"], false),
            (&["gzip;q=0.5000"], false),
            (&["gzip;q="], false),
            (&["gzip; q = 0"], false),
            (&["gzip;q =0"], false),
            (&["gzip;q= 0.000"], false),
            (&["gzip;q"], false),
            (&["gzip; q = 0.5"], true),
            (&["gzip;q=0, x-gzip"], false),
            (&["x-gzip, gzip;q=0"], false),
            (&["x-gzip", "gzip;q=0"], false),
            (&["x-gzip;q=0", "gzip"], true),
            (&["x-gzip;q=0, *"], false),
            (&["gzip;q=0.5, identity;q=0.49"], true),
            (&["gzip;q=0.49, identity;q=0.5"], false),
            (&["*;q=0"], false),
            (&["identity, gzip;q=0.5"], false),
            (&["gzipped"], false),
            (&["deflate", "gzip"], true),
            (&["identity;q=0, gzip;q=0.001"], true),
            (&["gzip, *;q=0"], true),
            (&["gzip;q=0", "*"], false),
            (&["br, deflate, zstd"], false),
            (&["gzipped, xgzip"], false),
        ] {
            assert_eq!(prefers_gzip(accepted.iter().copied()), gzip, "{accepted:?}");
        }
    }

    #[test]
    fn browsers_get_a_page() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("*/*", false),
            ("application/json", false),
            ("application/json, text/html", false),
            ("application/problem+json, text/html", false),
            ("application/problem+json;q=0.2, application/json;q=0.1, text/html;q=0.15", false),
            ("application/json;q=0.5, text/html", true),
            ("text/html;q=0", false),
            ("text/html; q = 0", false),
            ("text/html; q = 0.9, application/json;q=0.8", true),
            ("text/html;level=1;q=0, */*", false),
            ("TEXT/HTML; q=0.1", true),
            ("application/json;q=0.85, text/html;q=0.9", true),
            ("application/json;q=0.123, text/html;q=0.122", false),
            ("application/json;q=0.999, text/html;q=1.000", true),
            ("text/html;q=0.", false),
            ("text/html;q=x", false),
            ("text/html;q=-1", false),
            ("text/html;q=inf", false),
            ("", false),
        ] {
            assert_eq!(prefers_html(accept), html, "{accept}");
        }
    }
}
