//! A value that is never printed.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::argument::mismatch::inner_name;

/// A value that is never printed: not by `{}` and `{:?}`, not as JSON or in a template, and not in the message that says that it
/// could not be read. [`Secret::reveal`] is the only way to it.
///
/// ```
/// use carafe::Secret;
///
/// #[derive(Debug, serde::Deserialize, serde::Serialize)]
/// struct Settings { user: String, password: Secret<String> }
///
/// let settings: Settings = serde_json::from_str(r#"{"user": "ann", "password": "1234"}"#)?;
/// assert_eq!(format!("{settings:?}"), r#"Settings { user: "ann", password: Secret(***) }"#);
/// assert_eq!(serde_json::to_string(&settings)?, r#"{"user":"ann","password":null}"#);
/// assert_eq!(settings.password.reveal(), "1234");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Makes a secret of a value.
    pub const fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// Returns the value.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Returns the value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Secret<T> {
        Secret(value)
    }
}

/// Writes `Secret(***)`.
impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// Writes `***`.
impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Writes nothing: the `null` of JSON.
impl<T> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret<T>, D::Error> {
        deserializer.deserialize_newtype_struct("Secret", Inside(PhantomData))
    }
}

struct Inside<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inside<T> {
    type Value = Secret<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a secret ({})", inner_name::<T>())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Secret<T>, D::Error> {
        // What serde says may repeat the value.
        let refused = |_| D::Error::custom(format_args!("expected a secret ({})", inner_name::<T>()));
        T::deserialize(deserializer).map(Secret).map_err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn nothing_prints_it() {
        let secret = Secret::new("hunter2".to_owned());
        let printed = [
            format!("{secret}"),
            format!("{secret:?}"),
            format!("{secret:#?}"),
            format!("{:?}", Some(secret.clone())),
            serde_json::to_string(&secret).unwrap(),
            serde_json::from_str::<Secret<u8>>(r#""hunter2""#).unwrap_err().to_string(),
            serde_json::from_str::<Secret<std::net::IpAddr>>(r#""hunter2""#).unwrap_err().to_string(),
        ];
        for text in printed {
            assert!(!text.contains("hunter"), "{text}");
        }
        assert_eq!((secret.reveal().as_str(), secret.clone().into_inner().as_str()), ("hunter2", "hunter2"));
    }
}
