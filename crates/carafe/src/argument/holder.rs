//! Where a text comes from, and the message to the author of a struct that was expected to be one text.

/// What holds a text, or would have held it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Query,
    Form,
    /// A request without a body, where a form has no field ticked.
    NoBody,
    /// A JSON object without the key.
    JsonObject,
    /// The query, for a field of a struct.
    QueryField,
    /// A form, for a field of a struct.
    FormField,
    /// The environment, for a field of settings.
    Variable,
}

impl Holder {
    pub(super) fn is_form(self) -> bool {
        matches!(self, Holder::Form | Holder::NoBody | Holder::FormField)
    }

    /// Says that a struct of this name, or a map, cannot be here, and what to write instead.
    #[cold]
    pub(super) fn refuses(self, name: Option<&str>) -> String {
        let (what, inner) =
            (name.map_or("a map".to_owned(), |name| format!("`{name}`")), name.unwrap_or("…"));
        let (place, advice) = match self {
            Holder::Query => ("query parameter", format!("take `Query<{inner}>`")),
            Holder::Form => ("form field", format!("take `Form<{inner}>`")),
            Holder::NoBody => ("form field", format!("take `Form<{inner}>` or `Json<{inner}>`")),
            Holder::JsonObject => {
                return format!(
                    "{what} is looked for under this key; for the whole body take `Json<{inner}>`"
                );
            }
            Holder::QueryField => ("query parameter", "add `#[serde(flatten)]` to it".to_owned()),
            Holder::FormField => ("form field", "add `#[serde(flatten)]` to it".to_owned()),
            Holder::Variable => ("variable", "add `#[serde(flatten)]` to it".to_owned()),
        };
        format!("{what} has fields, and one {place} holds text: {advice}")
    }
}
