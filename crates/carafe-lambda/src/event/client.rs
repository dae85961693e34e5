//! Client addresses from `x-forwarded-for` (`docs/alb.md` §1.7).

use std::net::IpAddr;

/// Returns the address `trusted_proxies` places left of the right-most one.
pub(super) fn forwarded(header: &str, trusted_proxies: usize) -> Option<IpAddr> {
    address(header.rsplit(',').nth(trusted_proxies)?)
}

/// Reads an address with or without port; an IPv6 address with a port stands in brackets.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    text.parse().ok().or_else(|| text.rsplit_once(':')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::forwarded;

    #[test]
    fn address_forms() {
        for (header, proxies, address) in [
            ("203.0.113.7", 0, Some("203.0.113.7")),
            ("8.8.8.8, 1.1.1.1", 0, Some("1.1.1.1")),
            ("8.8.8.8, 1.1.1.1", 1, Some("8.8.8.8")),
            ("8.8.8.8, 1.1.1.1", 2, None),
            ("203.0.113.7:50123", 0, Some("203.0.113.7")),
            ("[2001:db8::1]:50123", 0, Some("2001:db8::1")),
            ("[2001:db8::1]", 0, Some("2001:db8::1")),
            ("2001:db8::1", 0, Some("2001:db8::1")),
            ("unknown", 0, None),
            ("1.2.3.4,", 0, None),
            ("[::1", 0, None),
            ("", 0, None),
        ] {
            let found = forwarded(header, proxies).map(|ip| ip.to_string());
            assert_eq!(found.as_deref(), address, "{header} {proxies}");
        }
    }
}
