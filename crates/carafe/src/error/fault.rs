//! An argument or field that could not be read, as messages, documents and pages tell it.

use std::borrow::Cow;
use std::fmt;

/// An argument, or a field of a form or query, that could not be read.
///
/// ```
/// use carafe::{App, get, routes};
///
/// #[get("/search")]
/// fn search(page: u32) -> String {
///     page.to_string()
/// }
///
/// let reply = App::new().routes(routes![search]).test().get("/search?page=two").send();
/// let document: serde_json::Value = reply.json();
/// assert_eq!(document["errors"][0]["name"], "page");
/// assert_eq!(document["errors"][0]["place"], "query parameter");
/// assert_eq!(document["errors"][0]["expected"], "a whole number from 0 to 4294967295");
/// assert_eq!(document["errors"][0]["got"], "two");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(crate) name: String,
    pub(crate) place: &'static str,
    pub(crate) expected: Option<Cow<'static, str>>,
    pub(crate) reason: Option<String>,
    pub(crate) got: Option<String>,
    pub(crate) missing: bool,
    pub(crate) pointer: Option<String>,
    /// Set where the value could be read and is refused.
    pub(crate) refused: bool,
}

impl Fault {
    /// Returns the name of the parameter or field, at most 80 characters of it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the JSON pointer (RFC 6901) to the field in a JSON body, such as `/tags/2`; `None` elsewhere.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }

    /// Returns where it was looked for: `query parameter`, `form field`, `JSON field` or `path parameter`.
    #[must_use]
    pub fn place(&self) -> &'static str {
        self.place
    }

    /// Returns what was expected, such as `a whole number from 0 to 255`; or the whole reason where the type has words
    /// of its own.
    #[must_use]
    pub fn expected(&self) -> &str {
        self.expected.as_deref().or(self.reason.as_deref()).unwrap_or_default()
    }

    /// Returns the sentence without place and name, for a page that has it beside the field.
    #[must_use]
    pub fn reason(&self) -> String {
        self.words().to_string()
    }

    fn words(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| {
            if self.missing {
                f.write_str("is missing: ")?;
            }
            if let Some(reason) = &self.reason {
                return f.write_str(reason);
            }
            write!(f, "expected {}", self.expected())?;
            match self.got.as_deref() {
                Some("") => f.write_str(", got an empty value"),
                Some(got) => write!(f, ", got `{got}`"),
                None => Ok(()),
            }
        })
    }

    /// Returns what came, at most 80 characters of it; `None` where nothing came.
    #[must_use]
    pub fn got(&self) -> Option<&str> {
        self.got.as_deref()
    }
}

/// The sentence for a person: name, what was expected, what came.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.missing { "" } else { ":" };
        match &*self.name {
            "" => write!(f, "{}{colon} {}", self.place, self.words()),
            name => write!(f, "{} `{name}`{colon} {}", self.place, self.words()),
        }
    }
}

/// Returns whether a variable of this name may hold a secret. Of a key only its use tells whether it is one, or the key of a table.
pub(crate) fn may_be_secret(variable: &str) -> bool {
    let name = variable.to_ascii_lowercase();
    is_secret(variable) || ["key", "pass", "pwd", "credential"].iter().any(|word| name.contains(word))
}

/// Returns whether a parameter or field of this name holds what no page and no message repeats.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passwd", "passphrase", "secret", "token"].iter().any(|word| name.contains(word))
}
