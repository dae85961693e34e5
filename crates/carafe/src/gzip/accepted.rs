//! Whether a client takes gzip (RFC 9110 §12.5.3).

use crate::Request;

/// Returns whether a client takes gzip, and not less gladly than the plain form.
pub(super) fn accepts(request: &Request) -> bool {
    let lines = request.headers().filter(|(name, _)| *name == "accept-encoding").map(|(_, value)| value);
    among(lines)
}

fn among<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    let (mut gzip, mut any, mut plain) = (None, None, None);
    for piece in lines.flat_map(|line| line.split(',')) {
        let mut parts = piece.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(1000, thousandths);
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            gzip = Some(weight);
        } else if name == "*" {
            any = Some(weight);
        } else if name.eq_ignore_ascii_case("identity") {
            plain = Some(weight);
        }
    }
    let gzip = gzip.or(any).unwrap_or_default();
    gzip > 0 && gzip >= plain.unwrap_or_default()
}

/// Reads a weight such as `0.5`; one that is malformed is none.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.parse()) {
        ("1", Ok(0)) => 1000,
        ("0", Ok(fraction)) if digits.len() == 3 => fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::among;

    #[test]
    fn who_takes_gzip() {
        for (lines, expected) in [
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
            (&["gzip;q=0.5, identity;q=0.49"], true),
            (&["gzip;q=0.49, identity;q=0.5"], false),
            (&["*;q=0"], false),
            (&["identity, gzip;q=0.5"], false),
            (&["gzipped"], false),
        ] {
            assert_eq!(among(lines.iter().copied()), expected, "{lines:?}");
        }
    }
}
