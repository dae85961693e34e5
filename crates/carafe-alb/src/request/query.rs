//! The query of a request (rule 3): split, never decoded.

use std::collections::BTreeMap;

/// Returns every key with its values in the order of the request. `?flag` and `?flag=` are the same.
pub(super) fn split(query: &str) -> BTreeMap<&[u8], Vec<&[u8]>> {
    let mut keys = BTreeMap::<_, Vec<_>>::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        keys.entry(key.as_bytes()).or_default().push(value.as_bytes());
    }
    keys
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_captured() {
        let split = |query| -> Vec<(String, Vec<String>)> {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let keys = super::split(query).into_iter();
            keys.map(|(key, values)| (text(key), values.into_iter().map(text).collect())).collect()
        };
        let one = |key: &str, values: &[&str]| {
            (key.to_owned(), values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(split(""), []);
        assert_eq!(split("&"), []);
        assert_eq!(split("q=a+b%2B"), [one("q", &["a+b%2B"])]);
        assert_eq!(split("op=="), [one("op", &["="])]);
        assert_eq!(split("foo=1&foo&foo=2&foo=3"), [one("foo", &["1", "", "2", "3"])]);
        assert_eq!(split("b=1&&a;c=2&=v"), [one("", &["v"]), one("a;c", &["2"]), one("b", &["1"])]);
    }
}
