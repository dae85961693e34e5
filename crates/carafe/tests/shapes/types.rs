//! The shapes: whatever serde can read from an object of scalars and lists.
#![allow(dead_code, reason = "only what `Debug` prints counts")]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::num::NonZeroU8;
use std::path::PathBuf;

use serde::de::{Error, IgnoredAny, Unexpected};
use serde::{Deserialize, Deserializer};

#[derive(Debug, Deserialize)]
pub(crate) struct Texts {
    a: String,
    b: Cow<'static, str>,
    c: Box<str>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Numbers {
    a: u8,
    b: i8,
    c: u16,
    d: i16,
    e: u32,
    f: i32,
    g: u64,
    h: i64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wide {
    a: u128,
    b: i128,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Floats {
    a: f32,
    b: f64,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    One,
    Two,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Odd {
    on: bool,
    letter: char,
    unit: Unit,
}

/// A text that has to begin with `u-`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct UserId(String);

impl TryFrom<String> for UserId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<UserId, &'static str> {
        if text.starts_with("u-") { Ok(UserId(text)) } else { Err("no user's id") }
    }
}

/// Half of the number that came.
#[derive(Debug, Deserialize)]
#[serde(from = "u32")]
pub(crate) struct Half(u32);

impl From<u32> for Half {
    fn from(number: u32) -> Half {
        Half(number / 2)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Parsed {
    ip: IpAddr,
    count: NonZeroU8,
    path: PathBuf,
    id: UserId,
    half: Half,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Options {
    a: Option<u32>,
    b: Option<Option<String>>,
    c: Option<Box<u8>>,
}

fn nine() -> u32 {
    9
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Defaults {
    a: u32,
    tags: Vec<String>,
    #[serde(default = "nine")]
    size: u32,
    #[serde(skip)]
    skipped: u8,
    map: Option<u8>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Named {
    per_page: u32,
    #[serde(alias = "oldName")]
    new_name: String,
    r#type: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strict {
    a: u8,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ignored {
    a: IgnoredAny,
    b: serde_json::Value,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Newtype<T>(T);

#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Transparent {
    inner: u8,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wrapped {
    a: Newtype<u8>,
    b: Newtype<Newtype<String>>,
    c: Newtype<Vec<u8>>,
    d: Transparent,
    e: Option<Newtype<u8>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Generic<T> {
    value: T,
    rest: Vec<T>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Lists {
    texts: Vec<String>,
    numbers: Vec<u8>,
    pair: (u8, u8),
    set: BTreeSet<u8>,
    #[serde(default)]
    kinds: Box<[Unit]>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Paging {
    page: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    page: u32,
    open: bool,
    ratio: f64,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    ids: Vec<u8>,
    unit: Option<Unit>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Flat<T> {
    q: Option<String>,
    #[serde(flatten)]
    rest: T,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Size {
    size: u8,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Two {
    name: String,
    #[serde(flatten)]
    paging: Paging,
    #[serde(flatten)]
    size: Option<Size>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Tagged {
    Circle { radius: f64 },
    Label { text: String, bold: bool, sizes: Vec<u8>, extra: Option<u8> },
    Page(Paging),
    Nothing,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub(crate) enum Adjacent {
    Number(u8),
    Text(String),
    List(Vec<u8>),
    Switch(bool),
    Nothing,
}

/// The content comes in front of the tag, by the order of names.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", content = "a_value", rename_all = "lowercase")]
pub(crate) enum AdjacentFirst {
    Number(u8),
    List(Vec<u8>),
    Switch(bool),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum External {
    Say(String),
    Count(u32),
    Both(u8, u8),
    All,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Post { id: u32, zip: String },
    Name { name: String },
    Flags { flags: Vec<bool> },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum IdOrName {
    Id(u32),
    Name(String),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WithOther {
    Known,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Inner<T> {
    value: T,
}

/// A switch or a text: which, tells the type alone.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OnOrName {
    On(bool),
    Name(String),
}

/// The text comes first, by the order of names.
#[derive(Debug, Deserialize)]
pub(crate) struct Alike<T> {
    a_text: String,
    value: T,
}

/// A number that no type of the standard library refuses by its value.
#[derive(Debug)]
pub(crate) struct Halves(f64);

impl<'de> Deserialize<'de> for Halves {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Halves, D::Error> {
        let value = f64::deserialize(deserializer)?;
        let unexpected = Unexpected::Float(value);
        if (value * 2.0).fract() == 0.0 {
            Ok(Halves(value))
        } else {
            Err(D::Error::invalid_value(unexpected, &"a half"))
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Borrowed<'a> {
    a: &'a str,
    b: Option<&'a str>,
    #[serde(borrow)]
    c: Cow<'a, str>,
    #[serde(borrow)]
    list: Vec<&'a str>,
}
