//! Places in which a plain argument is looked for. Nothing is opened before an argument asks: a handler without form fields never
//! touches the body.

use http::Method;

use super::field::{Field, FormValue, Read};
use super::holder::Holder;
use super::mismatch::JSON_FIELD;
use crate::error::Result;
use crate::request::{FormData, Request};

/// A place in the request and the name to look for in it.
pub trait Place: Copy + Send {
    /// The type of what is found there.
    type Found<'r>: Read<'r>;

    /// Set where the place holds nothing but text, so that a struct cannot be in it.
    const ONLY_TEXT: Option<OnlyText>;

    /// Returns the place's name for messages: "query parameter", "form field".
    fn what(self, request: &Request) -> &'static str;

    /// Returns the name to look for.
    fn name(self) -> &'static str;

    /// Looks.
    ///
    /// # Errors
    ///
    /// 400 or 415 when the request does not have this place in a readable form.
    fn open(self, request: &Request) -> Result<Self::Found<'_>>;
}

/// A place that holds nothing but text.
#[derive(Clone, Copy, Debug)]
pub enum OnlyText {
    Path,
    Query,
}

/// The value of the pattern's parameter at this index.
#[derive(Clone, Copy, Debug)]
pub struct InPath(pub usize, pub &'static str);

impl Place for InPath {
    type Found<'r> = Field<'r>;

    const ONLY_TEXT: Option<OnlyText> = Some(OnlyText::Path);

    fn what(self, _: &Request) -> &'static str {
        "path parameter"
    }

    fn name(self) -> &'static str {
        self.1
    }

    fn open(self, request: &Request) -> Result<Field<'_>> {
        Ok(Field::one(self.1, request.path_value(self.0)))
    }
}

/// A query parameter.
#[derive(Clone, Copy, Debug)]
pub struct InQuery(pub &'static str);

impl Place for InQuery {
    type Found<'r> = Field<'r>;

    const ONLY_TEXT: Option<OnlyText> = Some(OnlyText::Query);

    fn what(self, _: &Request) -> &'static str {
        "query parameter"
    }

    fn name(self) -> &'static str {
        self.0
    }

    fn open(self, request: &Request) -> Result<Field<'_>> {
        Ok(Field::among(self.0, request.query_pairs()))
    }
}

/// A form field: urlencoded, multipart, or the same-named key of a JSON object.
#[derive(Clone, Copy, Debug)]
pub struct InForm(pub &'static str);

impl Place for InForm {
    type Found<'r> = FormValue<'r>;

    const ONLY_TEXT: Option<OnlyText> = None;

    fn what(self, request: &Request) -> &'static str {
        match request.form() {
            Ok(FormData::Json(_)) => JSON_FIELD,
            _ => "form field",
        }
    }

    fn name(self) -> &'static str {
        self.0
    }

    fn open(self, request: &Request) -> Result<FormValue<'_>> {
        Ok(match request.form()? {
            FormData::Empty => FormValue::Text(Field::one(self.0, None).held_by(Holder::NoBody)),
            FormData::Pairs(pairs) => FormValue::Text(Field::among(self.0, pairs).held_by(Holder::Form)),
            FormData::Multipart(parts) => FormValue::Text(Field::parts(self.0, parts).held_by(Holder::Form)),
            FormData::Json(map) => match map.get(self.0) {
                Some(value) => FormValue::Json(value),
                None => FormValue::Text(Field::one(self.0, None).held_by(Holder::JsonObject)),
            },
        })
    }
}

/// A query parameter or a form field, as the request's method has it: for routes that answer both kinds of method.
#[derive(Clone, Copy, Debug)]
pub struct ByMethod(pub &'static str);

impl ByMethod {
    fn in_form(request: &Request) -> bool {
        [Method::POST, Method::PUT, Method::PATCH].contains(request.method())
    }
}

impl Place for ByMethod {
    type Found<'r> = FormValue<'r>;

    const ONLY_TEXT: Option<OnlyText> = None;

    fn what(self, request: &Request) -> &'static str {
        if ByMethod::in_form(request) { InForm(self.0).what(request) } else { InQuery(self.0).what(request) }
    }

    fn name(self) -> &'static str {
        self.0
    }

    fn open(self, request: &Request) -> Result<FormValue<'_>> {
        if ByMethod::in_form(request) {
            InForm(self.0).open(request)
        } else {
            InQuery(self.0).open(request).map(FormValue::Text)
        }
    }
}
