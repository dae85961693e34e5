//! Events of a load balancer in multi-value mode, borrowed, and answers to them.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lambda_runtime::Error;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// A text that stays where it is unless there is an escape in it.
#[derive(Debug, serde::Deserialize)]
struct Text<'e>(#[serde(borrow)] Cow<'e, str>);

/// The fields a handler asks for.
#[derive(Debug, serde::Deserialize)]
pub struct Event<'e> {
    #[serde(rename = "httpMethod", borrow)]
    pub method: Cow<'e, str>,
    #[serde(borrow)]
    pub path: Cow<'e, str>,
    #[serde(rename = "multiValueQueryStringParameters", borrow)]
    pub query: Pairs<'e>,
    #[serde(rename = "multiValueHeaders", borrow)]
    _headers: Pairs<'e>,
    #[serde(borrow)]
    body: Cow<'e, str>,
    #[serde(rename = "isBase64Encoded")]
    base64: bool,
}

impl Event<'_> {
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, Error> {
        if self.base64 {
            Ok(Cow::Owned(STANDARD.decode(&*self.body)?))
        } else {
            Ok(Cow::Borrowed(self.body.as_bytes()))
        }
    }
}

/// An object of arrays of texts, flat.
#[derive(Debug)]
pub struct Pairs<'e>(Vec<(Text<'e>, Vec<Text<'e>>)>);

impl Pairs<'_> {
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(|value| (&*name.0, &*value.0)))
    }
}

impl<'de: 'e, 'e> Deserialize<'de> for Pairs<'e> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<'e>, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of arrays of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::with_capacity(24);
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// `+` and `%XX` undone.
pub fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte == b'+' || byte == b'%') {
        return Cow::Borrowed(text);
    }
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, hex(after.first()), hex(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                rest = &after[2..];
                (high * 16 + low) as u8
            }
            (b'+', ..) => b' ',
            (other, ..) => *other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// What is answered.
pub enum Body<'b> {
    Text(&'b str),
    Bytes(&'b [u8]),
}

/// The whole answer as JSON.
pub fn answer(kind: &str, body: Body<'_>) -> Result<String, Error> {
    let len = match body {
        Body::Text(text) => text.len() + text.len() / 8,
        Body::Bytes(bytes) => bytes.len() * 4 / 3 + 4,
    };
    let mut json = String::with_capacity(160 + len);
    json.push_str(r#"{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"content-type":[""#);
    json.push_str(kind);
    match body {
        Body::Text(text) => {
            json.push_str(r#""]},"isBase64Encoded":false,"body":"#);
            let mut bytes = json.into_bytes();
            serde_json::to_writer(&mut bytes, text)?;
            json = String::from_utf8(bytes)?;
            json.push('}');
        }
        Body::Bytes(bytes) => {
            json.push_str(r#""]},"isBase64Encoded":true,"body":""#);
            STANDARD.encode_string(bytes, &mut json);
            json.push_str("\"}");
        }
    }
    Ok(json)
}
