//! The cookies that a client keeps, as far as an app with one host can tell (RFC 6265 §5).

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::SET_COOKIE;

use crate::cookies::decoded;

/// Cookies in the order in which they were set.
#[derive(Clone, Debug, Default)]
pub(super) struct Jar(Vec<Kept>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    name: String,
    value: String,
    path: String,
    secure: bool,
    expires: Option<SystemTime>,
}

impl Jar {
    /// Returns the value of a cookie, decoded: of several with the name, the one that is sent first.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut found: Vec<&Kept> =
            self.0.iter().filter(|kept| kept.name == name && kept.is_fresh()).collect();
        in_order(&mut found);
        found.first().map(|kept| decoded(&kept.value).into_owned())
    }

    /// Keeps and forgets what an answer says.
    pub(super) fn keep(&mut self, headers: &HeaderMap, https: bool) {
        for line in headers.get_all(SET_COOKIE) {
            let Some(kept) = line.to_str().ok().and_then(Kept::parse) else { continue };
            if !kept.is_acceptable(https) {
                continue;
            }
            let place = self.0.iter().position(|old| old.name == kept.name && old.path == kept.path);
            match (place, kept.is_fresh()) {
                (Some(place), true) => {
                    // RFC 6265 §5.3: it counts as old as the one it replaces.
                    self.0.insert(place, kept);
                    self.0.remove(place + 1);
                }
                (Some(place), false) => drop(self.0.remove(place)),
                (None, true) => self.0.push(kept),
                (None, false) => {}
            }
        }
    }

    /// Returns the `cookie` header for a path, if there is any; `own` are those of the request alone.
    pub(super) fn header(&self, path: &str, https: bool, own: &[(String, String)]) -> Option<String> {
        let kept = self.0.iter().filter(|kept| {
            kept.is_for(path)
                && kept.is_fresh()
                && (https || !kept.secure)
                && own.iter().all(|(name, _)| *name != kept.name)
        });
        let mut kept: Vec<&Kept> = kept.collect();
        in_order(&mut kept);
        let pairs: Vec<String> = kept
            .into_iter()
            .map(|kept| (&kept.name, &kept.value))
            .chain(own.iter().map(|(name, value)| (name, value)))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// Sorts cookies as browsers send them: longer paths first, then older ones (RFC 6265 §5.4).
fn in_order(cookies: &mut [&Kept]) {
    cookies.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
}

impl Kept {
    fn parse(line: &str) -> Option<Kept> {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let mut kept = Kept {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: false,
            expires: None,
        };
        let mut max_age = None;
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            match attribute.to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') => value.clone_into(&mut kept.path),
                "secure" => kept.secure = true,
                "expires" => kept.expires = httpdate::parse_http_date(value).ok(),
                "max-age" => max_age = value.parse::<i64>().ok(),
                _ => {}
            }
        }
        // RFC 6265 §5.3: the age counts more than the date.
        if let Some(age) = max_age {
            let age = u64::try_from(age).unwrap_or(0);
            kept.expires = SystemTime::now().checked_add(Duration::from_secs(age));
        }
        Some(kept)
    }

    /// Returns whether a browser takes it: RFC 6265bis §5.7 on secure cookies and prefixes.
    fn is_acceptable(&self, https: bool) -> bool {
        let prefixed =
            |prefix: &str| self.name.get(..prefix.len()).is_some_and(|own| own.eq_ignore_ascii_case(prefix));
        let needs_secure = prefixed("__Secure-") || prefixed("__Host-");
        (https || !self.secure)
            && (self.secure || !needs_secure)
            && (!prefixed("__Host-") || self.path == "/")
    }

    fn is_fresh(&self) -> bool {
        self.expires.is_none_or(|expires| expires > SystemTime::now())
    }

    /// Returns whether the cookie's path is the request's or above it (RFC 6265 §5.1.4).
    fn is_for(&self, path: &str) -> bool {
        path.strip_prefix(self.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn kept(lines: &[&'static str], https: bool) -> Jar {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(SET_COOKIE, HeaderValue::from_static(line));
        }
        let mut jar = Jar::default();
        jar.keep(&headers, https);
        jar
    }

    #[test]
    fn cookies_go_where_they_are_for() {
        let jar = kept(&["a=1; Path=/", "b=2; Path=/admin", "c=3; Secure"], true);
        assert_eq!(jar.header("/", true, &[]).as_deref(), Some("a=1; c=3"));
        assert_eq!(jar.header("/", false, &[]).as_deref(), Some("a=1"));
        assert_eq!(jar.header("/admin/x", false, &[]).as_deref(), Some("b=2; a=1"));
        assert_eq!(jar.header("/administrator", false, &[]).as_deref(), Some("a=1"));
        let own = [("a".to_owned(), "9".to_owned())];
        assert_eq!(jar.header("/", false, &own).as_deref(), Some("a=9"));
    }

    #[test]
    fn cookies_end() {
        let jar = kept(
            &["a=1", "a=; Max-Age=0", "b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "c=3; Max-Age=60"],
            true,
        );
        assert_eq!((jar.get("a"), jar.get("b"), jar.get("c").as_deref()), (None, None, Some("3")));
        let jar = kept(&["a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=2; Path=/x"], true);
        assert_eq!(jar.header("/x", true, &[]).as_deref(), Some("a=2; a=1"));
    }

    #[test]
    fn of_equal_names_the_one_for_the_longest_path_counts() {
        let jar = kept(&["a=1; Path=/", "a=2%20; Path=/x/y", "a=3; Path=/x"], true);
        assert_eq!(jar.get("a").as_deref(), Some("2 "));
        assert_eq!(jar.header("/x/y", true, &[]).as_deref(), Some("a=2%20; a=3; a=1"));
        let jar = kept(&["a=1; Path=/x", "b=1; Path=/", "a=2; Path=/x/y; Max-Age=0", "a=3; Path=/"], true);
        assert_eq!(jar.get("a").as_deref(), Some("1"));
        // One that is set again keeps its place.
        let jar = kept(&["a=1", "b=1", "a=2"], true);
        assert_eq!(jar.header("/", true, &[]).as_deref(), Some("a=2; b=1"));
    }

    #[test]
    fn what_a_browser_refuses_is_not_kept() {
        let jar = kept(&["a=1; Secure", "__Host-b=2; Path=/", "__Secure-c=3"], false);
        assert_eq!((jar.get("a"), jar.get("__Host-b"), jar.get("__Secure-c")), (None, None, None));
        let jar = kept(&["__Host-b=2; Path=/; Secure", "__Host-c=2; Path=/x; Secure"], true);
        assert_eq!((jar.get("__Host-b").as_deref(), jar.get("__Host-c")), (Some("2"), None));
    }
}
