//! Content negotiation by the `accept` header (RFC 9110 §12.5.1).

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

/// Returns the weight of a media type that is asked for by name, in thousandths.
fn quality(accept: &str, wanted: &str) -> Option<u16> {
    let mut ranges = accept.split(',').map(|range| range.split(';').map(str::trim));
    ranges.find_map(|mut parts| {
        parts.next().filter(|name| name.eq_ignore_ascii_case(wanted))?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some(weight.map_or(1000, thousandths))
    })
}

/// Reads a weight (RFC 9110 §12.4.2); one that is malformed counts as zero. A number in floating point would bring 14 KB
/// of tables into every program.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    let fraction =
        fraction.bytes().zip([100, 10, 1]).map(|(digit, unit)| u16::from(digit - b'0') * unit).sum();
    match whole {
        "0" => fraction,
        "1" => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::prefers_html;

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
