//! Name and value pairs as the fields of a struct: a scalar takes the last of several values, a list takes all.
//!
//! For `#[serde(flatten)]`, `tag` and `untagged`, serde buffers values before their types are known: a `u32` then finds
//! the text `2` and refuses it. So where a buffered value did not fit, the struct is read once more, with that field as
//! the number or switch that its text looks like ([`Guesses`]).

use serde::de::Deserialize;

use super::attempts::{Attempts, Failed, Next};
use super::fields::{Fields, Struct};
use super::groups::Groups;
use super::mismatch::hints_of;
use crate::error::Result;

/// Reads a struct or map from fields, each name once. All fields at fault are in the error, as far as they can be found.
pub(crate) fn read<'r, T: Deserialize<'r>>(fields: Groups<'_, 'r>) -> Result<T> {
    let mut attempts: Option<Box<Attempts>> = None;
    let mut read_before = None;
    loop {
        let mut reader = Fields::new(fields, attempts.as_deref());
        let (outcome, hints) = hints_of(|| T::deserialize(Struct(&mut reader)));
        let (current, buffers) = (reader.current, reader.buffers);
        let read = match outcome {
            Ok(value) if attempts.is_none() && hints.is_empty() => return Ok(value),
            Ok(value) => {
                let attempts = attempts.get_or_insert_default();
                // A refusal that serde has swallowed: another variant of an enum, or a flattened `Option`, may fit better.
                if attempts.learn(&hints, fields) {
                    read_before = Some(value);
                    continue;
                }
                value
            }
            Err(mismatch) => {
                let attempts = attempts.get_or_insert_default();
                match (
                    attempts.learn_from(Failed { fields, mismatch, hints, current, buffers }),
                    read_before.take(),
                ) {
                    (Next::Again, before) => {
                        read_before = before;
                        continue;
                    }
                    (Next::Refused(_), Some(value)) => value,
                    (Next::Refused(refusal), None) => {
                        attempts.add(refusal)?;
                        continue;
                    }
                }
            }
        };
        return attempts.unwrap_or_default().finish().map(|()| read);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::super::groups::{Groups, Source};
    use super::read as read_groups;
    use crate::request::Pair;

    fn read<T: Deserialize<'static>>(pairs: &[(&'static str, &'static str)]) -> Result<T, String> {
        let mut pairs: Vec<Pair> = pairs.iter().map(|(name, value)| Pair::new(name, value, true)).collect();
        pairs.sort_by(|one, other| one.name().cmp(other.name()));
        read_groups(Groups::of_pairs(Source::Form, pairs.leak())).map_err(|error| error.message().to_owned())
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Page {
        page: u32,
        #[serde(default)]
        tag: Vec<String>,
        #[serde(default)]
        id: Vec<u8>,
        open: bool,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Flat {
        q: Option<String>,
        #[serde(flatten)]
        page: Page,
    }

    #[test]
    fn flattened_fields_are_read_as_their_types() {
        let page = Page { page: 2, tag: vec!["2".into()], id: vec![], open: true };
        assert_eq!(
            read::<Flat>(&[("q", "2"), ("page", "2"), ("tag", "2"), ("open", "true")]),
            Ok(Flat { q: Some("2".into()), page })
        );
        let page = Page { page: 3, tag: vec!["a".into(), "7".into()], id: vec![7, 8], open: false };
        let pairs = [("page", "3"), ("tag", "a"), ("tag", "7"), ("id", "7"), ("id", "8")];
        assert_eq!(read::<Flat>(&pairs), Ok(Flat { q: None, page }));
        assert!(read::<Flat>(&[("page", "x"), ("open", "true")]).unwrap_err().contains("u32"));
        assert!(read::<Flat>(&[("open", "true")]).unwrap_err().contains("`page` is missing"));
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    enum Tagged {
        Circle { radius: f64 },
        Text { text: String, bold: bool },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Untagged {
        Post { id: u32, zip: String },
        Name { name: String },
    }

    #[test]
    fn enums_are_read_as_their_types() {
        assert_eq!(read(&[("kind", "circle"), ("radius", "2")]), Ok(Tagged::Circle { radius: 2.0 }));
        assert_eq!(read(&[("kind", "circle"), ("radius", "2.5")]), Ok(Tagged::Circle { radius: 2.5 }));
        assert_eq!(
            read(&[("kind", "text"), ("text", "7"), ("bold", "false")]),
            Ok(Tagged::Text { text: "7".into(), bold: false })
        );
        assert_eq!(read(&[("id", "1"), ("zip", "abc")]), Ok(Untagged::Post { id: 1, zip: "abc".into() }));
        assert_eq!(read(&[("id", "1"), ("zip", "123")]), Ok(Untagged::Post { id: 1, zip: "123".into() }));
        assert_eq!(read(&[("name", "5")]), Ok(Untagged::Name { name: "5".into() }));
        assert!(read::<Untagged>(&[("x", "5")]).unwrap_err().contains("any variant"));
        assert!(read::<Tagged>(&[("kind", "square")]).unwrap_err().contains("`circle` or `text`"));
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Paging {
        page: u32,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct List {
        #[serde(flatten)]
        paging: Option<Paging>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged, expecting = "an id")]
    enum Id {
        Number { id: u32 },
        Name { id: String },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Any {
        name: String,
        data: Option<serde_json::Value>,
        stars: Option<u8>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Item {
        name: String,
        price: f64,
        open: bool,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct FlatItem {
        #[serde(flatten)]
        item: Item,
    }

    #[test]
    fn flattened_values_take_what_plain_ones_take() {
        for (open, expected) in
            [("1", true), ("0", false), ("yes", true), ("off", false), ("", true), ("on", true)]
        {
            for text in ["1.50", "007", "2"] {
                let price = text.parse().unwrap();
                let item = Item { name: text.into(), price, open: expected };
                assert_eq!(
                    read(&[("name", text), ("price", text), ("open", open)]),
                    Ok(FlatItem { item }),
                    "{open}"
                );
            }
        }
    }

    #[test]
    fn what_serde_swallows_is_learned_from() {
        assert_eq!(read(&[("page", "2")]), Ok(List { paging: Some(Paging { page: 2 }) }));
        assert_eq!(read::<List>(&[]), Ok(List { paging: None }));
        assert_eq!(read(&[("id", "5")]), Ok(Id::Number { id: 5 }));
        assert_eq!(read(&[("id", "x5")]), Ok(Id::Name { id: "x5".into() }));
        assert!(read::<Id>(&[("x", "5")]).is_err());
        // Fields that nobody reads do not matter, whatever they look like.
        let unread = [("a1", "1"), ("a2", "1"), ("a3", "1"), ("id", "1"), ("zip", "1")];
        assert_eq!(read(&unread), Ok(Untagged::Post { id: 1, zip: "1".into() }));
        let any = |stars| Any { name: "x".into(), data: None, stars };
        assert_eq!(read(&[("name", "x"), ("stars", "")]), Ok(any(None)));
        assert_eq!(read(&[("name", "x"), ("stars", "3")]), Ok(any(Some(3))));
    }

    #[test]
    fn what_is_no_number_is_told_from_numbers() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only what `Debug` prints counts")]
        struct Inner {
            a: u32,
            b: String,
            c: f64,
        }
        #[derive(Debug, Deserialize)]
        struct Outer {
            #[serde(flatten)]
            inner: Inner,
        }
        let Outer { inner } = read(&[("a", "5"), ("b", "nan"), ("c", "nan")]).unwrap();
        assert_eq!(format!("{inner:?}"), r#"Inner { a: 5, b: "nan", c: NaN }"#);
    }

    #[test]
    fn many_missing_fields_are_no_guesses() {
        macro_rules! settings {
            ($($name:ident)*) => {
                #[derive(Debug, Deserialize, PartialEq)]
                struct Settings { name: String, $($name: bool,)* }
                assert_eq!(read(&[("name", "x")]), Ok(Settings { name: "x".into(), $($name: false,)* }));
            };
        }
        settings!(a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
            d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 g0 g1);
    }

    #[test]
    fn words_that_repeat_a_secret_are_not_told() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "they are only read")]
        struct Login {
            password: Refused,
        }

        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "they are only read")]
        struct FlatLogin {
            #[serde(flatten)]
            login: Login,
        }

        #[derive(Debug, Deserialize)]
        #[serde(try_from = "String")]
        struct Refused;

        impl TryFrom<String> for Refused {
            type Error = String;

            fn try_from(text: String) -> Result<Refused, String> {
                Err(format!("{text:?} is too easy"))
            }
        }

        for value in ["hunter2", "hun\"ter2", "hunter2 ".repeat(40).leak()] {
            let pairs = [("name", "ann"), ("password", value)];
            for message in [read::<Login>(&pairs).unwrap_err(), read::<FlatLogin>(&pairs).unwrap_err()] {
                assert!(!message.contains("hun"), "{message}");
            }
        }
        let message = read::<Page>(&[("page", "300"), ("open", "1"), ("id", "300")]).unwrap_err();
        assert!(message.contains("`id`") && message.contains("300"), "{message}");
    }

    #[test]
    fn hostile_forms_cost_a_bounded_number_of_readings() {
        thread_local!(static READINGS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
        struct Counted;
        impl<'de> Deserialize<'de> for Counted {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Counted, D::Error> {
                READINGS.set(READINGS.get() + 1);
                Untagged::deserialize(deserializer).map(|_| Counted)
            }
        }
        let names: Vec<&'static str> = (0..3_000).map(|number| &*number.to_string().leak()).collect();
        let pairs: Vec<(&'static str, &'static str)> = names.iter().map(|name| (*name, "1")).collect();
        assert!(read::<Counted>(&pairs).is_err());
        assert!(READINGS.get() <= 66, "{}", READINGS.get());
    }

    #[test]
    fn many_blank_fields_of_a_map_cost_a_bounded_number_of_readings() {
        thread_local!(static READINGS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
        struct Amounts(BTreeMap<String, Option<u32>>);
        impl<'de> Deserialize<'de> for Amounts {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Amounts, D::Error> {
                READINGS.set(READINGS.get() + 1);
                BTreeMap::deserialize(deserializer).map(Amounts)
            }
        }
        let blank = |count: u32| -> Vec<(&'static str, &'static str)> {
            (0..count).map(|number| (&*format!("{number:05}").leak(), "")).collect()
        };
        let amounts = read::<Amounts>(&blank(300)).unwrap();
        assert!(amounts.0.len() == 300 && amounts.0.values().all(Option::is_none));
        READINGS.set(0);
        assert!(read::<Amounts>(&blank(20_000)).is_err());
        assert!(READINGS.get() <= 51, "{}", READINGS.get());
    }

    #[test]
    fn faults_among_many_fields_cost_a_bounded_number_of_readings() {
        macro_rules! counted {
            ($($name:ident)*) => {
                #[derive(Debug, Deserialize)]
                #[expect(dead_code, reason = "they are only read")]
                struct Settings { $($name: u32,)* }
            };
        }
        counted!(a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9);
        thread_local!(static READINGS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
        struct Counted;
        impl<'de> Deserialize<'de> for Counted {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Counted, D::Error> {
                READINGS.set(READINGS.get() + 1);
                Settings::deserialize(deserializer).map(|_| Counted)
            }
        }
        // Alone, all are named.
        let message = read::<Counted>(&[]).err().unwrap();
        assert!(message.contains("`a0`") && message.contains("`c9`"), "{message}");
        READINGS.set(0);
        let unread: Vec<(&'static str, &'static str)> =
            (0..50_000).map(|number| (&*format!("x{number}").leak(), "1")).collect();
        let message = read::<Counted>(&unread).err().unwrap();
        assert!(message.contains("`a0`"), "{message}");
        assert!(READINGS.get() <= 22, "{}", READINGS.get());
    }

    #[test]
    fn maps_keep_texts_and_fields_that_nobody_reads_do_not_matter() {
        let map = read::<BTreeMap<String, String>>(&[("a", "1"), ("b", "true")]).unwrap();
        assert_eq!(map.into_values().collect::<Vec<_>>(), ["1", "true"]);

        #[derive(Debug, Deserialize, PartialEq)]
        struct Only {
            a: String,
        }
        let pairs = vec![Pair::new("a", "x", true), Pair::new("b", "\u{fffd}", false)].leak();
        assert_eq!(read_groups(Groups::of_pairs(Source::Query, pairs)).ok(), Some(Only { a: "x".into() }));
        let pairs = vec![Pair::new("a", "\u{fffd}", false)].leak();
        let error = read_groups::<Only>(Groups::of_pairs(Source::Query, pairs)).unwrap_err();
        assert_eq!(error.message(), "query parameter `a`: expected UTF-8 text, got `\u{fffd}`");
    }
}
