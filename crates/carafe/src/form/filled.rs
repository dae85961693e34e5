//! A form as a page shows it: with the texts in its fields, and what is wrong with them.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};

use crate::error::{Error, Fault, Result, is_secret};
use crate::request::{FormData, Part, Request};

/// The texts of a form's fields, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts(Vec<(String, Vec<String>)>);

/// A form as a page shows it: the texts in its fields, and what is wrong with them. [`Error::show`] makes one of a form that was
/// refused, [`FilledForm::of`] of what is to be edited, and [`FilledForm::default`] is empty.
///
/// A template that gets it as `form` has
///
/// - `form.texts.title`, the text of the field, the last one if there are several; empty where there is none;
/// - `form.lists.tag`, all texts of the field;
/// - `form.faults.title`, the sentence that says what is wrong; empty where nothing is;
/// - `form.message`, the sentence for the whole form; empty if it was not refused.
///
/// Fields whose name contains `password`, `passwd`, `passphrase`, `secret` or `token` are left out, and so are files.
///
/// ```
/// use carafe::FilledForm;
///
/// #[derive(serde::Serialize)]
/// struct Post { title: String, stars: u8, draft: bool }
///
/// let form = FilledForm::of(&Post { title: "Hi".to_owned(), stars: 3, draft: false })?;
/// assert_eq!(form.text("stars"), "3");
/// assert_eq!(form.text("draft"), "", "as an unticked checkbox");
/// # Ok::<(), carafe::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledForm {
    message: String,
    texts: Texts,
    faults: Vec<Fault>,
}

impl FilledForm {
    /// Fills a form with the fields of a struct or map, as it would be typed.
    ///
    /// # Errors
    ///
    /// The value cannot be written as a JSON object.
    pub fn of(values: &(impl Serialize + ?Sized)) -> Result<FilledForm> {
        // As text and back: in a `Value` an `f32` has digits that nobody typed.
        let values: Value = serde_json::from_str(&serde_json::to_string(values)?)?;
        let texts = values.as_object().map(Texts::of_json).unwrap_or_default();
        Ok(FilledForm { texts, ..FilledForm::default() })
    }

    /// Makes the form of a refusal.
    pub(super) fn of_error(error: &Error) -> FilledForm {
        FilledForm {
            message: error.message().to_owned(),
            texts: error.attached::<Texts>().cloned().unwrap_or_default(),
            faults: error.faults().to_vec(),
        }
    }

    /// Adds what is wrong with a field, in a sentence for whoever fills it in.
    ///
    /// ```
    /// use carafe::{App, FilledForm, Form, Html, Result, post, routes};
    ///
    /// #[derive(serde::Deserialize, serde::Serialize)]
    /// struct Post { title: String }
    ///
    /// #[post("/posts")]
    /// fn create(post: Form<Post>) -> Result<String> {
    ///     if post.title == "News" {
    ///         let form = FilledForm::of(&post.0)?.with_fault("title", "There is a post of this title");
    ///         return Err(form.refused().show(page));
    ///     }
    ///     Ok("Thank you".to_owned())
    /// }
    ///
    /// fn page(form: FilledForm) -> Html<String> {
    ///     Html(form.fault("title"))
    /// }
    ///
    /// let reply = App::new().routes(routes![create]).test().post("/posts").form(&[("title", "News")]).send();
    /// assert_eq!(reply.status(), 422);
    /// assert_eq!(reply.text(), "There is a post of this title");
    /// ```
    #[must_use]
    pub fn with_fault(mut self, name: impl Into<String>, sentence: impl Into<String>) -> FilledForm {
        self.faults.push(Fault {
            name: name.into(),
            place: "form field",
            expected: None,
            reason: Some(sentence.into()),
            got: None,
            missing: false,
            pointer: None,
            refused: true,
        });
        self
    }

    /// Makes the 422 that refuses the form for its faults.
    pub fn refused(self) -> Error {
        Error::of_faults(self.faults).attach(self.texts)
    }

    /// Returns the text of a field, the last one if there are several; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.texts(name).last().map_or("", String::as_str)
    }

    /// Returns all texts of a field.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[String] {
        self.texts.of_field(name).unwrap_or_default()
    }

    /// Returns what is wrong with a field, empty where nothing is: its sentences, one after the other.
    #[must_use]
    pub fn fault(&self, name: &str) -> String {
        self.faults().get(name).cloned().unwrap_or_default()
    }

    /// Returns what is wrong, by the names of the fields.
    #[must_use]
    pub fn faults(&self) -> BTreeMap<&str, String> {
        let mut faults: BTreeMap<&str, String> = BTreeMap::new();
        for fault in &self.faults {
            let sentences = faults.entry(self.field_of(fault)).or_default();
            if !sentences.is_empty() {
                sentences.push_str("; ");
            }
            sentences.push_str(&fault.reason());
        }
        faults
    }

    /// Returns the sentence for the whole form; empty if it was not refused.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the field that a fault belongs to: of the third tag, `tags[2]`, it is `tags`.
    fn field_of<'f>(&self, fault: &'f Fault) -> &'f str {
        let name = fault.name();
        let end = name.find(['.', '[']).filter(|_| fault.refused && self.texts.of_field(name).is_none());
        end.and_then(|end| name.get(..end)).unwrap_or(name)
    }
}

impl Texts {
    /// Returns what was typed: the texts of a request's form.
    pub(super) fn of(request: &Request) -> Texts {
        let mut texts = Texts::default();
        match request.form() {
            Ok(FormData::Pairs(pairs)) => {
                for pair in pairs {
                    texts.add(pair.name(), pair.value());
                }
            }
            Ok(FormData::Multipart(parts)) => {
                for (part, text) in parts.iter().filter_map(|part| Some((part, Part::text(part)?))) {
                    texts.add(part.name(), text);
                }
            }
            Ok(FormData::Json(map)) => return Texts::of_json(map),
            Ok(FormData::Empty) | Err(_) => {}
        }
        texts
    }

    fn of_json(values: &Map<String, Value>) -> Texts {
        let mut texts = Texts::default();
        values.iter().for_each(|(name, value)| texts.add_json(name, value));
        // Another crate may have serde_json keep the order in which they came.
        texts.0.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        texts
    }

    fn of_field(&self, name: &str) -> Option<&[String]> {
        let place = self.0.binary_search_by(|(own, _)| own.as_str().cmp(name)).ok()?;
        self.0.get(place).map(|(_, texts)| texts.as_slice())
    }

    /// Adds a text; fields come in the order of their names, as [`FormData`] and JSON objects have them.
    fn add(&mut self, name: &str, text: &str) {
        if is_secret(name) {
            return;
        }
        match self.0.last_mut() {
            Some((last, texts)) if last == name => texts.push(text.to_owned()),
            Some(_) | None => self.0.push((name.to_owned(), vec![text.to_owned()])),
        }
    }

    /// Adds a value as a form would send it.
    fn add_json(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.add(name, text),
            Value::Number(number) => self.add(name, &number.to_string()),
            Value::Bool(true) => self.add(name, "true"),
            Value::Array(values) => values.iter().for_each(|value| self.add_json(name, value)),
            Value::Null | Value::Bool(false) | Value::Object(_) => {}
        }
    }
}

impl Serialize for FilledForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lists: BTreeMap<&str, &[String]> =
            self.texts.0.iter().map(|(name, texts)| (name.as_str(), texts.as_slice())).collect();
        let texts =
            lists.iter().map(|(name, texts)| (*name, texts.last().map_or("", String::as_str))).collect();
        let mut form = serializer.serialize_struct("FilledForm", 4)?;
        form.serialize_field("message", &self.message)?;
        form.serialize_field("texts", &Named { values: texts })?;
        form.serialize_field("lists", &Named { values: lists })?;
        form.serialize_field("faults", &Named { values: self.faults() })?;
        form.end()
    }
}

/// A map by the names of fields. In a template what it does not have is empty, and not a variable that nobody gave.
struct Named<K, V> {
    values: BTreeMap<K, V>,
}

impl<K: AsRef<str> + Ord, V: Serialize + Default> Serialize for Named<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[cfg(feature = "templates")]
        if minijinja::value::serializing_for_value() {
            return in_template::object(&self.values).serialize(serializer);
        }
        serializer.collect_map(self.values.iter().map(|(name, value)| (name.as_ref(), value)))
    }
}

#[cfg(feature = "templates")]
mod in_template {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use minijinja::value::{Enumerator, Object, Serde, Value};
    use serde::Serialize;

    #[derive(Debug)]
    struct Fields {
        values: BTreeMap<Value, Value>,
        nothing: Value,
    }

    pub(super) fn object<K: AsRef<str>, V: Serialize + Default>(values: &BTreeMap<K, V>) -> Value {
        let pair = |(name, value): (&K, &V)| (Value::from(name.as_ref()), Value::from(Serde(value)));
        Value::from_object(Fields {
            values: values.iter().map(pair).collect(),
            nothing: Value::from(Serde(V::default())),
        })
    }

    impl Object for Fields {
        fn get_value(self: &Arc<Self>, name: &Value) -> Option<Value> {
            Some(self.values.get(name).unwrap_or(&self.nothing).clone())
        }

        fn enumerate(self: &Arc<Self>) -> Enumerator {
            Enumerator::Values(self.values.keys().cloned().collect())
        }
    }
}
